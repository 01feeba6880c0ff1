import HeddleFormats
import TestSupport
import Testing

/// Unusual files that are sound.
@Suite struct AcceptedTests {
  @Test func nothing() throws {
    for version in [UInt32(2), 3] {
      let file = try GGUFFile(bytes: GGUFBytes(version: version).bytes)
      #expect(file.version == version)
      #expect(file.tensors.isEmpty && file.metadata.count == 0)
      #expect(file.alignment == 32 && file.dataOffset == 32 && file.fileByteCount == 24)
      #expect(throws: GGUFError.missingKey(path: file.path, key: "general.architecture")) { try file.architecture }
    }
  }

  @Test func gapsAnyOrderAndTrailingBytes() throws {
    let file = try GGUFFile(bytes: GGUFBytes.tensors(tensor("b", [8], .f32, 128), tensor("a", [8], .f32, 32)))
    #expect(file.tensors.map(\.name) == ["b", "a"])
    #expect(file.tensors.map { $0.offset - file.dataOffset } == [128, 32])
  }

  @Test func lastTensorEndsTheFile() throws {
    let file = try GGUFFile(bytes: GGUFBytes.tensors(tensor("x", [64], .f32, 0)))
    let info = try file.info("x")
    #expect(info.offset + info.byteCount == file.fileByteCount)
  }

  @Test func emptyTensors() throws {
    let file = try GGUFFile(
      bytes: GGUFBytes.tensors(
        tensor("x", [0], .f32, 256), tensor("y", [32, 0], .q4_0, 0), tensor("z", [0, 5], .q8_1, 0)))
    #expect(file.tensors.map(\.byteCount) == [0, 0, 0])
    #expect(file.tensors.map(\.shape) == [[0], [0, 32], [5, 0]])
    for tensor in file.tensors { #expect(try file.provider(for: tensor.name).withBytes { $0.count } == 0) }
    #expect(try file.tensor(named: "y").bytes.isEmpty)
    #expect(try file.constantStore().ids == ["x", "y"])
    // Not even the padding of the header has to be there.
    let bare = try GGUFFile(bytes: GGUFBytes(tensors: [tensor("x", [0], .f32, 0)]).bytes)
    #expect(try bare.tensor(named: "x").bytes.isEmpty)
  }

  @Test(arguments: [UInt32(8), 16, 64, 4096, 1 << 20]) func alignments(_ alignment: UInt32) throws {
    let bytes = GGUFBytes(
      entries: [entry("general.alignment", .uint32, little(alignment))], tensors: [tensor("x", [1], .f32, 0)],
      alignment: Int(alignment), data: [1, 2, 3, 4]
    ).bytes
    let file = try GGUFFile(bytes: bytes)
    #expect(file.alignment == Int(alignment))
    #expect(file.dataOffset % Int(alignment) == 0)
    #expect(try file.tensor(named: "x").bytes == [1, 2, 3, 4])
  }

  @Test func longestNames() throws {
    let name = String(repeating: "n", count: 64)
    let key = String(repeating: "k", count: 65_535)
    let file = try GGUFFile(
      bytes: GGUFBytes.tensors(tensor(name, [8], .f32, 0), entries: [entry(key, .uint8, [1])]))
    #expect(file.contains(name))
    #expect(try file.metadata.integer(key) == 1)
  }

  @Test func ranks() throws {
    let file = try GGUFFile(
      bytes: GGUFBytes.tensors(tensor("1", [2], .f32, 0), tensor("4", [5, 4, 3, 1], .i8, 32)))
    #expect(file.tensors.map(\.shape) == [[2], [1, 3, 4, 5]])
  }

  /// ggml counts a tensor without axes as one value.
  @Test func rankZero() throws {
    var writer = GGUFWriter()
    try writer.add("scalar", type: .f32, shape: [], bytes: [0, 0, 128, 63])
    try writer.add("vector", type: .f32, shape: [1], bytes: [0, 0, 0, 64])
    let file = try ModelFile(bytes: writer.serialized())
    #expect(file.tensors.map(\.shape) == [[], [1]] && file.tensors.map(\.byteCount) == [4, 4])
    #expect(try file.tensor(named: "scalar").floats() == [1])
    #expect(try file.constantStore().ids.count == 2)
  }

  /// Text that is no UTF-8 can be listed; who needs it gets the error.
  @Test func textThatIsNoUTF8() throws {
    let bad = string(Array("caf".utf8) + [0xe9])
    let file = try GGUFFile(
      bytes: GGUFBytes.metadata(
        entry("general.description", .string, bad), entry("general.name", .string, string("n")),
        array("tokenizer.ggml.tokens", .string, 4, string("a") + bad + string([0xff]) + bad), entry("last", .uint8, [1])
      ),
      name: "f")
    #expect(file.metadata.keys == ["general.description", "general.name", "tokenizer.ggml.tokens", "last"])
    #expect(file.metadata["general.description"] == .string("caf\u{FFFD}"))
    #expect(file.metadata["tokenizer.ggml.tokens"] == .array(.string(["a", "caf\u{FFFD}", "\u{FFFD}", "\u{FFFD}"])))
    #expect(try file.metadata.string("general.name") == "n" && file.metadata.integer("last") == 1)
    func refuses(_ what: String, _ offset: Int, _ body: () throws -> Void) {
      #expect(throws: GGUFError.malformed(path: "f", offset: offset, .invalidUTF8(what: what)), performing: body)
    }
    refuses("metadata 'general.description'", 24 + 27 + 4) { _ = try file.metadata.string("general.description") }
    let error = #expect(throws: GGUFError.self) { _ = try file.metadata.strings("tokenizer.ggml.tokens") }
    #expect(
      "\(error.map { "\($0)" } ?? "")".contains("string 1 of metadata 'tokenizer.ggml.tokens' is not valid UTF-8"))
  }

