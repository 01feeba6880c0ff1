import Heddle
import Testing

/// The importance of a small model's matrices, by the reference.
@Suite struct ImportanceCollectionTests {
  private static let text = "the cat sat on the mat and the dog sat on the log, the cat and the dog sat"

  @Test func sumsOfSquares() async throws {
    let model = try SyntheticLlama()
    let collection = try await ImportanceCollection(
      of: model.file(), text: Self.text, dataset: "words", context: 8, on: ReferenceBackend())
    var progress: [Int] = []
    let matrix = try await collection.run { progress.append($0) }
    let tokens = collection.windowCount * 8
    #expect(collection.windowCount >= 2 && progress == (1...collection.windowCount).map { 8 * $0 })
    #expect(matrix.chunkCount == collection.windowCount && matrix.chunkSize == 8 && matrix.datasets == ["words"])
    let kinds = ["attn_k", "attn_output", "attn_q", "attn_v", "ffn_down", "ffn_gate", "ffn_up"]
    #expect(matrix.names == (0..<2).flatMap { block in kinds.map { "blk.\(block).\($0).weight" } })
    for name in matrix.names { #expect(matrix.entries[name]?.counts == [Float(tokens)]) }
    // Inputs that matrices share.
    for name in ["attn_k", "attn_v"] {
      #expect(matrix.entries["blk.1.\(name).weight"] == matrix.entries["blk.1.attn_q.weight"])
    }
    #expect(matrix.entries["blk.1.ffn_down.weight"]?.sums.count == 96)
    // The first layer's inputs are the embeddings, normalized.
    let table = try #require(model.tensors["token_embd.weight"]).decoded()
    let norm = try #require(model.tensors["blk.0.attn_norm.weight"]).floats()
    var expected = [Double](repeating: 0, count: 64)
    for id in collection.ids.prefix(tokens) {
      let row = (0..<64).map { Double(table[64 * id + $0]) }
      let mean = row.reduce(0) { $0 + $1 * $1 } / 64
      for k in 0..<64 {
        let x = row[k] / (mean + 1e-5).squareRoot() * Double(norm[k])
        expected[k] += x * x
      }
    }
    let sums = try #require(matrix.entries["blk.0.attn_q.weight"]).sums
    for (sum, wanted) in zip(sums, expected) { #expect(abs(Double(sum) - wanted) <= 1e-5 * wanted) }
    // The first windows alone: the text that they are.
    let first = try await ImportanceCollection(
      of: model.file(), text: Self.text, dataset: "words", context: 8, windows: 1, on: ReferenceBackend())
    let part = try await first.run()
    #expect(part.chunkCount == 1 && part.names == matrix.names)
    #expect(part.names.allSatisfy { part.entries[$0]?.counts == [8] && part.entries[$0] != matrix.entries[$0] })
    // It reads back, and quantizing takes it.
    let read = try ImportanceMatrix(bytes: matrix.serialized())
    #expect(read.names == matrix.names && read.names.allSatisfy { read.entries[$0] == matrix.entries[$0] })
    let preset = try #require(QuantizationPreset(name: "Q4_0"))
    let steps = try ModelQuantization(of: model.file(), to: preset, importance: read).steps
    #expect(steps.filter(\.isWeighted).count == 14)
  }

  @Test func refusesWhatDoesNotFit() async throws {
    let file = try SyntheticLlama().file()
    func collection(_ text: String, context: Int?, windows: Int? = nil) async throws -> ImportanceCollection {
      try await ImportanceCollection(
        of: file, text: text, dataset: "", context: context, windows: windows, on: ReferenceBackend())
    }
    await #expect(throws: ModelError.emptyText) { _ = try await collection("", context: nil) }
    await #expect(throws: ModelError.invalidOption("context", value: 97, range: 1...96)) {
      _ = try await collection(Self.text, context: 97)
    }
    await #expect(throws: ModelError.invalidOption("context", value: 0, range: 1...96)) {
      _ = try await collection(Self.text, context: 0)
    }
    await #expect(throws: ModelError.invalidOption("windows", value: 0, range: 1...1)) {
      _ = try await collection("the cat", context: 4, windows: 0)
    }
    await #expect(throws: ModelError.self) { _ = try await collection("cat", context: 90) }
  }
}
