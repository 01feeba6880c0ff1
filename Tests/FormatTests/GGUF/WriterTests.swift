import HeddleFormats
import HeddleTypes
import TestSupport
import Testing

@Suite struct WriterTests {
  private func bytes(_ count: Int, from first: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: first + $0) }
  }

  @Test(arguments: [nil, UInt32(8), 64, 4096]) func roundTrip(alignment: UInt32?) throws {
    var writer = GGUFWriter()
    try writer.set("general.architecture", .string("test"))
    if let alignment { try writer.set("general.alignment", .uint32(alignment)) }
    let values: [GGUFValue] = [
      .uint8(1), .int8(-1), .uint16(2), .int16(-2), .uint32(3), .int32(-3), .uint64(.max), .int64(.min),
      .float32(-0.0), .float64(.infinity), .bool(false), .string("Ġ🧵\0"),
      .array(.uint8([1])), .array(.int8([-1])), .array(.uint16([2])), .array(.int16([-2])), .array(.uint32([3])),
      .array(.int32([-3])), .array(.uint64([4])), .array(.int64([-4])), .array(.float32([.pi])),
      .array(.float64([.pi])), .array(.bool([true, false])), .array(.string(["", "x"])), .array(.string([])),
    ]
    for (index, value) in values.enumerated() { try writer.set("value.\(index)", value) }
    for (index, type) in GGUFTensorType.all.enumerated() {
      let row = type.blockSize * 2
      let count = type.blockByteCount * 2 * 3
      try writer.add("t.\(type)", type: type, shape: [3, row], bytes: bytes(count, from: index))
    }
    try writer.add("empty", type: .f32, shape: [0, 7], bytes: [])
    let tensor = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [1, 2, 1, 3])
    try writer.add("floats", tensor)

    let file = try GGUFFile(bytes: writer.serialized())
    #expect(file.version == 3)
    #expect(file.alignment == Int(alignment ?? 32))
    #expect(file.fileByteCount % file.alignment == 0)
    for (index, value) in values.enumerated() { #expect(file.metadata["value.\(index)"] == value) }
    #expect(file.tensors.count == GGUFTensorType.all.count + 2)
    for (index, type) in GGUFTensorType.all.enumerated() {
      let info = file.tensors[index]
      #expect(info.name == "t.\(type)" && info.type == type)
      #expect(info.shape == [3, type.blockSize * 2])
      #expect(info.offset % file.alignment == 0)
      let stored = try file.provider(for: info.name).withBytes { Array($0) }
      #expect(stored == bytes(info.byteCount, from: index))
    }
    #expect(try file.tensor(named: "floats") == tensor)
    #expect(try file.info("empty").byteCount == 0)
  }

  @Test func bytesOfASmallFile() throws {
    var writer = GGUFWriter()
    try writer.set("k", .uint8(5))
    try writer.add("x", type: .i16, shape: [1, 2], bytes: [1, 2, 3, 4])
    let expected = GGUFBytes(
      entries: [entry("k", .uint8, [5])], tensors: [tensor("x", [2, 1], .i16, 0)],
      data: [1, 2, 3, 4] + Array(repeating: 0, count: 28))
    #expect(writer.serialized() == expected.bytes)
  }

  @Test func refusesWhatTheReaderWould() throws {
    func refuses(_ defect: GGUFDefect, _ body: (inout GGUFWriter) throws -> Void) {
      var writer = GGUFWriter()
      #expect(throws: GGUFError.cannotEncode(defect)) { try body(&writer) }
    }
    refuses(.emptyKey(entry: 0)) { try $0.set("", .bool(true)) }
    refuses(.nulInName("a\0")) { try $0.set("a\0", .bool(true)) }
    refuses(.duplicateKey("k")) {
      try $0.set("k", .bool(true))
      try $0.set("k", .bool(true))
    }
    refuses(.invalidAlignment(12)) { try $0.set("general.alignment", .uint32(12)) }
    refuses(.emptyTensorName(tensor: 0)) { try $0.add("", type: .i8, shape: [1], bytes: [0]) }
    refuses(.nulInName("\0")) { try $0.add("\0", type: .i8, shape: [1], bytes: [0]) }
    refuses(.duplicateTensor("x")) {
      try $0.add("x", type: .i8, shape: [1], bytes: [0])
      try $0.add("x", type: .i8, shape: [1], bytes: [0])
    }
    refuses(.wrongByteCount(tensor: "x", expected: 8, got: 7)) {
      try $0.add("x", type: .f32, shape: [2], bytes: Array(repeating: 0, count: 7))
    }
    refuses(.rowNotInBlocks(tensor: "x", type: .q4_0, row: 31)) { try $0.add("x", type: .q4_0, shape: [31], bytes: []) }
    refuses(.wrongByteCount(tensor: "x", expected: 4, got: 0)) { try $0.add("x", type: .f32, shape: [], bytes: []) }
    refuses(.rowNotInBlocks(tensor: "x", type: .q4_0, row: 1)) { try $0.add("x", type: .q4_0, shape: [], bytes: []) }
    refuses(.invalidRank(tensor: "x", rank: 5)) { try $0.add("x", type: .f32, shape: [1, 1, 1, 1, 1], bytes: []) }
    refuses(.negativeExtent(tensor: "x", shape: [-1, 4])) { try $0.add("x", type: .f32, shape: [-1, 4], bytes: []) }
    refuses(.shapeOverflow(tensor: "x", shape: [1 << 40, 1 << 40])) {
      try $0.add("x", type: .f32, shape: [1 << 40, 1 << 40], bytes: [])
    }
    var writer = GGUFWriter()
    #expect(
      throws: GGUFError.wrongType(path: "(new file)", key: "general.alignment", expected: "uint32", got: "int32")
    ) { try writer.set("general.alignment", .int32(32)) }
  }
}
