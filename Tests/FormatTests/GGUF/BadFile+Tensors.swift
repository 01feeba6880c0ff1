import HeddleFormats
import TestSupport

extension BadFile {
  static let tensors: [BadFile] = names + ranks + extents + types + blocks + offsets

  private static let firstName = "the name of tensor 0"

  private static func named(_ name: [UInt8]) -> [UInt8] {
    GGUFBytes.tensors(tensor(name, [8], id: 0, 0), dataByteCount: 32)
  }

  private static let names: [BadFile] = [
    BadFile("name: empty", named(string("")), .emptyTensorName(tensor: 0)),
    BadFile(
      "name: 65 bytes", named(string(String(repeating: "n", count: 65))),
      .limitExceeded(what: "bytes of \(firstName)", count: 65, limit: 64)),
    BadFile(
      "name: length −1", named(string("n", length: .max)),
      .limitExceeded(what: "bytes of \(firstName)", count: .max, limit: 64)),
    BadFile("name: not UTF-8", named(string([0xfe])), .invalidUTF8(what: firstName)),
    BadFile("name: NUL", named(string("a\0")), .nulInName("a\0")),
    BadFile(
      "name: twice", GGUFBytes.tensors(tensor("x", [8], .f32, 0), tensor("x", [8], .f32, 32)), .duplicateTensor("x")),
    BadFile(
      "name: twice, both empty tensors", GGUFBytes.tensors(tensor("x", [0], .f32, 0), tensor("x", [0], .f32, 0)),
      .duplicateTensor("x")),
  ]

  private static let ranks: [BadFile] = [5, 9, 1 << 31, .max].map { (rank: UInt32) in
    BadFile(
      "rank: \(rank)", GGUFBytes.tensors(tensor("x", [1, 1, 1, 1, 1], .f32, 0, rank: rank)),
      .invalidRank(tensor: "x", rank: Int(rank)))
  }

  private static func shape(_ name: String, _ extents: [UInt64], _ type: GGUFTensorType, _ defect: GGUFDefect)
    -> BadFile
  {
    BadFile("extents: \(name)", GGUFBytes.tensors(tensor("x", extents, type, 0)), defect)
  }

  private static func overflow(_ name: String, _ extents: [UInt64], _ type: GGUFTensorType = .f32) -> BadFile {
    shape(name, extents, type, .shapeOverflow(tensor: "x", shape: extents.reversed().map { Int(clamping: $0) }))
  }

  private static let extents: [BadFile] = [
    shape("−1", [.max], .f32, .extentTooLarge(tensor: "x", axis: 0, extent: .max)),
    shape("2⁶³", [4, 1 << 63], .f32, .extentTooLarge(tensor: "x", axis: 1, extent: 1 << 63)),
    shape(
      "(2⁶³ + 2, 2), which wraps to 4", [(1 << 63) + 2, 2], .f32,
      .extentTooLarge(tensor: "x", axis: 0, extent: (1 << 63) + 2)),
    overflow("2⁶³ − 1 of f32", [(1 << 63) - 1]),
    overflow("2⁶¹ of f32", [1 << 61]),
    overflow("2⁶⁰ of f64", [1 << 60], .f64),
    overflow("(2³², 2³²), which wraps to 0", [1 << 32, 1 << 32]),
    overflow("(2³¹, 2³¹, 2, 1), which is 2⁶³", [1 << 31, 1 << 31, 2, 1], .i8),
    overflow("(2⁶², 4), which wraps to 0", [1 << 62, 4], .i8),
    overflow("(2¹⁶)⁴, which wraps to 0", [1 << 16, 1 << 16, 1 << 16, 1 << 16], .i8),
    overflow("0 with others huge", [1 << 40, 1 << 40, 0]),
    overflow("0 first with others huge", [0, 1 << 40, 1 << 40]),
    overflow("q4_0 of 2⁶³ − 32", [(1 << 63) - 32, 2], .q4_0),
    overflow("f64 of 2⁶² − 1", [(1 << 62) - 1], .f64),
    shape(
      "2⁶³ − 1 of i8", [(1 << 63) - 1], .i8,
      .tensorOutsideFile(tensor: "x", offset: 0, byteCount: .max, dataByteCount: 256)),
    shape(
      "an exabyte of q8_0", [1 << 59], .q8_0,
      .tensorOutsideFile(tensor: "x", offset: 0, byteCount: (1 << 59) / 32 * 34, dataByteCount: 256)),
  ]

