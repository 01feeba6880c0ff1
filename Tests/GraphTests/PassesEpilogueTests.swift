import HeddleGraph
import Testing

@Suite struct PassesEpilogueTests {
  private let draft: PassDraft
  private var builder: GraphBuilder { draft.builder }

  init() throws { draft = try PassDraft() }

  /// The epilogues of a graph's products, in the order of their nodes.
  private func epilogues(_ graph: Graph) -> [MatMul.Epilogue] {
    graph.nodes.compactMap { if let matmul = $0.operation as? MatMul { matmul.epilogue } else { nil } }
  }

  // Biases

  @Test(arguments: [true, false]) func `a vector added to a product is its bias, on either side`(
    productFirst: Bool
  ) async throws {
    let product = try builder.matmul(draft.x, draft.weight("w", 6))
    let bias = try draft.vector("b", 6)
    let graph = try draft.build(["y": productFirst ? builder.add(product, bias) : builder.add(bias, product)])
    let fused = graph.fusingBiases()
    #expect(epilogues(fused) == [.init(bias: true)] && count(fused, Binary.self) == 0)
    try await draft.expectSameMeaning(graph, fused)
  }

  @Test func `a computed row is a bias too, also of a product of activations`() async throws {
    let row = try builder.slice(draft.x, axis: 0, start: 0, count: 1)
    let straight = try builder.matmul(draft.x, draft.weight("w", 4), rightIsTransposed: false)
    let graph = try draft.build(["y": builder.add(straight, row)])
    let fused = graph.fusingBiases()
    #expect(epilogues(fused) == [.init(bias: true)])
    try await draft.expectSameMeaning(graph, fused)
  }

  @Test func `what is no bias stays`() throws {
    func untouched(_ make: (PassDraft, Value) throws -> NameTable<Value>) throws {
      let draft = try PassDraft()
      let graph = try draft.build(make(draft, draft.builder.matmul(draft.x, draft.weight("w", 4))))
      #expect(graph.fusingBiases() == graph)
    }
    // One number for all outputs, one a token, a whole matrix.
    try untouched { ["y": try $0.builder.add($1, $0.vector("one", 1))] }
    try untouched { ["y": try $0.builder.add($1, $0.builder.slice($0.x, axis: 1, start: 0, count: 1))] }
    try untouched { ["y": try $0.builder.add($1, $0.x)] }
    // The bias stretches the product.
    try untouched { draft, _ in
      let row = try draft.builder.slice(draft.x, axis: 0, start: 0, count: 1)
      return ["y": try draft.builder.add(draft.builder.matmul(row, draft.weight("w", 4)), draft.x)]
    }
    // Other uses, an output, an epilogue, a function that does not add.
    try untouched { ["y": try $0.builder.multiply($0.builder.add($1, $0.vector("b", 4)), $1)] }
    try untouched { ["y": try $0.builder.add($1, $0.vector("b", 4)), "product": $1] }
    try untouched { draft, _ in
      let active = try draft.builder.matmul(draft.x, draft.weight("w", 4), activation: .relu)
      return ["y": try draft.builder.add(active, draft.vector("b", 4))]
    }
    try untouched { ["y": try $0.builder.multiply($1, $0.vector("b", 4))] }
  }

  // Activations

  @Test(arguments: Activation.allCases, [true, false]) func `an activation joins its product, after a bias`(
    activation: Activation, hasBias: Bool
  ) async throws {
    let bias = try hasBias ? draft.vector("b", 5) : nil
    let product = try builder.matmul(draft.x, draft.weight("w", 5), bias: bias)
    let graph = try draft.build(["y": builder.unary(.init(activation), product)])
    let fused = graph.fusingActivations()
    #expect(epilogues(fused) == [.init(bias: hasBias, activation: activation)] && count(fused, Unary.self) == 0)
    try await draft.expectSameMeaning(graph, fused)
  }

  @Test func `an activation of something else, of a used product or after other parts stays`() throws {
    func untouched(_ make: (PassDraft, Value) throws -> NameTable<Value>) throws {
      let draft = try PassDraft()
      let graph = try draft.build(make(draft, draft.weight("w", 4)))
      #expect(graph.fusingActivations() == graph)
    }
    try untouched { draft, _ in ["y": try draft.builder.unary(.gelu, draft.x)] }
    try untouched { ["y": try $0.builder.unary(.tanh, $0.builder.matmul($0.x, $1))] }
    try untouched { draft, w in
      let shown = try draft.builder.matmul(draft.x, w)
      return ["y": try draft.builder.unary(.gelu, shown), "product": shown]
    }
    try untouched { ["y": try $0.builder.unary(.relu, $0.builder.matmul($0.x, $1, residual: $0.x))] }
    try untouched { ["y": try $0.builder.unary(.relu, $0.builder.matmul($0.x, $1, activation: .silu))] }
    try untouched { ["y": try $0.builder.unary(.relu, $0.builder.matmul($0.x, $1, isGated: true))] }
  }

