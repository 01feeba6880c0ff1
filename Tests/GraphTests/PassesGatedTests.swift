import HeddleGraph
import Testing

@Suite struct PassesGatedTests {
  private let draft: PassDraft
  private var builder: GraphBuilder { draft.builder }

  init() throws { draft = try PassDraft() }

  @Test func `a feed-forward's gate and up become one gated product`() async throws {
    let gate = try builder.matmul(draft.x, draft.weight("gate", 16))
    let up = try builder.matmul(draft.x, draft.weight("up", 16))
    let graph = try draft.build(["y": builder.multiply(builder.unary(.silu, gate), up)])
    let fused = graph.mergingSharedInputMatMuls().fusingGatedMatMuls()
    #expect(count(fused, Unary.self) == 0 && count(fused, Slice.self) == 0 && count(fused, MatMul.self) == 1)
    #expect(
      fused.nodes.contains { ($0.operation as? MatMul) == MatMul(epilogue: .init(activation: .silu, isGated: true)) })
    try await draft.expectSameMeaning(graph, fused)
  }

  @Test func `halves in the other order, other uses or rows that are no whole groups stay`() async throws {
    func untouched(_ outputs: Int, _ make: (Value, Value) throws -> NameTable<Value>) async throws {
      let gate = try builder.matmul(draft.x, draft.weight("gate \(outputs)", outputs))
      let up = try builder.matmul(draft.x, draft.weight("up \(outputs)", outputs))
      let merged = try draft.build(make(gate, up)).mergingSharedInputMatMuls()
      #expect(merged.fusingGatedMatMuls() == merged)
    }
    try await untouched(16) { ["y": try builder.multiply(builder.unary(.silu, $1), $0)] }
    try await untouched(32) { ["y": try builder.multiply(builder.unary(.silu, $0), $1), "gate": $0] }
    try await untouched(8) { ["y": try builder.multiply(builder.unary(.silu, $0), $1)] }
  }

  @Test func `a weight that cannot be packed as one stays`() throws {
    let half = try draft.weight("half", 32, columns: 2)
    let joined = try builder.concatenate([half, half], axis: 1)
    let product = try builder.matmul(draft.x, joined)
    let gate = try builder.slice(product, axis: 1, start: 0, count: 16)
    let up = try builder.slice(product, axis: 1, start: 16, count: 16)
    let graph = try draft.build(["y": builder.multiply(builder.unary(.silu, gate), up)])
    #expect(graph.fusingGatedMatMuls() == graph)
  }
}
