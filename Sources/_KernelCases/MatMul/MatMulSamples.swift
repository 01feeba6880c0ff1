import HeddleGraph
import HeddleReference

/// Some outputs of a product that is too large for the oracle: the corners, the edges of tiles near them, and others by
/// chance. Enough to see a wrong layout, a lost tail or a peer that computes something else, in the time of 64 sums.
public struct MatMulSamples: Sendable {
  public let size: MatMulSize
  private let tokens: [Int]
  private let rows: [Int]
  private let x: Tensor
  private let w: Tensor

  /// - Parameters:
  ///   - x: The activations, row-major.
  ///   - weightRow: A row of the weights, zeros where nothing is kept.
  public init(_ size: MatMulSize, x: [Float], weightRow: (Int) throws -> [Float]) throws {
    var random = SplitMix64(seed: SplitMix64.seed(of: "samples of \(size)"))
    func places(_ extent: Int) -> [Int] {
      guard extent > 0 else { return [] }
      let ends = [0, min(15, extent - 1), max(0, extent - 17), extent - 1]
      return Set(ends + (0..<4).map { _ in random.integer(0...extent - 1) }).sorted()
    }
    self.size = size
    tokens = places(size.tokens)
    rows = places(size.outputs)
    self.x = try Tensor(
      tokens.flatMap { x[$0 * size.inputs..<($0 + 1) * size.inputs] }, shape: [tokens.count, size.inputs])
    w = try Tensor(rows.flatMap { try weightRow($0) }, shape: [rows.count, size.inputs])
  }

  /// Judges a whole result by its samples, as the product of these rows alone is judged.
  ///
  /// - Parameters:
  ///   - y: Row-major, `tokens · outputs` values.
  ///   - rounding: What one rounding of the result to a type narrower than float32 may add, as a part of its value.
  /// - Throws: a ``Mismatch`` at the worst sample.
  public func check(_ y: [Float], rounding: Double = 0) async throws {
    let draft = CaseDraft(MatMul.self, "samples of \(size)")
    guard y.count == size.tokens * size.outputs else {
      var failure = Mismatch(caseName: draft.name, seed: draft.seed, output: "y", reason: .type)
      (failure.got, failure.expected) = ("\(y.count) values", "\(size.tokens * size.outputs)")
      throw failure
    }
    let (left, right) = (try draft.input("x", x), try draft.input("w", w))
    let product = try ReferenceBackend().evaluate(MatMul(), [x, w])[0].floats()
    let exact = MatMul.matmulBound(MatMul(), x, w)
    let tolerance = Tolerance.bounded {
      guard case .bounded(let compute) = exact, let bounds = try compute()["y"] else { return [:] }
      return ["y": zip(bounds, product).map { $0 + rounding * abs(Double($1)) }]
    }
    let sample = try draft.finish(["y": draft.builder.matmul(left, right)], tolerance)
    let got = tokens.flatMap { token in rows.map { y[token * size.outputs + $0] } }
    try await sample.check(["y": Tensor(got, shape: [tokens.count, rows.count])], expected: sample.expected())
  }
}
