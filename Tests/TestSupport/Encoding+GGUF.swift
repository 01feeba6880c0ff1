import HeddleTypes

extension Encoding {
  /// Those of ``Encoding/weights`` that GGUF files have a type for.
  public static let weightsOfGGUF = weights.filter { $0.values.ggufNumber != nil }
}
