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
  func clamped(_ x: Value, _ limit: Float?) throws(GraphError) -> Value {
    guard let limit, let once = try computed.add("heddle.clamp", [limit], to: builder),
      let twice = try computed.add("heddle.clamp_twice", [2 * limit], to: builder)
    else { return x }
    func less(_ value: Value, _ from: Value) throws(GraphError) -> Value {
      try builder.add(builder.unary(.negate, value, label: "clamp"), from, label: "clamp")
    }
    let above = try builder.unary(.relu, builder.add(x, once, label: "clamp"), label: "clamp")
    return try less(builder.unary(.relu, less(above, twice), label: "clamp"), once)
  }

  /// `cap · tanh(x / cap)`; x itself if there is no cap.
  func capped(_ x: Value, _ cap: Float?, _ name: String) throws(GraphError) -> Value {
    guard let cap else { return x }
    let shrunk = try scaled(x, 1 / cap, "\(name)_inverse")
    return try scaled(builder.unary(.tanh, shrunk, label: name), cap, name)
  }
}
