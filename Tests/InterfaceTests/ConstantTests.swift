import CHeddle
import Foundation
import HeddleFormats
import HeddleTypes
import Synchronization
import TestSupport
import Testing

/// Counts how often memory was given back.
final class ReleaseCounter: Sendable {
  private let calls = Atomic(0)
  var count: Int { calls.load(ordering: .relaxed) }

  /// For ``callback``; the test keeps the counter.
  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  static let callback: heddle_release_callback = { context in
    guard let context else { return }
    Unmanaged<ReleaseCounter>.fromOpaque(context).takeUnretainedValue().calls.add(1, ordering: .relaxed)
  }
}

@Suite struct ConstantTests {
  private struct Description: Codable, Equatable {
    var encoding: String
    var shape: [Int]
  }

  private func list(_ constants: heddle_constants) throws -> [String: Description] {
    try json { heddle_constants_list(constants, $0, $1, $2) }
  }

  @Test func `constants are added by copy and by reference, and listed`() throws {
    let constants = try made { heddle_constants_create($0) }
    #expect(try text { heddle_constants_list(constants, $0, $1, $2) } == "{}")
    let counter = ReleaseCounter()
    let floats: [Float] = [1, 2, 3, 4, 5, 6]
    try succeed { heddle_constants_add(constants, "a \"b\" é", "f32", [2, 3], 2, floats, 24, nil, nil) }
    // At an odd address, as a file may have it.
    let blocks = UnsafeMutableRawPointer.allocate(byteCount: 97, alignment: 16)
    // The indices 0 and 1 of each four.
    blocks.initializeMemory(as: UInt8.self, repeating: 0x44, count: 97)
    try succeed {
      heddle_constants_add(
        constants, "blocks", "2:4-int4", [4, 32], 2, blocks + 1, 4 * 14, ReleaseCounter.callback, counter.context)
    }
    try succeed {
      heddle_constants_add(constants, "none", "f16", [0], 1, nil, 0, ReleaseCounter.callback, counter.context)
    }
    try succeed { heddle_constants_add(constants, "scalar", "i32", nil, 0, floats, 4, nil, nil) }
    #expect(
      try list(constants) == [
        "a \"b\" é": Description(encoding: "f32", shape: [2, 3]), "none": Description(encoding: "f16", shape: [0]),
        "blocks": Description(encoding: "2:4-int4", shape: [4, 32]), "scalar": Description(encoding: "i32", shape: []),
      ])
    #expect(counter.count == 0)
    try succeed { heddle_release(constants) }
    #expect(counter.count == 2)
    blocks.deallocate()
    expect(HEDDLE_STALE_HANDLE) { heddle_constants_list(constants, nil, 0, nil) }
  }

  @Test func `what is wrong with a constant is said, and its memory given back`() throws {
    let constants = try made { heddle_constants_create($0) }
    let builder = try made { heddle_builder_create($0) }
    try succeed { heddle_constants_add(constants, "x", "f32", [1], 1, [Float(1)], 4, nil, nil) }
    let bytes = [UInt8](repeating: 0xFF, count: 256)
    let huge: [Int64] = [1 << 40, 1 << 40]
    func check(
      _ code: Int, _ part: String, _ handle: heddle_constants, name: String? = "w", encoding: String? = "f32",
      shape: [Int64]? = [2], rank: Int = 1, byteCount: Int = 8, hasData: Bool = true,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      for isBorrowed in [false, true] {
        let counter = ReleaseCounter()
        bytes.withUnsafeBytes { bytes in
          let data = hasData ? bytes.baseAddress : nil
          expect(code, part, sourceLocation: sourceLocation) {
            heddle_constants_add(
              handle, name, encoding, shape, rank, data, byteCount, isBorrowed ? ReleaseCounter.callback : nil,
              counter.context)
          }
        }
        #expect(counter.count == (isBorrowed ? 1 : 0), sourceLocation: sourceLocation)
      }
    }
    check(HEDDLE_INVALID_HANDLE, "no handle", 0)
    check(HEDDLE_WRONG_HANDLE, "heddle_builder", builder)
    check(HEDDLE_NULL_ARGUMENT, "name", constants, name: nil)
    check(HEDDLE_NULL_ARGUMENT, "encoding", constants, encoding: nil)
    check(HEDDLE_NULL_ARGUMENT, "shape", constants, shape: nil)
    check(HEDDLE_NULL_ARGUMENT, "data", constants, hasData: false)
    check(HEDDLE_INVALID_ARGUMENT, "shape has 65 elements", constants, rank: 65)
    check(HEDDLE_INVALID_ARGUMENT, "shape has 18446744073709551615 elements", constants, rank: -1)
    check(HEDDLE_INVALID_ARGUMENT, "byte_count is 18446744073709551608", constants, byteCount: -8)
    check(HEDDLE_INVALID_DATA, "'f33' is no encoding", constants, encoding: "f33")
    check(HEDDLE_INVALID_DATA, "needs 8 bytes, got 9", constants, byteCount: 9)
    check(HEDDLE_INVALID_DATA, "needs 8 bytes, got 9223372036854775807", constants, byteCount: .max)
    check(HEDDLE_INVALID_DATA, "needs 8 bytes, got 0", constants, byteCount: 0, hasData: false)
    check(HEDDLE_INVALID_DATA, "negative extent", constants, shape: [-2])
    check(HEDDLE_INVALID_DATA, "does not fit 64 bits", constants, shape: huge, rank: 2)
    check(HEDDLE_INVALID_DATA, "blocks of 32", constants, encoding: "q4_0", shape: [33])
    check(HEDDLE_INVALID_DATA, "already has a constant 'x'", constants, name: "x")
    // Indices that are all ones do not ascend.
    check(HEDDLE_INVALID_DATA, "2:4-f16", constants, encoding: "2:4-f16", shape: [1, 32], rank: 2, byteCount: 36)
    #expect(try list(constants).keys.sorted() == ["x"])
    expect(HEDDLE_INVALID_TEXT, "name is not UTF-8") {
      heddle_constants_add(constants, [-1, 0], "f32", [1], 1, bytes, 4, nil, nil)
    }
    for handle in [constants, builder] { try succeed { heddle_release(handle) } }
    expect(HEDDLE_NULL_ARGUMENT, "constants") { heddle_constants_create(nil) }
  }

  @Test func `files are opened with every tensor Heddle can compute with`() throws {
    let gguf = try made { heddle_constants_open(TestResources.dequantizeFile, $0) }
    let file = try GGUFFile(path: TestResources.dequantizeFile)
    let expected = file.tensors.compactMap { tensor in
      tensor.type.encoding.map { (tensor.name, Description(encoding: $0.name, shape: tensor.shape)) }
    }
    #expect(expected.count > 8)
    #expect(try list(gguf) == Dictionary(uniqueKeysWithValues: expected))
    // A safetensors file that is no model of Heddle's.
    let plain = try made { heddle_constants_open(TestResources.safetensorsFile, $0) }
    let tensors = try SafetensorsFile(path: TestResources.safetensorsFile).tensors
    let computable = tensors.filter { ["F32", "F16", "BF16", "I32"].contains($0.dtype.rawValue) }
    #expect(!computable.isEmpty)
    #expect(
      try list(plain).mapValues(\.shape) == Dictionary(uniqueKeysWithValues: computable.map { ($0.name, $0.shape) }))
    for handle in [gguf, plain] { try succeed { heddle_release(handle) } }
  }

  @Test func `files that cannot be opened`() throws {
    let folder = try TestDevices.temporaryDirectory("interface")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x.gguf").path
    var constants: heddle_constants = 77
    expect(HEDDLE_INVALID_FILE, "x.gguf") { heddle_constants_open(path, &constants) }
    for bytes in [[], Array("GGUF".utf8), Array("no model at all, this is".utf8)] as [[UInt8]] {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      expect(HEDDLE_INVALID_FILE, "x.gguf") { heddle_constants_open(path, &constants) }
    }
    expect(HEDDLE_INVALID_FILE) { heddle_constants_open(folder.path, &constants) }
    expect(HEDDLE_INVALID_FILE) { heddle_constants_open("", &constants) }
    expect(HEDDLE_NULL_ARGUMENT, "path") { heddle_constants_open(nil, &constants) }
    expect(HEDDLE_NULL_ARGUMENT, "constants") { heddle_constants_open(TestResources.dequantizeFile, nil) }
    #expect(constants == 77)
  }
}
