import Foundation
import HeddleGraph
import HeddleReference
import Testing
import _KernelCases

/// What is not a sparse tensor, a format or a shape ends in a typed error at each gate, and nothing traps.
@Suite struct CorruptSparseTests {
  /// Bytes as a file would hold them: no tensor was made of them.
  private struct Bytes: ConstantProvider {
    let bytes: [UInt8]
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
      try bytes.withUnsafeBytes(body)
    }
  }

  @Test func `the table is long, and what it spoils is valid`() throws {
    let corrupt = try CorruptSparseTensor.all()
    #expect(corrupt.count >= 50 && Set(corrupt.map(\.testDescription)).count == corrupt.count)
    for valid in try ValidSparseTensor.all() {
      let store = ConstantStore()
      try store.add("w", encoding: .sparse(valid.format), shape: valid.shape, provider: Bytes(bytes: valid.bytes))
      #expect(try decodeToFloat32(store.tensor("w")).count == valid.shape.reduce(1, *))
    }
  }

  @Test(arguments: try CorruptSparseTensor.all()) func `a corrupt tensor is refused`(
    corrupt: CorruptSparseTensor
  ) throws {
    let (encoding, shape) = (Encoding.sparse(corrupt.format), corrupt.shape)
    let layout = try SparseLayout(corrupt.format, shape: shape)
    #expect(throws: corrupt.expected) { try corrupt.bytes.withUnsafeBytes { try layout.validate($0) } }
    #expect(throws: corrupt.expected) { try corrupt.bytes.withUnsafeBytes { try layout.decode($0) } }
    #expect(throws: corrupt.expected) { try corrupt.bytes.withUnsafeBytes { try layout.keptPlaces($0) } }
    let store = ConstantStore()
    #expect(throws: corrupt.expected) {
      try store.add("w", encoding: encoding, shape: shape, provider: Bytes(bytes: corrupt.bytes))
    }
    #expect(store.ids.isEmpty)
    guard case .invalidSparseData = corrupt.expected else {
      #expect(throws: corrupt.expected) { try Tensor(encoding: encoding, shape: shape, bytes: corrupt.bytes) }
      return
    }
    // A tensor only counts its bytes; they are looked at where they are used.
    let tensor = try Tensor(encoding: encoding, shape: shape, bytes: corrupt.bytes)
    #expect(throws: corrupt.expected) { try store.add("w", tensor) }
    #expect(throws: corrupt.expected) { try tensor.validate() }
    #expect(throws: corrupt.expected) { try decodeToFloat32(tensor) }
    let x = try Tensor([Float](repeating: 1, count: shape[1]), shape: [1, shape[1]])
    #expect(throws: corrupt.expected) { try ReferenceBackend().evaluate(MatMul(), [x, tensor]) }
  }

  @Test(
    arguments: [
      ("2:4-f32", [2, 33], .rowNotInBlocks(33)), ("2:4-f32", [2, 16], .rowNotInBlocks(16)),
      ("vw16:32-int4", [32, 48], .rowNotInBlocks(48)), ("vw5:7-f16", [1, 8], .rowNotInBlocks(8)),
      ("block32@75-int8", [32, 16], .rowNotInBlocks(16)), ("nvw3:8-bf16", [0, 7], .rowNotInBlocks(7)),
      ("2:4-f32", [], .rowNotInBlocks(1)), ("block16@50-f32", [], .rowNotInBlocks(1)),
      ("2:4-f32", [31], .rowNotInBlocks(31)), ("2:4-f32", [2, 3, 31], .rowNotInBlocks(31)),
      ("2:4-f32", [-1, 32], .negativeExtent), ("vw16:32-f32", [32, -32], .negativeExtent),
      ("block16@50-f32", [-16, -16], .negativeExtent), ("2:4-f32", [.min, 32], .negativeExtent),
      ("2:4-f32", [1 << 62, 32], .sizeOverflow), ("2:4-int4", [2, 1 << 62], .sizeOverflow),
      ("2:4-f32", [.max, 32], .sizeOverflow), ("2:4-f32", [.max, 0], .sizeOverflow),
      ("vw1:64-int4", [1 << 62, 64], .sizeOverflow), ("vw1:64-int4", [1 << 30, 1 << 33], .sizeOverflow),
      ("vw1:1-f32", [1 << 31, 1 << 31], .sizeOverflow), ("nvw1:64-f16", [1 << 31, 1 << 31, 64], .sizeOverflow),
      ("block16@100-f32", [1 << 62, 1 << 62], .sizeOverflow), ("block16@100-f32", [1 << 40, 1 << 20], .sizeOverflow),
      ("block64@0-f32", [1 << 62, 64], .sizeOverflow), ("block16@100-int8", [.max, 0], .sizeOverflow),
    ] as [(String, [Int], ShapeError)])
  func `a shape that cannot be is refused`(name: String, shape: [Int], error: ShapeError) throws {
    let encoding = try #require(Encoding(name: name))
    let format = try #require(SparseFormat(name: name))
    let expected: TypeError =
      switch error {
      case .rowNotInBlocks(let last): .rowNotInBlocks(encoding, last)
      case .negativeExtent: .negativeExtent(shape)
      case .sizeOverflow: .sizeOverflow(shape)
      }
    #expect(throws: expected) { try SparseLayout(format, shape: shape) }
    #expect(throws: expected) { try encoding.byteCount(shape: shape) }
    #expect(throws: expected) { try Tensor(encoding: encoding, shape: shape, bytes: []) }
    #expect(throws: expected) { try encode([], as: encoding, shape: shape) }
    #expect(throws: expected) {
      try ConstantStore().add("w", encoding: encoding, shape: shape, provider: Bytes(bytes: []))
    }
  }

  enum ShapeError: Sendable { case rowNotInBlocks(Int), negativeExtent, sizeOverflow }

  @Test func `leading axes are rows`() throws {
    let format = try #require(SparseFormat(name: "vw1:1-f32"))
    for (shape, rows) in [([], 1), ([3], 1), ([2, 5, 3], 10), ([0, 5, 3], 0), ([5, 0], 5)] as [([Int], Int)] {
      #expect(try SparseLayout(format, shape: shape).rows == rows)
    }
  }

  static let wrongNames = [
    "", "-", "-f32", "2:4", "2:4-", "2:4-i32", "2:4-F32", "2:4-q4_0", "2:4-int4-", "2:4--f32", "f32-2:4", "0:4-f32",
    "5:4-f32", "3:4-f32", "4:4-f32", "2:5-f32", "2:0-f32", "-2:4-f32", "2:-4-f32", "+2:4-f32", "02:4-f32", "2:04-f32",
    " 2:4-f32", "2:4 -f32", "2: 4-f32", "2:4-f32 ", "2:4-f32\n", "2:4:4-f32", "2/4-f32", "2:4.0-f32", "٢:٤-f32",
    "1:16-f32",
    "16:32-f32", "99999999999999999999:4-f32", "9223372036854775807:4-f32", "4611686018427387904:8-f32",
    "-9223372036854775808:4-f32", "2:9223372036854775807-f32", "vw-f32", "vw0:32-f32", "vw33:32-f32", "vw16:65-f32",
    "vw0:0-f32", "vw16:-32-f32", "vw-1:32-f32", "vw16-f32", "vw16:-f32", "vw:32-f32", "VW16:32-f32", "vvw16:32-f32",
    "vw9223372036854775807:9223372036854775807-f32", "nvw0:32-f32", "nvw33:32-f32", "nvw1:65-f32", "nvw-f32",
    "nnvw16:32-f32", "n2:4-f32", "block17@50-f32", "block0@50-f32", "block-16@50-f32", "block32@101-f32",
    "block32@-1-f32", "block32@-f32", "block32-f32", "block@50-f32", "block32:50-f32", "block32@50%-f32",
    "block32@050-f32", "block128@50-f32", "block32@9223372036854775807-f32", "block16@99999999999999999999-f32",
    "Block32@50-f32", "nblock32@50-f32",
  ]

  @Test(arguments: wrongNames) func `a name of no format is refused`(name: String) throws {
    #expect(Encoding(name: name) == nil)
    #expect(SparseFormat(name: name) == nil)
    let json = try JSONEncoder().encode([name])
    let error = #expect(throws: DecodingError.self) { try JSONDecoder().decode([SparseFormat].self, from: json) }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription.hasPrefix("'\(name)' is no sparse format; such are "))
  }

  @Test(
    arguments: [
      .perRow(kept: .max, of: 4), .perRow(kept: .min, of: 8), .perRow(kept: 0, of: 4), .perRow(kept: 2, of: .max),
      .vectorWise(kept: .min, of: .max, isNested: false), .vectorWise(kept: 0, of: 0, isNested: true),
      .block(size: .max, percent: 50), .block(size: 16, percent: .max), .block(size: 16, percent: -1),
    ] as [SparsityPattern.Kind])
  func `numbers of no pattern are refused`(kind: SparsityPattern.Kind) throws {
    let error = try #require(throws: TypeError.self) { try SparsityPattern(kind) }
    guard case .invalidPattern = error else {
      Issue.record("\(error)")
      return
    }
  }

  /// A graph with a sparse constant, as JSON, survives; with another format or other extents it is a typed error.
  @Test func `a graph's JSON with a damaged format is refused`() throws {
    let builder = GraphBuilder()
    let type = TensorType(.sparse(try #require(SparseFormat(name: "nvw3:8-int4"))), [40, 16])
    let w = try builder.apply(Constant(id: "w", type: type))[0]
    let x = try builder.input("x", .float32, [2, 16])
    let kept = try builder.symbol("kept", in: 0...3)
    let y = try builder.apply(MatMul(kept: kept), [x, w])[0]
    let graph = try builder.build(outputs: ["y": y])
    let text = String(decoding: try graph.json(), as: UTF8.self)
    #expect(try Graph(json: Data(text.utf8)) == graph)
    for name in Self.wrongNames {
      let quoted = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
      let damaged = text.replacingOccurrences(of: "\"nvw3:8-int4\"", with: quoted)
      #expect(throws: GraphError.self, "\(name)") { try Graph(json: Data(damaged.utf8)) }
    }
    // `kept` needs a nested pattern, and no more places than it has.
    for name in ["vw3:8-int4", "2:4-int4", "nvw2:8-int4"] {
      let damaged = text.replacingOccurrences(of: "nvw3:8-int4", with: name)
      #expect(throws: GraphError.self, "\(name)") { try Graph(json: Data(damaged.utf8)) }
    }
  }
}