  // Together

  @Test func `bias, activation and residual join in this order`() async throws {
    let biased = try builder.add(builder.matmul(draft.x, draft.weight("w", 4)), draft.vector("b", 4))
    let graph = try draft.build(["y": builder.add(builder.unary(.gelu, biased), draft.x)])
    let fused = graph.fused()
    #expect(epilogues(fused) == [.init(bias: true, activation: .gelu, residual: true)])
    #expect(fused.nodes.allSatisfy { !($0.operation is Binary || $0.operation is Unary) })
    try await draft.expectSameMeaning(graph, fused)
    // The other way round the activation has no place.
    let other = try PassDraft()
    let product = try other.builder.add(other.builder.matmul(other.x, other.weight("w", 4)), other.vector("b", 4))
    let late = try other.build(["y": other.builder.unary(.gelu, other.builder.add(product, other.x))])
    #expect(epilogues(late.fused()) == [.init(bias: true, residual: true)])
    #expect(count(late.fused(), Unary.self) == 1)
    try await other.expectSameMeaning(late, late.fused())
  }

  @Test(arguments: [nil] + Activation.allCases.map(Optional.some), [true, false])
  func `halves of one product under any activation are gated, in either order`(
    activation: Activation?, gateFirst: Bool
  ) async throws {
    func activated(_ gate: Value) throws -> Value {
      guard let activation else { return gate }
      return try builder.unary(.init(activation), gate)
    }
    let gate = try activated(builder.matmul(draft.x, draft.weight("gate", 16)))
    let up = try builder.matmul(draft.x, draft.weight("up", 16))
    let y = try gateFirst ? builder.multiply(gate, up) : builder.multiply(up, gate)
    let graph = try draft.build(["y": y])
    let fused = graph.fused()
    #expect(epilogues(fused) == [.init(activation: activation, isGated: true)])
    #expect(count(fused, Binary.self) == 0 && count(fused, Unary.self) == 0 && count(fused, Slice.self) == 0)
    try await draft.expectSameMeaning(graph, fused)
  }

  @Test func `a gate with a bias and a residual is one product`() async throws {
    let product = try builder.add(builder.matmul(draft.x, draft.weight("w", 32)), draft.vector("b", 32))
    let gate = try builder.unary(.geluTanh, builder.slice(product, axis: 1, start: 0, count: 16))
    let gated = try builder.multiply(gate, builder.slice(product, axis: 1, start: 16, count: 16))
    // Of another encoding: weights of one would be merged into one product.
    let residual = try builder.matmul(draft.x, draft.weight("r", 16, .float16))
    let graph = try draft.build(["y": builder.add(gated, residual)])
    let fused = graph.fused()
    #expect(
      Set(epilogues(fused)) == [.none, .init(bias: true, activation: .geluTanh, isGated: true, residual: true)])
    #expect(count(fused, Binary.self) == 0 && count(fused, Unary.self) == 0)
    try await draft.expectSameMeaning(graph, fused)
  }

  @Test func `a gate used elsewhere or under another function stays`() throws {
    func untouched(_ make: (GraphBuilder, Value, Value) throws -> NameTable<Value>) throws {
      let draft = try PassDraft()
      let product = try draft.builder.matmul(draft.x, draft.weight("w", 32))
      let gate = try draft.builder.slice(product, axis: 1, start: 0, count: 16)
      let graph = try draft.build(
        make(draft.builder, gate, draft.builder.slice(product, axis: 1, start: 16, count: 16)))
      #expect(graph.fusingGatedMatMuls() == graph)
    }
    try untouched { ["y": try $0.multiply($0.unary(.tanh, $1), $2)] }
    try untouched { ["y": try $0.multiply($1, $0.unary(.silu, $2))] }
    try untouched { ["y": try $0.add($0.unary(.silu, $1), $2)] }
    try untouched { builder, gate, up in
      let active = try builder.unary(.silu, gate)
      return ["y": try builder.multiply(active, up), "active": active]
    }
    try untouched { ["y": try $0.multiply($0.unary(.silu, $1), $1), "up": $2] }
  }
}
