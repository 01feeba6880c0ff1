import Foundation
import HeddleFormats
import HeddleTypes
import TestSupport
import Testing

/// Constants of every encoding to a safetensors file and back, and files that say of them what is not so.
@Suite struct ConstantStoreTests {
  private let folder: URL

  init() throws { folder = try TestDevices.temporaryDirectory("constants") }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Bytes that any dense encoding takes; of a sparse one, the places 0 and 1 of each four.
  private func tensor(_ encoding: Encoding, _ shape: [Int]) throws -> Tensor {
    let count = try encoding.byteCount(shape: shape)
    let bytes = (0..<count).map { encoding.pattern == nil ? UInt8($0 % 251) : 0x44 }
    return try Tensor(encoding: encoding, shape: shape, bytes: bytes)
  }

  /// Says how many bytes it would make.
  private struct Unmade: ConstantProvider {
    let byteCount: Int

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
      Issue.record("bytes are asked for")
      return try [UInt8](repeating: 0, count: byteCount).withUnsafeBytes(body)
    }
  }

  @Test func `to add a constant is not to ask for its bytes`() throws {
    let store = ConstantStore()
    try store.add("w", encoding: .float32, shape: [2, 3], provider: Unmade(byteCount: 24))
    #expect(throws: TypeError.self) {
      try store.add("v", encoding: .float32, shape: [2, 3], provider: Unmade(byteCount: 20))
    }
  }

  @Test func `every encoding comes back as it was, and the file is the format's`() async throws {
    let store = ConstantStore()
    for encoding in Encoding.weights { try store.add(ConstantID(encoding.name), tensor(encoding, [3, 256])) }
    let sparse = try Encoding(named: "2:4-int4")
    try store.add("sparse", tensor(sparse, [4, 32]))
    try store.add("ids", Tensor([1, -2] as [Int32], shape: [2, 1]))
    try store.add("é \"q\"", tensor(.q4_0, [2, 32]))
    try store.add("none", Tensor(encoding: .q8_0, shape: [0, 32], bytes: []))
    try store.add("scalar", tensor(.float32, []))
    let path = path("store.safetensors")
    try await store.write(to: path)
    let file = try SafetensorsFile(path: path)
    #expect(Set(file.metadata.keys) == ["heddle.version", "heddle.encodings"])
    #expect(file.metadata["heddle.version"] == "1")
    #expect(try file.info("f16").dtype == .f16 && file.info("f16").shape == [3, 256])
    #expect(try file.info("sparse").dtype == .u8 && file.info("sparse").shape == [4 * 14])
    let read = try file.constantStore()
    #expect(read.ids == store.ids && store.ids.count >= 15)
    for id in store.ids { #expect(try read.tensor(id) == store.tensor(id), "\(id)") }
    // In the place of the file that it is mapped from.
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try await read.write(to: path)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    // Nothing is a file too.
    try await ConstantStore().write(to: path)
    #expect(try SafetensorsFile(path: path).constantStore().ids == [])
    #expect(throws: ModelFileError.notAModel(path: path, .missingEntry("heddle.metadata"))) {
      try ModelFile(path: path)
    }
  }

  @Test func `what the format cannot hold is refused, and the old file stays`() async throws {
    let path = path("old")
    try await ConstantStore().write(to: path)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let nine = ConstantStore()
    try nine.add("w", tensor(.float32, [1, 1, 1, 1, 1, 1, 1, 1, 1]))
    await #expect(throws: SafetensorsError.cannotEncode(.invalidRank(tensor: "w", rank: 9, limit: 8))) {
      try await nine.write(to: path)
    }
    let reserved = ConstantStore()
    try reserved.add("__metadata__", tensor(.float32, [1]))
    await #expect(throws: SafetensorsError.cannotEncode(.reservedName("__metadata__"))) {
      try await reserved.write(to: path)
    }
    await #expect(throws: SafetensorsError.self) { try await ConstantStore().write(to: folder.path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
  }

  @Test func `a file of Heddle's must be what it says, another need not`() throws {
    func error(_ entries: String, _ tensors: String) -> SafetensorsModelDefect? {
      let text = #"{"__metadata__":{\#(entries)},\#(tensors)}"#
      let error = #expect(throws: ModelFileError.self) {
        try SafetensorsFile(bytes: SafetensorsBytes(text, data: 8).bytes, name: "m").constantStore()
      }
      guard case .notAModel("m", let defect) = error else { return nil }
      return defect
    }
    let bytes = #""w":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}"#
    let wide = #""w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}"#
    #expect(error(#""heddle.version":"2""#, bytes) == .unsupportedVersion("2"))
    #expect(error(#""heddle.version":"1""#, bytes) == .missingEntry("heddle.encodings"))
    #expect(error(#""heddle.version":"1","heddle.encodings":"{}""#, wide) == .undescribedTensor("w", .f64))
    // Of another's file those of a dtype that says nothing are left out.
    for tensors in [bytes, wide] {
      let foreign = SafetensorsBytes(#"{"__metadata__":{"heddle.encodings":"no JSON"},\#(tensors)}"#, data: 8).bytes
      #expect(try SafetensorsFile(bytes: foreign).constantStore().ids == [])
    }
  }

  @Test func `places that are not of the pattern are refused`() async throws {
    let store = ConstantStore()
    let sparse = try Encoding(named: "2:4-int4")
    try store.add("s", tensor(sparse, [4, 32]))
    let path = path("sparse")
    try await store.write(to: path)
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    for index in bytes.indices.suffix(4 * 14) { bytes[index] = 0xFF }
    let error = #expect(throws: ModelFileError.self) { try SafetensorsFile(bytes: bytes, name: "m").constantStore() }
    guard case .notStorable("m", tensor: "s", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
