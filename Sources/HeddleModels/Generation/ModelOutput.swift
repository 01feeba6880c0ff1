import HeddleGraph
import HeddleText
import HeddleTypes

/// Reads a step's outputs, and does not believe them.
enum ModelOutput {
  /// The logits, all finite.
  ///
  /// - Throws: ``ModelError/notFinite(token:position:)``, ``ModelError/missingOutput(_:)``.
  static func logits(_ outputs: NameTable<Tensor>, position: Int) throws -> [Float] {
    guard let tensor = outputs["logits"] else { throw ModelError.missingOutput("logits") }
    let logits = try tensor.floats()
    if let token = logits.firstIndex(where: { !$0.isFinite }) {
      throw ModelError.notFinite(token: token, position: position)
    }
    return logits
  }

  // Traps: never, a vocabulary is not empty.
  static func nextToken(_ outputs: NameTable<Tensor>, vocabulary: Int) throws -> Int {
    guard let id = try outputs["next_token"]?.integers().first else { throw ModelError.missingOutput("next_token") }
    guard (0..<vocabulary).contains(Int(id)) else { throw ModelError.tokenOutOfRange(Int(id), vocabulary: vocabulary) }
    return Int(id)
  }
}
