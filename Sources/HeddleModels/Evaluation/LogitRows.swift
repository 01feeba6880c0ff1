import HeddleText
import HeddleTypes
import RealModule

/// The logits of a step's tokens, `[T, V]` float32.
struct LogitRows {
  private let bytes: [UInt8]
  private let vocabulary: Int
  private let count: Int

  /// - Throws: ``ModelError/missingOutput(_:)`` if there is no such output, or it has another type.
  init(_ outputs: NameTable<Tensor>, count: Int, vocabulary: Int) throws(ModelError) {
    guard let tensor = outputs["all_logits"], tensor.encoding == .float32, tensor.shape == [count, vocabulary] else {
      throw .missingOutput("all_logits")
    }
    bytes = tensor.bytes
    self.vocabulary = vocabulary
    self.count = count
  }

  /// `−ln softmax(x)[token] = ln Σ exp(xᵥ − m) + m − x[token]` for a row x, m its greatest value; in float64.
  ///
  /// - Parameter position: the row's place in its window, for the error.
  /// - Throws: ``ModelError/notFinite(token:position:)``, ``ModelError/tokenOutOfRange(_:vocabulary:)``.
  func negativeLogLikelihood(of token: Int, row: Int, position: Int) throws(ModelError) -> Double {
    guard (0..<max(0, vocabulary)).contains(token), (0..<max(0, count)).contains(row) else {
      throw .tokenOutOfRange(token, vocabulary: vocabulary)
    }
    let result = bytes.withUnsafeBytes { all in
      let size = MemoryLayout<Float>.size
      let start = row &* vocabulary &* size
      func logit(_ id: Int) -> Float { Float(bitPattern: all.littleEndian(at: start &+ id &* size)) }
      return Result { () throws(ModelError) in
        var greatest = -Float.infinity
        for id in 0..<max(0, vocabulary) {
          let value = logit(id)
          guard value.isFinite else { throw .notFinite(token: id, position: position) }
          greatest = max(greatest, value)
        }
        var sum = 0.0
        for id in 0..<max(0, vocabulary) { sum += .exp(Double(logit(id)) - Double(greatest)) }
        return .log(sum) + (Double(greatest) - Double(logit(token)))
      }
    }
    return try result.get()
  }
}
