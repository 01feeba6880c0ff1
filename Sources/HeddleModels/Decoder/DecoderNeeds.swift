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

  /// `cap · tanh(x / cap)`; x itself if there is no cap.
  func capped(_ x: Value, _ cap: Float?, _ name: String) throws(GraphError) -> Value {
    guard let cap else { return x }
    let shrunk = try scaled(x, 1 / cap, "\(name)_inverse")
    return try scaled(builder.unary(.tanh, shrunk, label: name), cap, name)
  }
}
