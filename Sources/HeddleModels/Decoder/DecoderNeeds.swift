import HeddleGraph
import HeddleText
import HeddleTypes

/// What building a decoder's graph asks for.
struct DecoderNeeds: Sendable {
  /// Tensors of the file, in the order of asking.
  let requests: [TensorRequest]
  /// Constants that no file has, by their names.
  let computed: NameTable<[Float]>
}

/// Constants that follow from a decoder's description, and that no file has.
final class ComputedConstants {
  private(set) var values: NameTable<[Float]> = [:]

  /// The constant of this name, one for all that ask for it.
  func add(_ name: String, _ numbers: [Float], to builder: GraphBuilder) throws(GraphError) -> Value? {
    values[name] = numbers
    let type = TensorType(.float32, [Dimension(numbers.count)])
    return try builder.apply(Constant(id: ConstantID(name), type: type), label: name).first
  }
}

extension DecoderGraph {
  /// `factor · x`; x itself if the factor is 1.
  func scaled(_ x: Value, _ factor: Float, _ name: String) throws(GraphError) -> Value {
    guard factor != 1, let number = try computed.add("heddle.\(name)", [factor], to: builder) else { return x }
    return try builder.multiply(x, number, label: name)
  }

  /// So many weights that change nothing.
  func ones(_ count: Int) throws(GraphError) -> Value? {
    let ones = [Float](filled: 1, count: count)  // Traps: never (clamped-count).
    return try computed.add("heddle.ones.\(count)", ones, to: builder)
  }

  /// The nearest of −limit…limit, as `limit − relu(2 · limit − relu(x + limit))`: off by at most two units in the last place of twice the
  /// limit. NaN stays; x itself if there is no limit.
  func clamped(_ x: Value, _ limit: Float?, _ name: String = "clamp") throws(GraphError) -> Value {
    guard let limit, let once = try computed.add("heddle.\(name)", [limit], to: builder),
      let twice = try computed.add("heddle.\(name)_twice", [2 * limit], to: builder)
    else { return x }
    let above = try builder.unary(.relu, builder.add(x, once, label: name), label: name)
    return try difference(once, builder.unary(.relu, difference(twice, above, name), label: name), name)
  }

  /// The lesser of each value and the limit, as `limit − relu(limit − x)`; NaN stays.
  func atMost(_ limit: Float, _ x: Value, _ name: String) throws(GraphError) -> Value {
    guard let once = try computed.add("heddle.\(name)", [limit], to: builder) else { return x }
    return try difference(once, builder.unary(.relu, difference(once, x, name), label: name), name)
  }

  private func difference(_ left: Value, _ right: Value, _ name: String) throws(GraphError) -> Value {
    try builder.add(builder.unary(.negate, right, label: name), left, label: name)
  }

  /// `cap · tanh(x / cap)`; x itself if there is no cap.
  func capped(_ x: Value, _ cap: Float?, _ name: String) throws(GraphError) -> Value {
    guard let cap else { return x }
    let shrunk = try scaled(x, 1 / cap, "\(name)_inverse")
    return try scaled(builder.unary(.tanh, shrunk, label: name), cap, name)
  }
}
