import HeddleFormats

extension BadFile {
  static let headers: [BadFile] = magics + versions + counts

  private static let magics: [BadFile] = [
    BadFile("magic: no bytes", [], .error(.file(.empty(path: path)))),
    BadFile("magic: G", Array("G".utf8), .truncated(reading: "the magic", needed: 4)),
    BadFile("magic: GGU", Array("GGU".utf8), .truncated(reading: "the magic", needed: 4)),
    BadFile("magic: X", [0x58], .error(.notGGUF(path: path, found: [0x58]))),
    BadFile("magic: GX", Array("GX".utf8), .error(.notGGUF(path: path, found: Array("GX".utf8)))),
    BadFile("magic: zeros", [0, 0, 0, 0, 0], .error(.notGGUF(path: path, found: [0, 0, 0, 0]))),
    BadFile("magic: lower case", Array("gguf\u{3}".utf8), .error(.notGGUF(path: path, found: Array("gguf".utf8)))),
    BadFile("magic: old format", Array("lmgg....".utf8), .error(.notGGUF(path: path, found: Array("lmgg".utf8)))),
    BadFile("magic: LFS pointer", Array("version h".utf8), .error(.notGGUF(path: path, found: Array("vers".utf8)))),
    BadFile("magic: reversed", Array("FUGG\0\0\0\u{3}".utf8), .error(.bigEndian(path: path, version: nil))),
  ]

  private static let versions: [BadFile] = [
    BadFile("version: cut", Array("GGUF\u{3}\0\0".utf8), .truncated(reading: "the version", needed: 4)),
    version(0), version(1), version(4), version(5), version(255), version(1 << 31 | 3), version(.max),
    BadFile(
      "version: 3 byte-swapped", GGUFBytes(version: 0x0300_0000).bytes, .error(.bigEndian(path: path, version: 3))),
    BadFile(
      "version: 2 byte-swapped", GGUFBytes(version: 0x0200_0000).bytes, .error(.bigEndian(path: path, version: 2))),
    BadFile(
      "version: 2³¹", GGUFBytes(version: 1 << 31).bytes, .error(.bigEndian(path: path, version: 128))),
  ]

  private static func version(_ version: UInt32) -> BadFile {
    let expected = GGUFError.unsupportedVersion(path: path, version: version)
    return BadFile("version: \(version)", GGUFBytes(version: version).bytes, .error(expected))
  }

  private static let counts: [BadFile] =
    [
      BadFile(
        "tensors: no number", Array("GGUF".utf8) + little(UInt32(3)),
        .truncated(reading: "the number of tensors", needed: 8)),
      BadFile(
        "entries: no number", Array("GGUF".utf8) + little(UInt32(3)) + little(UInt64(0)),
        .truncated(reading: "the number of metadata entries", needed: 8)),
      BadFile(
        "tensors: more than remain", GGUFBytes(tensorCount: 100, entries: [entry("a", .uint8, [1])]).bytes,
        .truncated(reading: "the list of 100 tensors", needed: 2400)),
      BadFile(
        "tensors: one more than there are", GGUFBytes(tensorCount: 2, tensors: [tensor("x", [0], .f32, 0)]).bytes,
        .truncated(reading: "the list of 2 tensors", needed: 48)),
      BadFile(
        "entries: more than remain", GGUFBytes(entryCount: 50).bytes,
        .truncated(reading: "the 50 metadata entries", needed: 650)),
      BadFile(
        "entries: one more than there are",
        GGUFBytes(entryCount: 2, entries: [entry("a long key, so that two entries could be here", .uint8, [1])]).bytes,
        .truncated(reading: "the key of metadata entry 1", needed: 8)),
    ] + lyingCounts.flatMap { [tensorCount($0), entryCount($0)] }

  /// −1, 2⁶³, 2⁶² over the size of an element, just above the limits, and friends.
  private static let lyingCounts: [UInt64] = [
    .max, .max - 1, 1 << 63, (1 << 63) - 1, 1 << 62, (1 << 62) / 24, (1 << 62) / 13, 1 << 32, 1 << 31, (1 << 17) + 1,
  ]

  private static func tensorCount(_ count: UInt64) -> BadFile {
    BadFile(
      "tensors: \(count)", GGUFBytes(tensorCount: count).bytes,
      .limitExceeded(what: "tensors", count: count, limit: 1 << 17))
  }

  private static func entryCount(_ count: UInt64) -> BadFile {
    BadFile(
      "entries: \(count)", GGUFBytes(entryCount: count).bytes,
      .limitExceeded(what: "metadata entries", count: count, limit: 1 << 16))
  }
}
