import HeddleGraph
import HeddleReference
import Testing

@Suite struct PassesLevelsTests {
  private let builder = GraphBuilder()
  private let constants = ConstantStore()
  private let x: Value

  init() throws {
    x = try builder.input("x", .float32, [builder.symbol("n", in: 1...9), 64])
    for (name, encoding) in [("a", Encoding.q8_0), ("b", .q4_1), ("c", .float32), ("d", .nf4)] {
      let values = (0..<16 * 64).map { Float(($0 * 37 + name.utf8.count) % 23 - 11) / 8 }
      let bytes = encoding == .nf4 ? [UInt8](repeating: 0, count: 16 * 36) : nil
      try constants.add(
        ConstantID(name),
        bytes.map { try Tensor(encoding: encoding, shape: [16, 64], bytes: $0) }
          ?? Tensor(values, as: encoding, shape: [16, 64]))
    }
  }

  private func product(_ x: Value, _ name: String) throws -> Value {
    try builder.matmul(x, builder.constant(ConstantID(name), in: constants))
  }

  @Test func `activations of products with levels are quantized once, of others never`() async throws {
    let graph = try builder.build(outputs: [
      "a": product(x, "a"), "b": product(x, "b"), "c": product(x, "c"), "d": product(x, "d"),
    ])
    let levels = try builder.quantizeActivations(x)
    let expected = try builder.build(outputs: [
      "a": product(levels, "a"), "b": product(levels, "b"), "c": product(x, "c"), "d": product(x, "d"),
    ])
    let quantized = graph.quantizingActivations()
    #expect(quantized.nodes.filter { $0.operation is QuantizeActivations }.count == 1)
    #expect(quantized.quantizingActivations() == quantized)
    let values = try Tensor((0..<2 * 64).map { Float($0 % 19) - 9.25 }, shape: [2, 64])
    let request = RunRequest(inputs: ["x": values])
    var results: [NameTable<Tensor>] = []
    for graph in [graph, expected, quantized] {
      let executable = try await ReferenceBackend().compile(graph, constants: constants)
      results.append(try await executable.makeSession([:]).run(request))
    }
    #expect(results[1] == results[2])
    #expect(results[0]["c"] == results[2]["c"] && results[0]["a"] != results[2]["a"])
  }

  @Test func `products by expert take the same levels`() throws {
    let chosen = try builder.range(from: 0, count: x.type.extent(0))
    let indices = try builder.reshape(chosen, to: [x.type.extent(0), 1])
    let bytes = [UInt8](repeating: 0, count: 2 * 16 * 68)
    try constants.add("experts", Tensor(encoding: .q8_0, shape: [2, 16, 64], bytes: bytes))
    let experts = try builder.matmulByExpert(x, builder.constant("experts", in: constants), indices: indices)
    let quantized = try builder.build(outputs: ["a": product(x, "a"), "experts": experts]).quantizingActivations()
    #expect(quantized.nodes.filter { $0.operation is QuantizeActivations }.count == 1)
    let products = quantized.nodes.filter { $0.operation is MatMul || $0.operation is MatMulByExpert }
    #expect(products.count == 2 && Set(products.map { $0.operand(0) }).count == 1)
  }

  @Test func `a graph without such products stays`() throws {
    let graph = try builder.build(outputs: ["c": product(x, "c")])
    #expect(graph.quantizingActivations() == graph)
  }
}