  private static let types: [BadFile] =
    [4, 5, 31, 32, 33, 36, 37, 38].map { (id: UInt32) in
      let name = GGUFTensorType.removedName(of: id) ?? "?"
      return BadFile(
        "type: removed \(name)", GGUFBytes.tensors(tensor(string("x"), [32], id: id, 0)),
        .removedTensorType(tensor: "x", id: id, name: name))
    }
    + [43, 44, 100, 1 << 31, .max].map { (id: UInt32) in
      BadFile(
        "type: \(id)", GGUFBytes.tensors(tensor(string("x"), [32], id: id, 0)),
        .unknownTensorType(tensor: "x", id: id))
    }

  private static let blocks: [BadFile] = GGUFTensorType.all.filter { $0.blockSize > 1 }.flatMap { type in
    [type.blockSize - 1, type.blockSize / 2, type.blockSize + 1].map { row in
      BadFile(
        "row: \(row) of \(type)", GGUFBytes.tensors(tensor("x", [UInt64(row), 2], type, 0)),
        .rowNotInBlocks(tensor: "x", type: type, row: row))
    }
  }

  private static func offset(_ name: String, _ offset: UInt64, _ byteCount: Int = 32) -> BadFile {
    BadFile(
      "offset: \(name)", GGUFBytes.tensors(tensor("x", [UInt64(byteCount / 4)], .f32, offset)),
      .tensorOutsideFile(tensor: "x", offset: offset, byteCount: byteCount, dataByteCount: 256))
  }

  private static func unaligned(_ offset: UInt64, _ alignment: UInt32 = 32) -> BadFile {
    BadFile(
      "offset: \(offset) aligned to \(alignment)",
      GGUFBytes.tensors(
        tensor("x", [1], .f32, offset), entries: [entry("general.alignment", .uint32, little(alignment))]),
      .unalignedOffset(tensor: "x", offset: offset, alignment: Int(alignment)))
  }

  private static let offsets: [BadFile] = [
    unaligned(1), unaligned(4), unaligned(31), unaligned(.max), unaligned(32, 64), unaligned(4, 8),
    offset("the end of the data", 256), offset("past the end", 288), offset("one unit too far", 256 - 32, 64),
    offset("one value too long", 0, 260), offset("−32, which wraps with the base", .max - 31),
    offset("2⁶³", 1 << 63), offset("2⁶³ − 32", (1 << 63) - 32), offset("2⁴⁰", 1 << 40),
    BadFile(
      "offset: an empty tensor past the end", GGUFBytes.tensors(tensor("x", [0], .f32, 288)),
      .tensorOutsideFile(tensor: "x", offset: 288, byteCount: 0, dataByteCount: 256)),
    BadFile(
      "overlap: same place", GGUFBytes.tensors(tensor("x", [8], .f32, 0), tensor("y", [8], .f32, 0)),
      .overlappingTensors("x", "y")),
    BadFile(
      "overlap: by one value", GGUFBytes.tensors(tensor("x", [9], .f32, 0), tensor("y", [8], .f32, 32)),
      .overlappingTensors("x", "y")),
    BadFile(
      "overlap: listed in the other order", GGUFBytes.tensors(tensor("y", [8], .f32, 32), tensor("x", [9], .f32, 0)),
      .overlappingTensors("x", "y")),
    BadFile(
      "overlap: inside",
      GGUFBytes.tensors(tensor("x", [64], .f32, 0), tensor("e", [0], .f32, 64), tensor("y", [8], .f32, 64)),
      .overlappingTensors("x", "y")),
    BadFile(
      "sizes: their sum wraps",
      GGUFBytes.tensors(
        tensor("x", [1 << 62], .i8, 0), tensor("y", [1 << 62], .i8, 0), tensor("z", [1 << 63 - 1], .i8, 0)),
      .tensorOutsideFile(tensor: "x", offset: 0, byteCount: 1 << 62, dataByteCount: 256)),
    BadFile(
      "data: missing", GGUFBytes(tensors: [tensor("x", [8], .f32, 0)]).bytes,
      .tensorOutsideFile(tensor: "x", offset: 0, byteCount: 32, dataByteCount: 0)),
    BadFile(
      "data: short by a byte", GGUFBytes.tensors(tensor("x", [8], .f32, 0), dataByteCount: 31),
      .tensorOutsideFile(tensor: "x", offset: 0, byteCount: 32, dataByteCount: 31)),
    BadFile(
      "description: cut",
      GGUFBytes(tensors: [tensor("x", [8], .f32, 0).dropLast()]).bytes,
      .truncated(reading: "the description of tensor 'x'", needed: 8)),
  ]
}
