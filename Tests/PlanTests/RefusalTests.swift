import HeddlePlanning
import Testing

@Suite struct RefusalTests {
  private let builder = GraphBuilder()
  private let x: Value

  init() throws { x = try builder.input("x", .float32, [2, 32]) }

  private func constant(
    _ encoding: Encoding, _ shape: [Dimension], _ name: String = "w", line: Int = #line
  ) throws -> Value {
    try builder.apply(Constant(id: ConstantID(name), type: TensorType(encoding, shape)), line: line)[0]
  }

  /// The message of the refusal to plan `value`, which must name the line where `value` was made.
  private func refusal(_ value: Value, line: Int, kernels: [String: CustomKernel] = [:]) throws -> String {
    let graph = try builder.build(outputs: ["y": value])
    let error = try #require(throws: PlanError.self) {
      try Planner(target: .floor, customKernels: kernels).plan(graph)
    }
    #expect("\(error)".contains("PlanTests/RefusalTests.swift:\(line): "), "\(error)")
    #expect("\(error)".contains(" is not supported: "))
    return "\(error)"
  }

  @Test func `a custom operation without a kernel`() throws {
    let y = try builder.custom(Custom(name: "twist", rule: .sameAs(operand: 0)), [x])[0]
    let message = try refusal(y, line: #line - 1)
    #expect(message.hasSuffix("custom(f32[2, 32]) is not supported: no kernel is registered under 'twist'"))
  }

  @Test func `a custom plan that refuses, and launches that cannot be`() throws {
    struct Refusal: Error, CustomStringConvertible { var description: String { "only on Sundays" } }
    let y = try builder.custom(Custom(name: "twist", rule: .sameAs(operand: 0)), [x])[0]
    let line = #line - 1
    func message(_ plan: @escaping @Sendable () throws -> CustomKernel.Launch) throws -> String {
      try refusal(y, line: line, kernels: ["twist": CustomKernel(source: "", entry: "twist") { _, _, _ in try plan() }])
    }
    #expect(try message { throw Refusal() }.hasSuffix(": only on Sundays"))
    #expect(try message { .init(global: [512], local: [512]) }.contains("[512] does not fit 256 items"))
    #expect(try message { .init(global: [1, 1], local: [.max, 2]) }.contains("does not fit 256 items"))
    #expect(try message { .init(global: [1], local: [0]) }.contains("does not fit"))
    #expect(try message { .init(global: [1, 1], local: [1]) }.contains("the same 1 to 3 axes, got 2 and 1"))
    #expect(try message { .init(global: [], local: []) }.contains("1 to 3 axes"))
    #expect(try message { .init(global: [3], local: [2]) }.contains("[2] does not divide the global size [3]"))
    let taken: [(String, Dimension)] = [("operand_0_offset", 1)]
    #expect(try message { .init(parameters: taken, global: [1], local: [1]) }.contains("'operand_0_offset'"))
    let twice: [(String, Dimension)] = [("a", 1), ("a", 2)]
    #expect(try message { .init(parameters: twice, global: [1], local: [1]) }.contains("'a' has a name that is taken"))
  }

  @Test func `block-quantized values that are no weights`() throws {
    let line = #line + 1
    let table = try constant(.q4_0, [2, 32])
    let custom = try builder.custom(Custom(name: "twist", rule: .sameAs(operand: 0)), [table])[0]
    let kernel = CustomKernel(source: "", entry: "twist") { _, _, _ in .init(global: [1], local: [1]) }
    #expect(
      try refusal(custom, line: #line - 2, kernels: ["twist": kernel]).hasSuffix(
        "a constant in q4_0 can be a weight or encoded, nothing else"))
    #expect(try refusal(table, line: line).contains("constant(q4_0[2, 32])"))
    let dynamic = try builder.input("blocks", .q4_0, [2, 32])
    #expect(try refusal(builder.matmul(x, dynamic), line: #line).contains("a right operand in q4_0 must be a constant"))
    let converted = try builder.encode(dynamic, as: .float32)
    #expect(try refusal(converted, line: #line - 1).contains("an operand in q4_0 must be a constant"))
    let read = try builder.input("read", #require(Encoding(name: "iq2_xs")), [2, 256])
    #expect(try refusal(read, line: #line - 1).contains("a value in iq2_xs can be a weight or encoded"))
    let joined = try builder.concatenate([table, table], axis: 0)
    #expect(try refusal(joined, line: #line - 1).contains("a concatenation in q4_0 can only be a weight"))
  }

  @Test func `sparse values that are no weights`() throws {
    let format = try #require(Encoding(name: "2:4-f16"))
    let w = try constant(format, [8, 32])
    let ids = try builder.input("ids", .int32, [3])
    let looked = try builder.embeddingLookup(table: w, ids: ids)
    #expect(try refusal(looked, line: #line - 1).hasSuffix("a table cannot be sparse, got 2:4-f16[8, 32]"))
    let dynamic = try builder.input("dynamic", format, [8, 32])
    let product = try builder.matmul(x, dynamic)
    #expect(try refusal(product, line: #line - 1).hasSuffix("a right operand in 2:4-f16 must be a constant [M, K]"))
    let converted = try builder.encode(dynamic, as: .float32)
    #expect(try refusal(converted, line: #line - 1).hasSuffix("an operand in 2:4-f16 must be a constant"))
    let joined = try builder.concatenate([w, w], axis: 0)
    #expect(try refusal(joined, line: #line - 1).hasSuffix("a concatenation in 2:4-f16 can only be a weight"))
  }

  @Test func `what a sparse value is never offered to`() throws {
    let format = try #require(Encoding(name: "2:4-f16"))
    let w = try constant(format, [8, 32])
    let brief = try builder.input("brief", .bfloat16, [2, 32])
    func message(_ make: () throws -> Value) throws -> String {
      "\(try #require(throws: GraphError.self) { try make() })"
    }
    let made = try #require(Encoding(name: "iq2_s"))
    let isDense = "x must be dense, got 2:4-f16[8, 32]"
    #expect(try message { try builder.reshape(w, to: [16, 16]) }.contains(isDense))
    #expect(try message { try builder.slice(w, axis: 0, start: 0, count: 4) }.contains(isDense))
    #expect(try message { try builder.transpose(w, [1, 0]) }.contains(isDense))
    #expect(try message { try builder.matmul(brief, w) }.contains("w must be bf16 like x, got 2:4-f16[8, 32]"))
    #expect(try message { try builder.encode(x, as: made) }.contains("of blocks that are made, got iq2_s"))
  }

  @Test func `weights that must be constants`() throws {
    let ids = try builder.input("ids", .int32, [3])
    let table = try builder.input("table", .float16, [8, 4])
    #expect(try refusal(builder.embeddingLookup(table: table, ids: ids), line: #line).contains("must be a constant"))
  }

  @Test func `rows that are not whole blocks`() throws {
    let x = try builder.input("x33", .float32, [2, 33])
    let message = try refusal(builder.matmul(x, constant(.q8_0, [4, 33])), line: #line)
    #expect(message.contains("matmul(f32[2, 33], q8_0[4, 33])"))
    #expect(message.hasSuffix("K must be a multiple of 32, got q8_0[4, 33]"))
    let table = try constant(.q8_0, [4, 33], "table")
    let ids = try builder.input("ids", .int32, [3])
    #expect(try refusal(builder.embeddingLookup(table: table, ids: ids), line: #line).contains("multiple of 32"))
    #expect(try refusal(builder.encode(table, as: .float32), line: #line).contains("multiple of 32"))
  }

  @Test func `heads that do not fit an item, tables that do not fit memory, too many batch axes`() throws {
    let wide = try builder.input("wide", .float32, [1, 1, 2048])
    let attention = try builder.attention(queries: wide, keys: wide, values: wide, past: 0, scale: 1)
    #expect(try refusal(attention, line: #line - 1).contains("at most 1024, got 2048 and 2048"))
    let vast = try builder.input("vast", .float32, [1, 1, Dimension(1 << 40)])
    let positions = try builder.input("positions", .int32, [1])
    let rotary = RotaryEmbedding(base: 1e4, rotatedDimensions: 1 << 40, pairing: .halves)
    let turned = try builder.rotaryEmbedding(vast, positions: positions, rotary)
    #expect(try refusal(turned, line: #line - 1).contains("at most 131072 dimensions are rotated"))
    let deep = try builder.input("deep", .float32, [1, 1, 1, 2, 2])
    #expect(try refusal(builder.matmul(deep, deep), line: #line).contains("at most two batch axes"))
  }
}
