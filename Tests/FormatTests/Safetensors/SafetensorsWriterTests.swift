import Foundation
import HeddleFormats
import HeddleTypes
import TestSupport
import Testing

@Suite struct SafetensorsWriterTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "heddle-safetensors-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  struct Exact: ConstantProvider {
    var bytes: [UInt8]
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
      try bytes.withUnsafeBytes(body)
    }
  }

  private struct Stop: Error {}

  @Test func roundTripOfEveryType() async throws {
    var writer = SafetensorsWriter()
    let text = "\"\\\u{0}\u{1f}\n\u{7f}é🧵\u{2028}"
    try writer.set(text, text)
    for dtype in SafetensorsDtype.allCases { try writer.add("t \(dtype)", dtype, shape: [4, 2]) }
    try writer.add("one", .f64, shape: [])
    try writer.add("none", .f32, shape: [3, 0])
    try writer.add(text, .u8, shape: [5])
    var asked: [String] = []
    let path = path("all.safetensors")
    try await writer.write(to: path) { tensor in
      asked.append(tensor.name)
      return Exact(bytes: (0..<tensor.byteCount).map { UInt8(truncatingIfNeeded: $0 + tensor.offset) })
    }
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == [text: text])
    #expect(file.dataOffset % 64 == 0)
    #expect(file.tensors.map(\.name) == asked)
    #expect(file.tensors.count == SafetensorsDtype.allCases.count + 3)
    for tensor in file.tensors {
      #expect((tensor.offset - file.dataOffset) % tensor.dtype.alignment == 0)
      let stored = try file.provider(for: tensor.name).withBytes { Array($0) }
      #expect(stored == (0..<tensor.byteCount).map { UInt8(truncatingIfNeeded: $0 + tensor.offset) })
    }
    #expect(try file.info("t F6_E2M3").byteCount == 6 && file.info("t C64").byteCount == 64)
    #expect(file.tensors.first?.name == "t F64" && file.tensors.last?.name == text)
  }

  @Test func bytesOfASmallFile() async throws {
    var writer = SafetensorsWriter()
    try writer.set("k", "v")
    try writer.add("a", .u8, shape: [1])
    try writer.add("b", .i32, shape: [1, 1])
    let path = path("small.safetensors")
    try await writer.write(to: path) { Exact(bytes: Array(repeating: $0.dtype == .u8 ? 9 : 7, count: $0.byteCount)) }
    let text =
      #"{"__metadata__":{"k":"v"},"b":{"dtype":"I32","shape":[1,1],"data_offsets":[0,4]},"#
      + #""a":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}"#
    let padded = text + String(repeating: " ", count: 184 - text.utf8.count)
    #expect(
      try Array(Data(contentsOf: URL(fileURLWithPath: path))) == little(UInt64(184)) + Array(padded.utf8) + [
        7, 7, 7, 7, 9,
      ])
  }

  @Test func failuresLeaveNothing() async throws {
    var twoTensors = SafetensorsWriter()
    try twoTensors.add("a", .u8, shape: [2])
    try twoTensors.add("b", .u8, shape: [2])
    let writer = twoTensors
    let path = path("none.safetensors")
    await #expect(throws: Stop.self) {
      try await writer.write(to: path) { tensor in
        if tensor.name == "b" { throw Stop() }
        return Exact(bytes: [1, 2])
      }
    }
    await #expect(
      throws: SafetensorsError.cannotEncode(
        .wrongByteCount(tensor: "a", dtype: .u8, shape: [2], expected: 2, got: 3))
    ) { try await writer.write(to: path) { _ in Exact(bytes: [1, 2, 3]) } }
    let task = Task { [writer] in
      withUnsafeCurrentTask { $0?.cancel() }
      try await writer.write(to: path) { _ in Exact(bytes: [1, 2]) }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    await #expect(throws: SafetensorsError.file(.cannotWrite(path: "/nonexistent/x", call: "open", code: ENOENT))) {
      try await writer.write(to: "/nonexistent/x") { _ in Exact(bytes: [1, 2]) }
    }
  }

  @Test func refusesWhatTheReaderWould() {
    func refuses(_ defect: SafetensorsDefect, _ body: (inout SafetensorsWriter) throws -> Void) {
      var writer = SafetensorsWriter()
      #expect(throws: SafetensorsError.cannotEncode(defect)) { try body(&writer) }
    }
    refuses(.json(.duplicateKey("k"))) {
      try $0.set("k", "")
      try $0.set("k", "")
    }
    refuses(.json(.duplicateKey("x"))) {
      try $0.add("x", .u8, shape: [])
      try $0.add("x", .u8, shape: [])
    }
    refuses(.reservedName("__metadata__")) { try $0.add("__metadata__", .u8, shape: []) }
    refuses(.negativeExtent(tensor: "x", shape: [2, -1])) { try $0.add("x", .u8, shape: [2, -1]) }
    refuses(.shapeOverflow(tensor: "x", shape: [.max, 2])) { try $0.add("x", .u8, shape: [.max, 2]) }
    refuses(.partialByte(tensor: "x", dtype: .f4, shape: [1])) { try $0.add("x", .f4, shape: [1]) }
    refuses(.invalidRank(tensor: "x", rank: 9, limit: 8)) { try $0.add("x", .u8, shape: [Int](repeating: 1, count: 9)) }
    refuses(.dataTooLarge(limit: 1 << 42)) {
      try $0.add("x", .u8, shape: [1 << 42])
      try $0.add("y", .u8, shape: [1])
    }
  }
}
