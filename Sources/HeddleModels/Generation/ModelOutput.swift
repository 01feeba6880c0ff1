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

  /// The device's choice, an argmax of the logits.
  ///
  /// - Parameter position: that of the token the logits come after.
  /// - Throws: ``ModelError/notFinite(token:position:)`` where argmax found a NaN, ``ModelError/missingOutput(_:)``,
  ///   ``ModelError/tokenOutOfRange(_:vocabulary:)``.
  static func nextToken(_ outputs: NameTable<Tensor>, vocabulary: Int, position: Int) throws -> Int {
    guard let tensor = outputs["next_token"], tensor.encoding == .int32, let choice = try tensor.integers().first else {
      throw ModelError.missingOutput("next_token")
    }
    let id = Int(choice)
    let ids = 0..<max(0, vocabulary)
    if ids.contains(-1 &- id) { throw ModelError.notFinite(token: -1 &- id, position: position) }
    guard ids.contains(id) else { throw ModelError.tokenOutOfRange(id, vocabulary: vocabulary) }
    return id
  }
}
