import HeddleFormats

extension BadFile {
  static let metadata: [BadFile] = keys + values + arrays + alignments + splits

  private static let firstKey = "the key of metadata entry 0"

  private static func rawKey(_ key: [UInt8]) -> [UInt8] {
    GGUFBytes(entries: [key + little(GGUFValueType.uint8.rawValue) + [1, 0, 0, 0, 0, 0, 0, 0]]).bytes
  }

  private static let keys: [BadFile] = [
    BadFile("key: empty", rawKey(string("")), .emptyKey(entry: 0)),
    BadFile(
      "key: length −1", rawKey(string("a", length: .max)),
      .limitExceeded(what: "bytes of \(firstKey)", count: .max, limit: 65_535)),
    BadFile(
      "key: length 2⁶³", rawKey(string("a", length: 1 << 63)),
      .limitExceeded(what: "bytes of \(firstKey)", count: 1 << 63, limit: 65_535)),
    BadFile(
      "key: length 1 GiB", rawKey(string("a", length: 1 << 30)),
      .limitExceeded(what: "bytes of \(firstKey)", count: 1 << 30, limit: 65_535)),
    BadFile(
      "key: 65,536 long", rawKey(string(String(repeating: "k", count: 65_536))),
      .limitExceeded(what: "bytes of \(firstKey)", count: 65_536, limit: 65_535)),
    BadFile(
      "key: length past the end", rawKey(string("a", length: 60_000)), .truncated(reading: firstKey, needed: 60_000)),
    BadFile("key: one byte too long", rawKey(string("a", length: 14)), .truncated(reading: firstKey, needed: 14)),
    BadFile("key: lone continuation", rawKey(string([0x80])), .invalidUTF8(what: firstKey)),
    BadFile("key: overlong slash", rawKey(string([0xc0, 0xaf])), .invalidUTF8(what: firstKey)),
    BadFile("key: surrogate", rawKey(string([0xed, 0xa0, 0x80])), .invalidUTF8(what: firstKey)),
    BadFile("key: cut sequence", rawKey(string([0x61, 0xe2, 0x82])), .invalidUTF8(what: firstKey)),
    BadFile("key: NUL inside", rawKey(string("a\0b")), .nulInName("a\0b")),
    BadFile(
      "key: twice", GGUFBytes.metadata(entry("k", .uint8, [1]), entry("k", .bool, [1])), .duplicateKey("k")),
    BadFile(
      "key: no type", GGUFBytes.metadata(string("abcdefghi")),
      .truncated(reading: "the type of metadata 'abcdefghi'", needed: 4)),
  ]

  private static let values: [BadFile] =
    [13, 14, 255, 1 << 31, .max].map { (id: UInt32) in
      BadFile(
        "value type: \(id)", GGUFBytes.metadata(entry("k", id: id, little(UInt64(0)))),
        .unknownValueType(key: "k", id: id))
    }
    // Keys are long enough that the count of entries is no surprise.
    + [
      (GGUFValueType.uint8, 1), (.int8, 1), (.uint16, 2), (.int16, 2), (.uint32, 4), (.int32, 4), (.float32, 4),
      (.bool, 1), (.uint64, 8), (.int64, 8), (.float64, 8), (.string, 8),
    ].map { (type: GGUFValueType, size: Int) in
      BadFile(
        "value: \(type) short by a byte", GGUFBytes.metadata(entry("long", type, Array(repeating: 0, count: size - 1))),
        .truncated(reading: "metadata 'long'", needed: size))
    }
    + [
      BadFile(
        "value: array short by a byte", GGUFBytes.metadata(array("k", .uint16, 4, Array(repeating: 0, count: 7))),
        .truncated(reading: "the 4 elements of metadata 'k'", needed: 8)),
      BadFile("bool: 2", GGUFBytes.metadata(entry("k", .bool, [2])), .invalidBool(key: "k", byte: 2)),
      BadFile("bool: 255", GGUFBytes.metadata(entry("k", .bool, [255])), .invalidBool(key: "k", byte: 255)),
      BadFile(
        "string: length −1", GGUFBytes.metadata(entry("k", .string, string("v", length: .max))),
        .limitExceeded(what: "bytes of metadata 'k'", count: .max, limit: 16 << 20)),
      BadFile(
        "string: above the limit", GGUFBytes.metadata(entry("k", .string, string("v", length: 16 << 20 + 1))),
        .limitExceeded(what: "bytes of metadata 'k'", count: 16 << 20 + 1, limit: 16 << 20)),
      BadFile(
        "string: past the end", GGUFBytes.metadata(entry("k", .string, string("v", length: 16 << 20))),
        .truncated(reading: "metadata 'k'", needed: 16 << 20)),
    ]

