import HeddleGraph
import HeddleReference
import Testing

/// A tensor of each kind of pattern written out by hand: its bytes, its values, and which places it keeps.
@Suite struct SparseLiteralTests {
  /// `bytes` mean `values`, and these values with their places give the bytes.
  private func expect(
    _ name: String, _ shape: [Int], _ bytes: [UInt8], keeps selection: SparseSelection, values: [Float],
    location: SourceLocation = #_sourceLocation
  ) throws {
    let format = try #require(SparseFormat(name: name), sourceLocation: location)
    let tensor = try Tensor(encoding: .sparse(format), shape: shape, bytes: bytes)
    let decoded = try tensor.decoded()
    #expect(decoded.map(\.bitPattern) == values.map(\.bitPattern), sourceLocation: location)
    let encoded = try Tensor(values, keeping: selection, as: format, shape: shape)
    #expect(encoded.bytes == bytes, sourceLocation: location)
  }

  /// Values by their place, zeros elsewhere.
  private func dense(_ count: Int, _ values: [Int: Float]) -> [Float] { (0..<count).map { values[$0] ?? 0 } }

  @Test func `2:4 of int4: scale, two bits an index, four bits a value`() throws {
    try expect(
      "2:4-int4", [1, 32],
      [
        0x00, 0x38,  // 0.5
        0xE4, 0x9C, 0xD8, 0xE4,  // 0 1, 2 3 | 0 3, 1 2 | 0 2, 1 3 | 0 1, 2 3
        0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE,  // −8 … 7, stored plus 8
      ],
      keeps: SparseSelection(indices: [0, 1, 2, 3, 0, 3, 1, 2, 0, 2, 1, 3, 0, 1, 2, 3]),
      values: [
        -4, -3.5, 0, 0, 0, 0, -3, -2.5, -2, 0, 0, -1.5, 0, -1, -0.5, 0,
        0, 0, 0.5, 0, 0, 1, 0, 1.5, 2, 2.5, 0, 0, 0, 0, 3, 3.5,
      ])
  }

  @Test func `1:8 of f32: units of four bytes, four bits an index`() throws {
    try expect(
      "1:8-f32", [1, 32],
      [
        0x07, 0x53, 0x00, 0x00,  // 7, 0, 3, 5, the lowest bits first
        0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0, 0x00, 0x00, 0x00, 0x3F, 0x00, 0x00, 0x40, 0x40,
      ],
      keeps: SparseSelection(indices: [7, 0, 3, 5]), values: dense(32, [7: 1, 8: -2, 19: 0.5, 29: 3]))
  }

  @Test func `vector-wise of int8: sections at multiples of 64, a scale for each row`() throws {
    try expect(
      "vw2:4-int8", [2, 8],
      [
        127, 0xFE, 3, 0xFC,  // row 0: 127 −2 | 3 −4
        1, 127, 0x81, 0,  // row 1: 1 127 | −127 0
      ] + [UInt8](repeating: 0, count: 56)
        + [1, 3, 0, 2] + [UInt8](repeating: 0, count: 60)
        + [0, 0, 0x80, 0x3E, 0, 0, 0, 0x3F],  // 0.25, 0.5
      keeps: SparseSelection(indices: [1, 3, 0, 2]),
      values: [0, 31.75, 0, -0.5, 0.75, 0, -1, 0, 0, 0.5, 0, 63.5, -63.5, 0, 0, 0])
  }

  @Test func `vector-wise: row 32 begins a group of its own`() throws {
    try expect(
      "vw1:2-bf16", [33, 2],
      Array(repeatElement([0x80, 0x3F] as [UInt8], count: 32).joined()) + [0x00, 0xC0]  // 32 times 1, then −2
        + [UInt8](repeating: 0, count: 62) + [1, 0],
      keeps: SparseSelection(indices: [1, 0]),
      values: Array(repeatElement([0, 1] as [Float], count: 32).joined()) + [-2, 0])
  }

  @Test func `nested: indices and values in order of importance`() throws {
    let bytes: [UInt8] = [0x80, 0x3F, 0x00, 0x40, 0x80, 0xBF] + Array(repeating: 0, count: 58) + [2, 0, 3]
    try expect(
      "nvw3:4-bf16", [1, 4], bytes, keeps: SparseSelection(indices: [2, 0, 3]), values: [2, 0, 1, -1])
    let layout = try SparseLayout(#require(SparseFormat(name: "nvw3:4-bf16")), shape: [1, 4])
    let kept = try (0...3).map { limit in try bytes.withUnsafeBytes { try layout.keptPlaces($0, limit: limit) } }
    #expect(kept[0] == [false, false, false, false] && kept[1] == [false, false, true, false])
    #expect(kept[2] == [true, false, true, false] && kept[3] == [true, false, true, true])
  }

  /// Two rows of two blocks: the first keeps none, the second, of which one row is there, both.
  @Test func `blocks of int8: spans of each kept block, starts and columns, scales`() throws {
    let zeros = { (count: Int) in [UInt8](repeating: 0, count: count) }
    try expect(
      "block16@50-int8", [17, 32],
      [127, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] + zeros(240)
        + [0xFF, 0xFE, 0xFD, 0xFC, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x81] + zeros(240)
        + [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0] + zeros(44)  // starts 0 0 2, columns 0 1
        + zeros(64) + [0, 0, 0x80, 0x3E],  // 0.25
      keeps: SparseSelection(indices: [0, 1], starts: [0, 0, 2]),
      values: [Float](repeating: 0, count: 512) + [31.75] + (1...15).map { 0.25 * Float($0) }
        + [-0.25, -0.5, -0.75, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -31.75])
  }

  @Test func `blocks of f16: the rows of a block one after the other`() throws {
    var (bytes, values) = ([UInt8](), [Float](repeating: 0, count: 512))
    for row in 0..<16 {
      for column in 0..<16 {
        // 1 in row 0, 2 in row 1, … of the right block; 0x3C00 is 1, and 0x0400 more is twice as much.
        bytes += [0, UInt8(0x3C + 4 * (row % 4))]
        values[row * 32 + 16 + column] = Float(1 << (row % 4))
      }
    }
    bytes += [0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    try expect(
      "block16@50-f16", [16, 32], bytes, keeps: SparseSelection(indices: [1], starts: [0, 1]), values: values)
  }
}