  @Test func emptyStringsAndArrays() throws {
    let file = try GGUFFile(
      bytes: GGUFBytes.metadata(
        entry("s", .string, string("")), array("n", .int64, 0, []), array("t", .string, 0, []),
        array("u", .string, 2, string("") + string("\0"))))
    #expect(try file.metadata.string("s") == "")
    #expect(try file.metadata.integers("n") == [])
    #expect(try file.metadata.strings("t") == [])
    #expect(try file.metadata.strings("u") == ["", "\0"])
  }

  @Test func partOfASplitModel() throws {
    let file = try GGUFFile(
      bytes: GGUFBytes.metadata(
        entry("split.no", .uint16, little(UInt16(2))), entry("split.count", .uint16, little(UInt16(3)))))
    #expect(try file.metadata.integer("split.no") == 2)
    let error = #expect(throws: GGUFError.splitPart(path: file.path, number: 2, count: 3)) {
      try file.metadata.requireWhole()
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("part 3 of 3"))
    for count in [UInt16(0), 1] {
      let whole = try GGUFFile(bytes: GGUFBytes.metadata(entry("split.count", .uint16, little(count))))
      try whole.metadata.requireWhole()
    }
  }

  /// What is allowed can be narrowed.
  @Test func limits() throws {
    func error(_ change: (inout GGUFReadOptions) -> Void) -> GGUFError? {
      var options = GGUFReadOptions()
      change(&options)
      return #expect(throws: GGUFError.self) { try GGUFFile(bytes: GGUFBytes.seed(), name: "f", options: options) }
    }
    func exceeded(_ what: String, _ count: UInt64, _ limit: Int, at offset: Int) -> GGUFError {
      .malformed(path: "f", offset: offset, .limitExceeded(what: what, count: count, limit: limit))
    }
    #expect(error { $0.maximumTensorCount = 2 } == exceeded("tensors", 3, 2, at: 8))
    #expect(error { $0.maximumMetadataCount = 11 } == exceeded("metadata entries", 12, 11, at: 16))
    #expect(error { $0.maximumKeyByteCount = 4 } == exceeded("bytes of the key of metadata entry 0", 20, 4, at: 24))
    #expect(
      error { $0.maximumStringByteCount = 4 } == exceeded("bytes of metadata 'general.architecture'", 5, 4, at: 56))
    #expect(error { $0.maximumHeaderByteCount = 60 } == exceeded("bytes of header", 24 + 3 * 24, 60, at: 24))
    for limit in [-1, 0, 7, 23] {
      guard
        case .malformed(_, _, .limitExceeded("bytes of header", _, limit)) = error({ $0.maximumHeaderByteCount = limit }
        )
      else {
        Issue.record("limit \(limit)")
        continue
      }
    }
    #expect(error { $0.maximumTensorNameByteCount = 0 } != nil)
    #expect(error { $0.maximumTensorNameByteCount = -1 } != nil)
    #expect(error { $0.maximumArrayCount = 2 } != nil)
    #expect(error { $0.maximumAlignment = 16 } != nil)
  }
}
