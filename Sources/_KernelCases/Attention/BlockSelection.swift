import HeddleGraph
import HeddleReference

/// Attention of blocks of 64 tokens to their own block, and to the blocks before it whose mean keys their mean query likes best: dynamic
/// sparse attention, with what it takes to choose.
public struct BlockSelection {
  static let block = 64

  /// A multiple of 64.
  let tokens: Int
  /// Of queries as of keys.
  let heads: Int
  let width: Int
  /// How many blocks are chosen.
  let count: Int
  /// −∞ for what is no block before a query's.
  private let lateness: Tensor
  private let mean: Tensor

  init(tokens: Int, heads: Int, width: Int, count: Int) throws {
    (self.tokens, self.heads, self.width, self.count) = (tokens, heads, width, count)
    let blocks = tokens / Self.block
    lateness = try Tensor(
      (0..<blocks).flatMap { own in (0..<blocks).map { $0 < own ? 0 : -.infinity } }, shape: [blocks, blocks])
    mean = try Tensor([Float](repeating: 1 / Float(Self.block), count: Self.block), shape: [1, Self.block])
  }

  /// The selection of all tokens.
  private func selection(_ draft: CaseDraft, _ queries: Value, _ keys: Value) throws -> Value {
    let builder = draft.builder
    let (blocks, ones) = (Dimension(tokens / Self.block), try draft.input("mean", mean))
    func means(_ rows: Value) throws -> Value {
      let flat = try builder.reshape(rows, to: [blocks, Dimension(Self.block), Dimension(heads * width)])
      let means = try builder.matmul(ones, flat, rightIsTransposed: false)
      return try builder.transpose(
        builder.reshape(means, to: [blocks, Dimension(heads), Dimension(width)]), [1, 0, 2])
    }
    let liking = try builder.add(builder.matmul(means(queries), means(keys)), draft.input("lateness", lateness))
    let chosen = try builder.transpose(builder.topK(liking, count: count).indices, [1, 0, 2])
    return try builder.selectKeys(chosen, of: Dimension(tokens), block: Self.block, queries: Self.block)
  }

  /// The case of the whole graph; what is expected is nothing that the oracle has time for: see ``SampledAttention``.
  func opCase() throws -> OpCase {
    let draft = CaseDraft(Attention.self, "top \(count) blocks of \(tokens) h\(heads) D\(width)")
    let shape = [tokens, heads, width]
    let queries = try draft.input("queries", draft.units(shape, times: 2))
    let keys = try draft.input("keys", draft.units(shape, times: 2))
    let values = try draft.input("values", draft.units(shape))
    let y = try draft.builder.attention(
      queries: queries, keys: keys, values: values,
      with: AttentionOperands(selection: selection(draft, queries, keys)), scale: 1 / Float(width).squareRoot(),
      mask: .causal & (.selected | .block(Self.block)))
    return try draft.finish(["y": y], .exact, floatingPointOperations: 4 * pairs * heads * width)
  }

  /// What the oracle selects.
  public static func selection(of opCase: OpCase) throws -> Tensor? {
    guard let attention = opCase.graph.nodes.last(where: { $0.operation is Attention }),
      let value = attention.operands.dropFirst(3).first
    else { return nil }
    let inputs = opCase.request.inputs
    var values: [[Tensor]] = []
    for node in opCase.graph.nodes.prefix(value.node + 1) {
      if let input = node.operation as? Input {
        values.append([inputs[input.name]].compactMap { $0 })
        continue
      }
      values.append(
        try ReferenceBackend().evaluate(node.operation, node.operands.map { values[$0.node][$0.result] }))
    }
    return values[value.node][value.result]
  }

  /// Queries and keys that meet, of one head.
  var pairs: Int {
    let blocks = tokens / Self.block
    return (0..<blocks).reduce(0) { sum, own in
      sum + min(count, own) * Self.block * Self.block + Self.block * (Self.block + 1) / 2
    }
  }
}
