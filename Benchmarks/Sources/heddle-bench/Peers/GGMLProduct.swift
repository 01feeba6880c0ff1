/// A product of ggml: `y[t, m] = Σₖ x[t, k] · w[m, k]`, or by expert `y[t, j, m] = Σₖ x[t, k] · w[choices[t, j], m, k]`, with
/// copies of its weights and everything else made beforehand.
final class GGMLProduct {
  struct Shape {
    var outputs: Int
    var inputs: Int
    var tokens: Int
    var experts: Experts?

    struct Experts {
      var count: Int
      /// Of each token as many.
      var choices: [Int32]
    }

    /// Experts of a token.
    var used: Int { experts.map { $0.choices.count / max(1, tokens) } ?? 1 }
    /// Rows of the weights.
    var rows: Int { outputs * (experts?.count ?? 1) }
  }

  let copies: Int
  private let library: GGMLLibrary
  private let handle: GGMLLibrary.Handle
  private let type: CInt
  private let shape: Shape

  /// nil if the layout takes no such weights.
  init?(_ library: GGMLLibrary, type: CInt, _ shape: Shape, layout: Int, copies: Int) {
    let made = library.create(
      type, CInt(shape.outputs), CInt(shape.inputs), CInt(shape.tokens), CInt(shape.experts?.count ?? 0),
      CInt(shape.used), CInt(layout), CInt(copies))
    guard let made else { return nil }
    (handle, self.library, self.type, self.copies, self.shape) = (made, library, type, copies, shape)
    if let choices = shape.experts?.choices {
      choices.withUnsafeBufferPointer { library.setChoices(made, $0.baseAddress) }
    }
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
    let size = shape.tokens * shape.used * shape.outputs
    return [Float](unsafeUninitializedCapacity: size) { buffer, count in
      library.output(handle, buffer.baseAddress)
      count = size
    }
  }

  /// What ggml's own tests allow a product: `Σ (y − ŷ)² / Σ ŷ²`, with ŷ the product of the decoded weights.
  static let allowedError = 5e-4

  /// Runs it with the last copy, and judges some rows of the weights for some tokens.
  func check(_ weights: UnsafeRawBufferPointer, _ x: [Float], called name: String) throws {
    try run(copy: copies - 1)
    let y = output()
    var row = [Float](repeating: 0, count: shape.inputs)
    var (error, square) = (0.0, 0.0)
    let pairs = shape.tokens * shape.used
    for pair in stride(from: 0, to: pairs, by: max(1, pairs / 8)) {
      let first = shape.experts.map { Int($0.choices[pair]) * shape.outputs } ?? 0
      for output in stride(from: 0, to: shape.outputs, by: max(1, shape.outputs / 64)) {
        let bytes = weights.baseAddress.map { $0 + (first + output) * (weights.count / shape.rows) }
        guard library.decode(type, bytes, Int64(shape.inputs), &row) else {
          throw PeerAbsence("\(name) cannot be decoded")
        }
        var sum = 0.0
        for input in 0..<shape.inputs {
          sum += Double(x[pair / shape.used * shape.inputs + input]) * Double(row[input])
        }
        let difference = Double(y[pair * shape.outputs + output]) - sum
        error += difference * difference
        square += sum * sum
      }
    }
    guard error <= GGMLProduct.allowedError * square else {
      throw BenchmarkError("\(name) is wrong: its squared error is \(error / square) of the squared result")
    }
  }
}
