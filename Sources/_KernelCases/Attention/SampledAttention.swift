import HeddleGraph
import HeddleReference

/// The oracle's word on some tokens of an attention that is too large for it.
public struct SampledAttention {
  /// The tokens that are judged.
  public let tokens: [Int]
  private let expected: [[Float]]
  private let bounds: [[Double]]

  /// - Parameter count: How many tokens, spread over all with the first and the last among them.
  /// - Parameter selection: What tokens select, if the attention takes that.
  public init(_ opCase: OpCase, count: Int, selection: Tensor? = nil) throws {
    let inputs = opCase.request.inputs
    guard let operation = opCase.graph.nodes.lazy.compactMap({ $0.operation as? Attention }).first,
      let past = operation.past.constant, let queries = inputs["queries"], let keys = inputs["keys"],
      let values = inputs["values"]
    else { throw Mismatch(caseName: opCase.description, seed: opCase.seed, output: "y", reason: .missingOutput) }
    let (all, row) = (queries.shape[0], queries.shape[1] * queries.shape[2])
    tokens = Set((0..<count).map { $0 * (all - 1) / max(1, count - 1) }).sorted()
    let floats = try queries.floats()
    var (expected, bounds): ([[Float]], [[Double]]) = ([], [])
    for token in tokens {
      var one = operation
      one.past = Dimension(past + token)
      let query = try Tensor(
        Array(floats[token * row..<(token + 1) * row]), shape: [1, queries.shape[1], queries.shape[2]])
      var operands = [query, keys, values]
      if let selection {
        let words = selection.shape[1] * selection.shape[2]
        operands.append(
          try Tensor(
            Array(selection.integers()[token * words..<(token + 1) * words]),
            shape: [1, selection.shape[1], selection.shape[2]]))
      }
      expected.append(try ReferenceBackend().evaluate(one, operands)[0].floats())
      bounds.append(try Attention.attentionBound(operands, past: past + token, one).output)
    }
    (self.expected, self.bounds) = (expected, bounds)
  }

  /// The first value of `y`, all tokens' results, that is further from the oracle than the bound and, for who computes in a
  /// smaller type, four times its `rounding` of the token's greatest value; nil if there is none.
  public func fault(in y: [Float], rounding: Double) -> String? {
    for (token, (expected, bounds)) in zip(tokens, zip(expected, bounds)) {
      let greatest = expected.reduce(0.0) { max($0, Double($1.magnitude)) }
      for (index, (value, bound)) in zip(expected, bounds).enumerated() {
        let place = token * expected.count + index
        guard y.indices.contains(place) else { return "there are only \(y.count) values" }
        let error = abs(Double(y[place]) - Double(value))
        guard error <= bound + 4 * rounding * greatest else {
          return "token \(token), value \(index): \(y[place]) for \(value), off by \(error), bound \(bound)"
        }
      }
    }
    return nil
  }
}
