import HeddleGraph
import Testing

@Suite struct InferenceTests {
  private static func f(_ shape: Dimension...) -> TensorType { TensorType(.float32, shape) }
  private static func i(_ shape: Dimension...) -> TensorType { TensorType(.int32, shape) }
  private static func b(_ shape: Dimension...) -> TensorType { TensorType(.bfloat16, shape) }
  private static let n = Dimension("n")
  private static let m = Dimension("m")
  private static let ranges: SymbolRanges = ["n": 0...64, "m": 1...64]
  private static func s(_ name: String) -> SparseFormat {
    guard let format = SparseFormat(name: name) else { preconditionFailure(name) }
    return format
  }
  private static func q4(_ shape: Dimension...) -> TensorType { TensorType(.q4_0, shape) }

  @Test(
    arguments: [
      (.range(IndexRange(start: m, count: n)), [], [i(n)]),
      (.convert(Convert(encoding: .float32)), [q4(3, 32)], [f(3, 32)]),
      (.convert(Convert(encoding: .bfloat16)), [f(n, 3)], [b(n, 3)]),
      (.convert(Convert(encoding: .float16)), [b(n)], [TensorType(.float16, [n])]),
      (.prune(Prune(format: s("vw5:7-int4"))), [f(3, 14)], [TensorType(.sparse(s("vw5:7-int4")), [3, 14])]),
      (.prune(Prune(format: s("2:4-f32"))), [f(0, 0)], [TensorType(.sparse(s("2:4-f32")), [0, 0])]),
      (.embeddingLookup(EmbeddingLookup()), [q4(9, 32), i(2, n)], [f(2, n, 32)]),
      (.rmsNorm(RMSNorm(epsilon: 0)), [f(n, 7), f(7)], [f(n, 7)]),
      (.matmul(MatMul()), [f(n, 32), q4(5, 32)], [f(n, 5)]),
      (.matmul(MatMul(rightIsTransposed: false)), [f(2, n, 8), f(8, m)], [f(2, n, m)]),
      (.matmul(MatMul(epilogue: .init(residual: true))), [f(n, 32), q4(5, 32), f(n, 5)], [f(n, 5)]),
      (.matmul(MatMul()), [f(2, 1, n, 8), f(3, 4, 8)], [f(2, 3, n, 4)]),
      (.matmul(MatMul()), [b(n, 8), b(3, 8)], [f(n, 3)]),
      (.matmul(MatMul(rightIsTransposed: false)), [b(2, n, 8), b(2, 8, m)], [f(2, n, m)]),
      (.matmul(MatMul(epilogue: .init(bias: true))), [f(2, n, 8), f(m, 8), f(m)], [f(2, n, m)]),
      (.matmul(MatMul(epilogue: .init(bias: true, activation: .gelu))), [f(n, 8), f(8, 8), f(1, 8)], [f(n, 8)]),
      (
        .matmul(MatMul(epilogue: .init(bias: true, activation: .relu, isGated: true, residual: true))),
        [f(2, n, 32), q4(6, 32), f(6), f(2, n, 3)], [f(2, n, 3)]
      ),
      (
        .rotaryEmbedding(RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .halves)),
        [f(n, 2, 6), i(n), f(2)], [f(n, 2, 6)]
      ),
      (.append(Append(position: n)), [f(m, 3), f(n, 3)], [f(m, 3)]),
      (.causalAttention(CausalAttention(scale: 1, past: m)), [f(n, 6, 4), f(64, 2, 4), f(64, 2, 5)], [f(n, 6, 5)]),
      (.gatedSiLU(GatedSiLU()), [f(n, 4), f(n, 4)], [f(n, 4)]),
      (.elementwise(Elementwise(function: .add)), [f(n, 1), f(3)], [f(n, 3)]),
      (.unary(Unary(function: .tanh)), [f(n, 3)], [f(n, 3)]),
      (.softmax(Softmax()), [f(n)], [f(n)]),
      (.argmax(ArgMax()), [f(n, m)], [i(n)]),
      (.reshape(Reshape(shape: [n * 2, 3])), [f(n, 6)], [f(n * 2, 3)]),
      (.transpose(Transpose(permutation: [2, 0, 1])), [i(2, n, 4)], [i(4, 2, n)]),
      (.slice(Slice(axis: 1, start: m - 1, count: 1)), [f(3, m)], [f(3, 1)]),
      (.concatenate(Concatenate(axis: 0)), [q4(n, 32), q4(2, 32)], [q4(n + 2, 32)]),
      (.custom(Custom(name: "c", rule: .fixed([i(1), f(n)]))), [f(1)], [i(1), f(n)]),
    ] as [(HeddleGraph.Operation, [TensorType], [TensorType])])
  func `result types`(operation: HeddleGraph.Operation, operands: [TensorType], results: [TensorType]) throws {
    #expect(try operation.payload.inferResults(Operands(operands, ranges: Self.ranges)) == results)
  }

  @Test func `an operand that is not there`() {
    for index in [-1, 0, 7] {
      #expect(throws: InferenceError.operandCount(expected: ["x"], got: 0)) {
        try Operands([], ranges: [:]).float32(index, "x")
      }
    }
  }

  @Test func `a rotation of less than nothing has no frequencies`() {
    for count in [0, 1, -1, -4, Int.min] {
      #expect(RotaryEmbedding(base: 10, rotatedDimensions: count, pairing: .halves).frequencies.isEmpty)
    }
  }

  @Test(
    arguments: [
      (.range(IndexRange(start: n - 1, count: n)), []),
      (.range(IndexRange(start: 0, count: n - 1)), []),
      (.range(IndexRange(start: Dimension(Int(Int32.max)), count: n)), []),
      (.range(IndexRange(start: 0, count: n)), [f(1)]),
      (.range(IndexRange(start: Dimension("unknown"), count: 1)), []),
      (.convert(Convert(encoding: .int32)), [f(1)]),
      (.convert(Convert(encoding: .q8_0)), [f(32)]),
      (.convert(Convert(encoding: .float32)), [i(1)]),
      (.convert(Convert(encoding: .float32)), []),
      (.prune(Prune(format: s("2:4-f16"))), [f(3, 33)]),
      (.prune(Prune(format: s("2:4-f16"))), [f(32)]),
      (.prune(Prune(format: s("2:4-f16"))), [f(2, 3, 32)]),
      (.prune(Prune(format: s("2:4-f16"))), [f(n, 32)]),
      (.prune(Prune(format: s("2:4-f16"))), [b(3, 32)]),
      (.prune(Prune(format: s("2:4-f16"))), [q4(3, 32)]),
      (.prune(Prune(format: s("2:4-f32"))), [f(Dimension(Int.max / 64), 64)]),
      (.prune(Prune(format: s("2:4-f16"))), []),
      (.embeddingLookup(EmbeddingLookup()), [f(3), i(1)]),
      (.embeddingLookup(EmbeddingLookup()), [i(3, 4), i(1)]),
      (.embeddingLookup(EmbeddingLookup()), [f(3, 4), f(1)]),
      (.rmsNorm(RMSNorm(epsilon: 0)), [f(), f(1)]),
      (.rmsNorm(RMSNorm(epsilon: 0)), [f(2, 3), f(4)]),
      (.rmsNorm(RMSNorm(epsilon: 0)), [f(2, 3), f(1, 3)]),
      (.rmsNorm(RMSNorm(epsilon: -1)), [f(3), f(3)]),
      (.rmsNorm(RMSNorm(epsilon: .nan)), [f(3), f(3)]),
      (.matmul(MatMul()), [f(2, 3), f(4, 5)]),
      (.matmul(MatMul()), [f(3), f(4, 3)]),
      (.matmul(MatMul()), [f(2, 3), f(3)]),
      (.matmul(MatMul()), [i(2, 3), f(4, 3)]),
      (.matmul(MatMul()), [f(2, 3), i(4, 3)]),
      (.matmul(MatMul(rightIsTransposed: false)), [f(2, 32), q4(32, 32)]),
      (.matmul(MatMul()), [f(2, 2, 32), q4(2, 4, 32)]),
      (.matmul(MatMul()), [f(2, 2, 3), f(3, 4, 3)]),
      (.matmul(MatMul(epilogue: .init(residual: true))), [f(2, 3), f(4, 3)]),
      (.matmul(MatMul(epilogue: .init(residual: true))), [f(2, 3), f(4, 3), f(1, 4)]),
      (.matmul(MatMul()), [b(2, 3), f(4, 3)]),
      (.matmul(MatMul()), [b(2, 32), q4(4, 32)]),
      (.matmul(MatMul()), [TensorType(.float16, [2, 3]), TensorType(.float16, [4, 3])]),
      (.matmul(MatMul(rightIsTransposed: false)), [f(2, 3), b(3, 4)]),
      (.matmul(MatMul(epilogue: .init(bias: true))), [f(2, 3), f(4, 3)]),
      (.matmul(MatMul(epilogue: .init(bias: true))), [f(2, 3), f(4, 3), f(1)]),
      (.matmul(MatMul(epilogue: .init(bias: true))), [f(2, 3), f(4, 3), f(2, 4)]),
      (.matmul(MatMul(epilogue: .init(bias: true))), [f(2, 3), f(4, 3), f(1, 1, 4)]),
      (.matmul(MatMul(epilogue: .init(bias: true))), [f(2, 3), f(4, 3), i(4)]),
      (.matmul(MatMul(epilogue: .init(bias: true, isGated: true))), [f(2, 3), f(4, 3), f(2)]),
      (.matmul(MatMul(epilogue: .init(isGated: true))), [f(2, 3), f(5, 3)]),
      (.matmul(MatMul(rightIsTransposed: false, epilogue: .init(isGated: true))), [f(2, 3), f(3, 4)]),
      (.matmul(MatMul(epilogue: .init(bias: true, residual: true))), [f(2, 3), f(4, 3), f(2, 4), f(4)]),
      (.matmul(MatMul(epilogue: .init(activation: .silu))), [f(2, 3), f(4, 3), f(2, 4)]),
      (.rotaryEmbedding(RotaryEmbedding(base: 10, rotatedDimensions: 8, pairing: .halves)), [f(n, 2, 6), i(n)]),
      (.rotaryEmbedding(RotaryEmbedding(base: 10, rotatedDimensions: 3, pairing: .halves)), [f(n, 2, 6), i(n)]),
      (.rotaryEmbedding(RotaryEmbedding(base: 10, rotatedDimensions: -2, pairing: .halves)), [f(n, 2, 6), i(n)]),
      (.rotaryEmbedding(RotaryEmbedding(base: 0, rotatedDimensions: 4, pairing: .halves)), [f(n, 2, 6), i(n)]),
      (.rotaryEmbedding(RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .halves)), [f(n, 2, 6), i(m)]),
      (.rotaryEmbedding(RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .halves)), [f(n, 2, m), i(n)]),
      (.rotaryEmbedding(RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .halves)), [f(n, 2, 6), i(n), f(3)]),
      (.rotaryEmbedding(RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .halves)), []),
      (.append(Append(position: n - 1)), [f(4, 3), f(n, 3)]),
      (.append(Append(position: 0)), [q4(4, 32), q4(1, 32)]),
      (.append(Append(position: 0)), [f(4, 3), f(1, 2)]),
      (.append(Append(position: 0)), [f(4, 3), i(1, 3)]),
      (.append(Append(position: 0)), [f(), f()]),
      (.causalAttention(CausalAttention(scale: 1, past: 0)), [f(1, 6, 4), f(8, 4, 4), f(8, 4, 4)]),
      (.causalAttention(CausalAttention(scale: 1, past: 0)), [f(1, 6, 4), f(8, 0, 4), f(8, 0, 4)]),
      (.causalAttention(CausalAttention(scale: 1, past: 0)), [f(1, 6, 4), f(8, 2, 5), f(8, 2, 4)]),
      (.causalAttention(CausalAttention(scale: 1, past: 0)), [f(1, 6, 4), f(8, 2, 4), f(9, 2, 4)]),
      (.causalAttention(CausalAttention(scale: 1, past: 0)), [f(1, 6, 4), f(8, 2, 4), f(8, 3, 4)]),
      (.causalAttention(CausalAttention(scale: 1, past: 0)), [f(1, n, 4), f(8, 2, 4), f(8, 2, 4)]),
      (.causalAttention(CausalAttention(scale: .infinity, past: 0)), [f(1, 6, 4), f(8, 2, 4), f(8, 2, 4)]),
      (.causalAttention(CausalAttention(scale: 1, past: -1)), [f(1, 6, 4), f(8, 2, 4), f(8, 2, 4)]),
      (.gatedSiLU(GatedSiLU()), [f(n, 4), f(m, 4)]),
      (.elementwise(Elementwise(function: .add)), [f(2), f(3)]),
      (.elementwise(Elementwise(function: .add)), [f(2), i(2)]),
      (.unary(Unary(function: .relu)), [f(2), f(2)]),
      (.unary(Unary(function: .relu)), [i(2)]),
      (.softmax(Softmax()), [f()]),
      (.argmax(ArgMax()), [f()]),
      (.argmax(ArgMax()), [f(2, 0)]),
      (.argmax(ArgMax()), [f(2, n)]),
      (.reshape(Reshape(shape: [4])), [f(n)]),
      (.reshape(Reshape(shape: [-1, -6])), [f(6)]),
      (.reshape(Reshape(shape: [32])), [q4(32)]),
      (.transpose(Transpose(permutation: [0, 0])), [f(2, 3)]),
      (.transpose(Transpose(permutation: [0])), [f(2, 3)]),
      (.transpose(Transpose(permutation: [1, 0])), [q4(2, 32)]),
      (.slice(Slice(axis: 2, start: 0, count: 1)), [f(2, 3)]),
      (.slice(Slice(axis: -1, start: 0, count: 1)), [f(2, 3)]),
      (.slice(Slice(axis: 0, start: n - 1, count: 1)), [f(n)]),
      (.slice(Slice(axis: 0, start: 2, count: 2)), [f(3)]),
      (.slice(Slice(axis: 0, start: 0, count: Dimension(-1))), [f(3)]),
      (.slice(Slice(axis: 0, start: 0, count: 1)), [q4(2, 32)]),
      (.concatenate(Concatenate(axis: 0)), []),
      (.concatenate(Concatenate(axis: 1)), [f(3)]),
      (.concatenate(Concatenate(axis: 1)), [q4(2, 32), q4(2, 32)]),
      (.concatenate(Concatenate(axis: 0)), [f(3), f(3, 1)]),
      (.concatenate(Concatenate(axis: 0)), [f(3, 2), f(3, 1)]),
      (.custom(Custom(name: "c", rule: .sameAs(operand: 1))), [f(1)]),
      (.custom(Custom(name: "c", rule: .fixed([]))), [f(1)]),
      (.constant(Constant(id: "c", type: f(n))), []),
      (.state(State(name: "s", type: q4(32))), []),
      (.input(Input(name: "x", type: f(1))), [f(1)]),
      (.parameter(Parameter(name: "x", type: f(1))), [f(1)]),
    ] as [(HeddleGraph.Operation, [TensorType])])
  func `wrong operands`(operation: HeddleGraph.Operation, operands: [TensorType]) {
    #expect(throws: InferenceError.self) {
      try operation.payload.inferResults(Operands(operands, ranges: Self.ranges))
    }
  }

  @Test func `an error names the caller's line and both shapes`() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [2, 48])
    let w = try builder.input("w", .float32, [7, 49])
    let error = #expect(throws: GraphError.self) { try builder.matmul(x, w, label: "blk.3.attn_q") }
    let line = #line - 1
    let text = "\(try #require(error))"
    #expect(text.contains("\(#fileID):\(line)"), "\(text)")
    for part in ["matmul", "blk.3.attn_q", "f32[2, 48]", "f32[7, 49]", "48", "49"] {
      #expect(text.contains(part), "\(text)")
    }
  }

  @Test func `a builder refuses what it did not make, and names used twice`() throws {
    let (one, other) = (GraphBuilder(), GraphBuilder())
    let x = try one.input("x", .float32, [2])
    #expect(throws: GraphError.self) { try other.softmax(x) }
    #expect(throws: GraphError.self) { try other.build(outputs: ["y": x]) }
    #expect(throws: GraphError.self) { try other.update(state: "s", to: x) }
    _ = try one.symbol("n", in: 0...3)
    #expect(throws: GraphError.duplicateName("n")) { try one.symbol("n", in: 0...3) }
    #expect(throws: GraphError.self) { try one.symbol("k", in: -1...3) }
    #expect(throws: GraphError.self) { try one.constant("w", in: ConstantStore()) }
    #expect(throws: GraphError.self) { try one.input("y", .float32, [Dimension("undeclared")]) }
    #expect(throws: GraphError.self) { try one.input("y", .float32, [Dimension(-1)]) }
    _ = try one.input("x", .float32, [2])
    #expect(throws: GraphError.duplicateName("x")) { try one.build(outputs: [:]) }
  }

  @Test func `a value has not more axes than planning has time for`() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [1])
    #expect(try builder.reshape(x, to: Array(repeating: 1, count: Graph.maximumRank)).type.rank == 64)
    for rank in [65, 100_000] {
      #expect(throws: GraphError.self) { try builder.reshape(x, to: Array(repeating: 1, count: rank)) }
    }
  }

  @Test func `state updates are checked`() throws {
    func graph(_ name: String, _ extent: Dimension, twice: Bool = false) throws -> Graph {
      let builder = GraphBuilder()
      _ = try builder.state("s", .float32, [4])
      let x = try builder.input("x", .float32, [extent])
      try builder.update(state: name, to: x)
      if twice { try builder.update(state: name, to: x) }
      return try builder.build(outputs: [:])
    }
    #expect(throws: Never.self) { try graph("s", 4) }
    #expect(throws: GraphError.unknownState("t")) { try graph("t", 4) }
    #expect(throws: GraphError.self) { try graph("s", 5) }
    #expect(throws: GraphError.duplicateName("s")) { try graph("s", 4, twice: true) }
  }
}