  private static let arrays: [BadFile] = [
    BadFile("array: of type 13", GGUFBytes.metadata(array("k", id: 13, 1, [0])), .unknownValueType(key: "k", id: 13)),
    BadFile(
      "array: of type −1", GGUFBytes.metadata(array("k", id: .max, 1, [0])), .unknownValueType(key: "k", id: .max)),
    BadFile(
      "array: nested", GGUFBytes.metadata(array("k", .array, 1, little(UInt32(0)) + little(UInt64(1)) + [1])),
      .nestedArray(key: "k")),
    BadFile(
      "array: nested 100,000 times",
      GGUFBytes.metadata(entry("k", .array, (0..<100_000).flatMap { _ in little(UInt32(9)) + little(UInt64(1)) })),
      .nestedArray(key: "k")),
    elements(.max, .uint8), elements(1 << 63, .uint64), elements(1 << 61, .uint64), elements(1 << 62, .float32),
    elements(1 << 40, .string), elements(.max, .string), elements((1 << 24) + 1, .bool),
    BadFile(
      "array: more bytes than remain", GGUFBytes.metadata(array("k", .uint8, 1 << 24, [0])),
      .truncated(reading: "the \(1 << 24) elements of metadata 'k'", needed: 1 << 24)),
    BadFile(
      "array: more float64 than remain", GGUFBytes.metadata(array("k", .float64, 1 << 24, [0])),
      .truncated(reading: "the \(1 << 24) elements of metadata 'k'", needed: 1 << 27)),
    BadFile(
      "array: more strings than remain", GGUFBytes.metadata(array("k", .string, 1 << 24, string("a"))),
      .truncated(reading: "the \(1 << 24) strings of metadata 'k'", needed: 1 << 27)),
    BadFile(
      "array: string past the end", GGUFBytes.metadata(array("k", .string, 2, string("a") + string("b", length: 9))),
      .truncated(reading: "string 1 of metadata 'k'", needed: 9)),
    BadFile(
      "array: string length −1", GGUFBytes.metadata(array("k", .string, 1, string("b", length: .max))),
      .limitExceeded(what: "bytes of string 0 of metadata 'k'", count: .max, limit: 16 << 20)),
    BadFile("array: bool 3", GGUFBytes.metadata(array("k", .bool, 3, [0, 1, 3])), .invalidBool(key: "k", byte: 3)),
    BadFile(
      "array: no count", GGUFBytes.metadata(entry("k", .array, little(UInt32(0)) + [0, 0, 0])),
      .truncated(reading: "the element count of metadata 'k'", needed: 8)),
  ]

  private static func elements(_ count: UInt64, _ type: GGUFValueType) -> BadFile {
    BadFile(
      "array: \(count) of \(type)", GGUFBytes.metadata(array("k", type, count, [0, 0, 0, 0])),
      .limitExceeded(what: "elements of metadata 'k'", count: count, limit: 1 << 24))
  }

  private static let alignments: [BadFile] =
    [0, 1, 2, 3, 4, 13, 24, 33, 1 << 21, 1 << 30, 1 << 31, .max].map { (alignment: UInt32) in
      BadFile(
        "alignment: \(alignment)", GGUFBytes.metadata(entry("general.alignment", .uint32, little(alignment))),
        .invalidAlignment(alignment))
    } + [
      alignment("a string", entry("general.alignment", .string, string("32")), got: "string"),
      alignment("uint64", entry("general.alignment", .uint64, little(UInt64(32))), got: "uint64"),
      alignment("an array", array("general.alignment", .uint32, 1, little(UInt32(32))), got: "array of uint32"),
      BadFile(
        "alignment: twice",
        GGUFBytes.metadata(
          entry("general.alignment", .uint32, little(UInt32(32))),
          entry("general.alignment", .uint32, little(UInt32(64)))),
        .duplicateKey("general.alignment")),
    ]

  private static func alignment(_ name: String, _ entry: [UInt8], got: String) -> BadFile {
    BadFile(
      "alignment: \(name)", GGUFBytes.metadata(entry),
      .error(.wrongType(path: path, key: "general.alignment", expected: "uint32", got: got)))
  }

  private static let splits: [BadFile] = [
    split(number: 3, count: 3), split(number: 1, count: 0), split(number: 65_535, count: 2),
    BadFile(
      "split: negative", GGUFBytes.metadata(entry("split.count", .int32, little(Int32(-1)))),
      .invalidSplit(number: 0, count: -1)),
    BadFile(
      "split: count is a string", GGUFBytes.metadata(entry("split.count", .string, string("2"))),
      .error(.wrongType(path: path, key: "split.count", expected: "integer", got: "string"))),
    BadFile(
      "split: count 2⁶⁴−1", GGUFBytes.metadata(entry("split.count", .uint64, little(UInt64.max))),
      .error(
        .valueOutOfRange(path: path, key: "split.count", value: "\(UInt64.max)", range: Int.min...Int.max))),
  ]

  private static func split(number: UInt16, count: UInt16) -> BadFile {
    BadFile(
      "split: \(number) of \(count)",
      GGUFBytes.metadata(
        entry("split.no", .uint16, little(number)), entry("split.count", .uint16, little(count))),
      .invalidSplit(number: Int(number), count: Int(count)))
  }
}
