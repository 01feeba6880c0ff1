/// A product of ggml: `y[t, m] = Σₖ x[t, k] · w[m, k]`, with copies of its weights and everything else made beforehand.
final class GGMLProduct {
  let copies: Int
  private let library: GGMLLibrary
  private let handle: GGMLLibrary.Handle
  private let type: CInt
  private let (outputs, inputs, tokens): (Int, Int, Int)

  /// nil if the layout takes no such weights.
  init?(
    _ library: GGMLLibrary, type: CInt, outputs: Int, inputs: Int, tokens: Int, layout: Int, copies: Int
  ) {
    let made = library.create(type, CInt(outputs), CInt(inputs), CInt(tokens), CInt(layout), CInt(copies))
    guard let made else { return nil }
    (handle, self.library, self.type, self.copies) = (made, library, type, copies)
    (self.outputs, self.inputs, self.tokens) = (outputs, inputs, tokens)
  }

  deinit { library.free(handle) }

  /// Lays out the blocks of all rows.
  func setWeights(_ bytes: UnsafeRawBufferPointer, copy: Int) {
    library.setWeights(handle, CInt(copy), bytes.baseAddress)
  }

  func setActivations(_ x: [Float]) { x.withUnsafeBufferPointer { library.setActivations(handle, $0.baseAddress) } }

  /// Computes the product with a copy of the weights.
  func run(copy: Int) throws {
    let status = library.run(handle, CInt(copy))
    guard status == 0 else { throw BenchmarkError("ggml gave status \(status)") }
  }

  /// The result of the last run, row-major.
  func output() -> [Float] {
    [Float](unsafeUninitializedCapacity: tokens * outputs) { buffer, count in
      library.output(handle, buffer.baseAddress)
      count = tokens * outputs
    }
  }

  /// What ggml's own tests allow a product: `Σ (y − ŷ)² / Σ ŷ²`, with ŷ the product of the decoded weights.
  static let allowedError = 5e-4

  /// Runs it with the last copy, and judges some rows of the weights for some tokens.
  func check(_ weights: UnsafeRawBufferPointer, _ x: [Float], called name: String) throws {
    try run(copy: copies - 1)
    let y = output()
    var row = [Float](repeating: 0, count: inputs)
    var (error, square) = (0.0, 0.0)
    for output in stride(from: 0, to: outputs, by: max(1, outputs / 64)) {
      let bytes = weights.baseAddress.map { $0 + output * (weights.count / outputs) }
      guard library.decode(type, bytes, Int64(inputs), &row) else { throw PeerAbsence("\(name) cannot be decoded") }
      for token in stride(from: 0, to: tokens, by: max(1, tokens / 8)) {
        var sum = 0.0
        for input in 0..<inputs { sum += Double(x[token * inputs + input]) * Double(row[input]) }
        let difference = Double(y[token * outputs + output]) - sum
        error += difference * difference
        square += sum * sum
      }
    }
    guard error <= GGMLProduct.allowedError * square else {
      throw BenchmarkError("\(name) is wrong: its squared error is \(error / square) of the squared result")
    }
  }
}
