import HeddleFormats
import HeddleText
import HeddleTypes

/// The tensors of a file that are stored in a type Heddle cannot compute with yet.
public struct UnsupportedType: Hashable, Sendable {
  /// As the file's format spells it: `Q6_K`.
  public let type: String
  /// How many tensors have it.
  public let count: Int
  /// The first of them.
  public let example: String

  public init(type: String, count: Int, example: String) {
    self.type = type
    self.count = count
    self.example = example
  }
}

extension UnsupportedType {
  /// Names every type that keeps a file from running at once: an ordinary file mixes several.
  ///
  /// - Throws: ``ModelError/tensorTypes(_:supported:)``.
  static func requireNone(in file: ModelFile) throws(ModelError) {
    var types: [UnsupportedType] = []
    for tensor in file.tensors where tensor.encoding == nil {
      if let place = types.firstIndex(where: { $0.type == tensor.typeName }) {
        types.update(at: place) { $0 = UnsupportedType(type: $0.type, count: $0.count &+ 1, example: $0.example) }
      } else {
        types.append(UnsupportedType(type: tensor.typeName, count: 1, example: tensor.name))
      }
    }
    if !types.isEmpty { throw .tensorTypes(types, supported: Encoding.weights.map { $0.name.uppercased() }) }
  }
}
