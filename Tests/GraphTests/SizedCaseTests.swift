import HeddleGraph
import HeddleReference
import Testing
import _KernelCases

@Suite struct SizedCaseTests {
  static let encodings: [Encoding] = [
    .float32, .float16, .bfloat16, .blocks(.q4_1), .blocks(.q8_0),
    SparseFormat(name: "2:4-f32").map { .sparse($0) } ?? .float32,
    SparseFormat(name: "vw11:32-int8").map { .sparse($0) } ?? .float32,
    SparseFormat(name: "block16@50-int4").map { .sparse($0) } ?? .float32,
  ]

  @Test(arguments: encodings) func `a product moves the bytes that its size says`(encoding: Encoding) throws {
    let size = try MatMulSize(encoding, tokens: 3, inputs: 64, outputs: 49)
    let made = try size.opCase()
    #expect(made.bytes == size.byteCount)
    #expect(made.floatingPointOperations == 2 * 3 * 64 * 49)
    #expect(try made.constants.tensor("w").bytes.count == size.weightsByteCount)
  }

  @Test(arguments: encodings) func `samples accept the oracle's product and find a changed one`(
    encoding: Encoding
  ) async throws {
    let size = try MatMulSize(encoding, tokens: 5, inputs: 64, outputs: 49)
    let made = try size.opCase()
    let x = try decodeToFloat32(try #require(made.request.inputs["x"]))
    let weights = try decodeToFloat32(made.constants.tensor("w"))
    let samples = try MatMulSamples(size, x: x) { Array(weights[$0 * 64..<($0 + 1) * 64]) }
    var y = try #require(try await made.expected()["y"]).floats()
    try await samples.check(y)
    // A corner, which is always a sample.
    y[y.count - 1] += 0.5
    await #expect(throws: Mismatch.self) { try await samples.check(y) }
    await #expect(throws: Mismatch.self) { try await samples.check(Array(y.dropLast())) }
  }

  @Test func `a narrower result may be off by one rounding of its type`() async throws {
    let size = try MatMulSize(.bfloat16, tokens: 2, inputs: 32, outputs: 17)
    let made = try size.opCase()
    let x = try decodeToFloat32(try #require(made.request.inputs["x"]))
    let weights = try decodeToFloat32(made.constants.tensor("w"))
    let samples = try MatMulSamples(size, x: x) { Array(weights[$0 * 32..<($0 + 1) * 32]) }
    let rounded = try #require(try await made.expected()["y"]).floats().map {
      HalfPrecision.decodeBFloat16(HalfPrecision.encodeBFloat16($0))
    }
    try await samples.check(rounded, rounding: 0x1p-8)
    await #expect(throws: Mismatch.self) { try await samples.check(rounded) }
  }

  @Test func `a symbolic product's tokens may be fewer than its size says`() throws {
    let size = try MatMulSize(.float32, tokens: 8, inputs: 4, outputs: 3)
    let graph = try size.opCase(tokens: 1...8).graph
    #expect(graph.symbols.map(\.minimum) == [1])
    #expect(graph.symbols.map(\.maximum) == [8])
  }

  @Test func `sized cases of every family pass on the reference`() async throws {
    let cases = try [
      SizedCases.attention(tokens: 3, past: 20, queryHeads: 2, keyHeads: 1, width: 16),
      SizedCases.rmsNorm(rows: 3, width: 33), SizedCases.softmax(rows: 3, width: 33),
      SizedCases.add(rows: 3, width: 33), SizedCases.silu(rows: 3, width: 33),
      SizedCases.rotaryEmbedding(tokens: 3, heads: 2, width: 8),
      SizedCases.embeddingLookup(.blocks(.q8_0), vocabulary: 9, width: 32, tokens: 4),
      SizedCases.argmax(rows: 3, width: 33), SizedCases.transpose(rows: 3, width: 5),
      SizedCases.widen(.blocks(.q4_1), rows: 3, width: 64),
    ]
    #expect(
      Set(cases.map(\.family)) == ["Attention", "Normalization", "Elementwise", "Indexing", "Layout", "Quantization"])
    for made in cases {
      #expect(made.graph.symbols.isEmpty && made.steps.count == 1)
      #expect(made.graph.outputs.map(\.name) == ["y"])
      let expected = try await made.expected()
      try made.check(expected, expected: expected)
    }
  }
}
