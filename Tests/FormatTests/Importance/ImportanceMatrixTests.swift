import HeddleFormats
import HeddleTypes
import TestSupport
import Testing

/// Both forms of llama.cpp's importance matrices, and what is wrong with them.
@Suite struct ImportanceMatrixTests {
  private func file(
    type: String = "imatrix", _ tensors: [(name: String, shape: [Int], values: [Float])]
  ) throws -> [UInt8] {
    var writer = GGUFWriter()
    try writer.set("general.type", .string(type))
    try writer.set("imatrix.datasets", .array(.string(["a text"])))
    try writer.set("imatrix.chunk_count", .uint32(3))
    try writer.set("imatrix.chunk_size", .uint32(512))
    for (name, shape, values) in tensors { try writer.add(name, Tensor(values, shape: shape)) }
    return writer.serialized()
  }

  private func little(_ numbers: Int32...) -> [UInt8] {
    numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * Int32($0))) } }
  }

  private func bytes(_ floats: [Float]) -> [UInt8] { floats.flatMap { little(Int32(bitPattern: $0.bitPattern)) } }

  private func older(_ name: String = "w", calls: Int32 = 2, _ values: [Float] = [2, 6]) -> [UInt8] {
    little(Int32(name.utf8.count)) + Array(name.utf8) + little(calls, Int32(values.count)) + bytes(values)
  }

  @Test func formsOfOneMatrix() throws {
    let new = try ImportanceMatrix(
      bytes: file([
        ("w.in_sum2", [2], [2, 6]), ("w.counts", [1], [2]), ("e.in_sum2", [3, 2], [1, 2, 3, 4, 5, 6]),
        ("e.counts", [3, 1], [1, 0, 2]),
      ]))
    #expect(new.names == ["e", "w"] && new.datasets == ["a text"] && new.chunkCount == 3 && new.chunkSize == 512)
    #expect(
      new.values(of: "w") == [1, 3] && new.values(of: "e") == [1, 2, 1, 1, 2.5, 3] && new.values(of: "x") == nil)
    let old = try ImportanceMatrix(
      bytes: little(2) + older() + older("é", calls: 4, [0, 1, 8]) + little(7, 4) + Array("text".utf8))
    #expect(old.names == ["w", "é"] && old.datasets == ["text"] && old.chunkCount == 7)
    #expect(old.values(of: "w") == [1, 3] && old.values(of: "é") == [0, 0.25, 2])
    // The oldest files end with their entries.
    #expect(try ImportanceMatrix(bytes: little(1) + older()).names == ["w"])
    let again = try ImportanceMatrix(bytes: new.serialized())
    #expect(again.names == new.names && again.entries["e"] == new.entries["e"] && again.datasets == new.datasets)
  }

  @Test func whatIsWrong() throws {
    func expect(_ error: ImportanceError, _ bytes: [UInt8]) {
      #expect(throws: error) { try ImportanceMatrix(bytes: bytes, name: "f") }
    }
    let (sums, counts) = (
      (name: "w.in_sum2", shape: [2], values: [2, 6] as [Float]), (name: "w.counts", shape: [1], values: [2] as [Float])
    )
    expect(.notImportance(path: "f"), try file(type: "model", [sums, counts]))
    expect(.noEntries, try file([]))
    expect(.incomplete(entry: "w"), try file([sums]))
    expect(.incomplete(entry: "w"), try file([counts]))
    expect(.incomplete(entry: "other"), try file([sums, counts, ("other", [1], [1])]))
    expect(.size(entry: "w", sums: 2, counts: 3), try file([sums, ("w.counts", [3], [1, 1, 1])]))
    expect(.count(entry: "w", 0), try file([sums, ("w.counts", [1], [0])]))
    expect(.count(entry: "w", -1), try file([sums, ("w.counts", [2], [1, -1])]))
    expect(.value(entry: "w", index: 1, -6), try file([("w.in_sum2", [2], [2, -6]), counts]))
    expect(.value(entry: "w", index: 0, .infinity), try file([("w.in_sum2", [2], [.infinity, 1]), counts]))
    #expect(throws: ImportanceError.self) {
      try ImportanceMatrix(bytes: file([("w.in_sum2", [2], [2, .nan]), counts]), name: "f")
    }
    #expect(throws: ImportanceError.self) { try ImportanceMatrix(bytes: Array("GGUF".utf8), name: "f") }
    for bytes in [[], [1, 2, 3], little(0), little(-1), little(1), Array("no importance at all".utf8)] {
      #expect(throws: ImportanceError.self) { try ImportanceMatrix(bytes: bytes, name: "f") }
    }
    expect(.notImportance(path: "f"), little(1000) + older())
    expect(.invalidCount(path: "f", offset: 4, -5), little(1, -5, 1, 1, 1))
    expect(.invalidCount(path: "f", offset: 13, 0), little(1) + older(calls: 1, []) + [UInt8](repeating: 0, count: 20))
    expect(.invalidName(path: "f", offset: 4), little(1, 1) + [0xFF] + little(1, 1) + bytes([1]))
    expect(.duplicate(entry: "w"), little(2) + older() + older())
    expect(.count(entry: "w", 0), little(1) + older(calls: 0))
    let whole = little(1) + older() + little(7, 4) + Array("text".utf8)
    for end in whole.indices.dropFirst(4) {
      // Only without all that comes after its entries is it an older file.
      if end == whole.count - 12 { continue }
      #expect(throws: ImportanceError.self, "\(end)") { try ImportanceMatrix(bytes: Array(whole[..<end]), name: "f") }
    }
    #expect(throws: ImportanceError.self) { try ImportanceMatrix(path: "/nowhere/imatrix.gguf") }
    #expect(throws: ImportanceError.noEntries) { try ImportanceMatrix().serialized() }
  }
}
