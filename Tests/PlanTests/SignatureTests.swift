import HeddlePlanning
import Testing
import _KernelCases

/// What makes two problems one, and what does not.
@Suite struct SignatureTests {
  private struct Product {
    var tokens = 1...16
    var symbol = "tokens"
    var inputs = 64
    var outputs = 96
    var encoding = Encoding.q4_0
    var weight = "w"
    var isConstant = true
    var residual = false
    var range: ClosedRange<Int>?

    func signature() throws -> ProblemSignature {
      let builder = GraphBuilder()
      let tokens = try builder.symbol(symbol, in: tokens)
      let x = try builder.input("x", .float32, [tokens, Dimension(inputs)])
      let shape = [Dimension(outputs), Dimension(inputs)]
      let constant = Constant(id: ConstantID(weight), type: TensorType(encoding, shape))
      let w = isConstant ? try builder.apply(constant)[0] : try builder.input("w", encoding, shape)
      var y = try builder.matmul(x, w, label: weight)
      if residual { y = try builder.add(y, builder.input("r", .float32, [tokens, Dimension(outputs)])) }
      var options = PlanOptions()
      if let range { options.ranges = [BindingRange([Symbol(symbol): range])] }
      let plan = try Planner(target: DecoderGraph.cpu).plan(builder.build(outputs: ["y": y]), options: options)
      return try #require(plan.lists.last?.choices.first { $0.signature.rawValue.hasPrefix("matmul") }).signature
    }
  }

  @Test func `it reads as the operation does`() throws {
    // The payload may get more attributes; the rest is what records and files on disk hold.
    let text = try Product().signature().rawValue
    #expect(text.hasPrefix("matmul{") && text.contains("rightIsTransposed: true"))
    #expect(text.hasSuffix("}(f32[2...16, 64], constant q4_0[96, 64]) -> f32[2...16, 96]"))
    #expect(try Product(range: 1...1).signature().rawValue.contains("(f32[1, 64], "))
  }

  @Test func `names of symbols, weights and labels do not matter`() throws {
    let signature = try Product().signature()
    #expect(try Product().signature() == signature)
    #expect(try Product(symbol: "rows", weight: "blk.7.ffn_up").signature() == signature)
    // Nor does what the graph allows beyond the range planned for.
    #expect(try Product(tokens: 1...4096, range: 2...16).signature() == signature)
  }

  @Test func `all else does`() throws {
    let products = [
      Product(), Product(tokens: 1...12), Product(range: 1...1), Product(tokens: 1...64), Product(inputs: 128),
      Product(outputs: 80), Product(encoding: .q4_1), Product(encoding: .float16),
      Product(encoding: .float32), Product(encoding: .float32, isConstant: false), Product(residual: true),
    ]
    #expect(Set(try products.map { try $0.signature() }).count == products.count)
  }

  @Test func `attributes of every kind are in it, in one order`() throws {
    func signature(_ attributes: [String: Custom.Attribute], at position: Dimension) throws -> [ProblemSignature] {
      let builder = GraphBuilder()
      let past = try builder.symbol("past", in: 0...9)
      let x = try builder.input("x", .float32, [4, 16])
      let cache = try builder.state("cache", .float32, [20, 16])
      let next = try builder.writeRows(x, to: cache, at: position + past)
      try builder.update(state: "cache", to: next)
      let norm = try builder.rmsNorm(x, weight: builder.input("n", .float32, [16]), epsilon: 0.25)
      let graph = try builder.build(outputs: ["next": next, "norm": norm])
      return try Planner(target: .floor).plan(graph).lists[0].choices.map(\.signature)
    }
    let signatures = try signature([:], at: 1)
    #expect(signatures.contains { $0.rawValue.contains("writeRows{position: 1...10}(f32[20, 16], f32[4, 16])") })
    #expect(signatures.contains { $0.rawValue.contains("rmsNorm{epsilon: 0.25}") })
    #expect(try signature([:], at: 2) != signatures)
  }

  /// A signature follows an operation's fields as deep as they are.
  @Test func `fields nest a few levels deep`() {
    func depth(_ value: Any, _ most: Int) -> Int {
      most == 0 ? 1 : 1 + (Mirror(reflecting: value).children.map { depth($0.value, most - 1) }.max() ?? 0)
    }
    let operations = KernelCases.short.flatMap(\.graph.nodes).map(\.operation)
    for operation in operations { #expect(depth(operation, 64) < 32, "\(operation.name)") }
  }
}
