import HeddleGraph
import Testing

@Suite struct PassesExpertsTests {
  private let draft: PassDraft
  private let indices: Value
  private var builder: GraphBuilder { draft.builder }

  init() throws {
    draft = try PassDraft()
    let router = try draft.constant("router", [3, 4], .float32)
    indices = try draft.builder.route(draft.builder.matmul(draft.x, router), count: 2).indices
  }

  /// Three experts' products of x.
  private func product(_ name: String, _ outputs: Int, _ activation: Activation? = nil) throws -> Value {
    let w = try draft.constant(name, [3, outputs, 4], .float32)
    return try builder.matmulByExpert(draft.x, w, indices: indices, activation: activation)
  }

  private func expectOneGated(_ graph: Graph, _ activation: Activation?) async throws {
    // What earlier graphs of the builder use is no use.
    let graph = graph.removingDeadCode()
    let fused = graph.fusingGatedExperts()
    #expect(
      fused.nodes.compactMap { $0.operation as? MatMulByExpert } == [.init(activation: activation, isGated: true)])
    #expect(count(fused, Unary.self) == 0 && count(fused, Slice.self) == 0 && count(fused, Binary.self) == 0)
    #expect(fused.fusingGatedExperts() == fused)
    try await draft.expectSameMeaning(graph, fused)
  }

  @Test func `experts' gate and up become one gated product`() async throws {
    let (gate, up) = (try product("gate", 16), try product("up", 16))
    let opened = try builder.unary(.silu, gate)
    try await expectOneGated(draft.build(["y": builder.multiply(opened, up)]), .silu)
    try await expectOneGated(draft.build(["y": builder.multiply(up, opened)]), .silu)
    try await expectOneGated(draft.build(["y": builder.multiply(product("gate", 16, .gelu), up)]), .gelu)
    try await expectOneGated(draft.build(["y": builder.multiply(gate, up)]), nil)
  }

  @Test func `halves of one product become one gated product`() async throws {
    let whole = try product("whole", 32)
    let gate = try builder.unary(.silu, builder.slice(whole, axis: 2, start: 0, count: 16))
    let up = try builder.slice(whole, axis: 2, start: 16, count: 16)
    try await expectOneGated(draft.build(["y": builder.multiply(gate, up)]), .silu)
  }

  @Test func `other products stay`() throws {
    func untouched(_ outputs: NameTable<Value>) throws {
      let graph = try draft.build(outputs).removingDeadCode()
      #expect(graph.fusingGatedExperts() == graph)
    }
    let (gate, up) = (try product("gate", 16), try product("up", 16))
    let opened = try builder.unary(.silu, gate)
    try untouched(["y": builder.multiply(opened, up), "gate": gate])
    try untouched(["y": builder.multiply(gate, gate)])
    try untouched(["y": builder.multiply(product("few", 8), product("others", 8))])
    let bias = try draft.constant("bias", [3, 16], .float32)
    let w = try draft.constant("biased", [3, 16, 4], .float32)
    let biased = try builder.matmulByExpert(draft.x, w, indices: indices, bias: bias)
    try untouched(["y": builder.multiply(biased, up)])
    let others = try builder.route(builder.matmul(draft.x, draft.constant("router", [3, 4], .float32)), count: 1)
      .indices
    let elsewhere = try builder.matmulByExpert(draft.x, w, indices: builder.concatenate([others, others], axis: 1))
    try untouched(["y": builder.multiply(opened, elsewhere)])
    let whole = try product("whole", 32)
    let halves = [0, 16].map { start in
      (try? builder.slice(whole, axis: 2, start: Dimension(start), count: 16)) ?? whole
    }
    try untouched(["y": builder.multiply(builder.unary(.silu, halves[1]), halves[0])])
  }
}
