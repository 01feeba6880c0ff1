import HeddleFormats
import HeddleText
import Testing

/// Every kind of damage of an index gives the error that names it.
@Suite struct SafetensorsIndexTests {
  @Test(arguments: BadIndex.all) func malformed(_ bad: BadIndex) throws {
    let folder = try CheckpointFolder(CheckpointFolder.seed)
    try folder.write(CheckpointFolder.index, bad.text)
    let path = folder.file(CheckpointFolder.index)
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsCheckpoint(path: path) }
    #expect(error == .malformedIndex(path: path, bad.expected), "\(bad)")
    #expect(error?.description.hasPrefix(path + ": ") == true)
  }

  @Test func casesAreManyAndNamedApart() {
    let names = BadIndex.all.map(\.name)
    #expect(names.count >= 60)
    #expect(Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted() == [])
  }

  private func index(_ text: String) throws -> SafetensorsIndex {
    let folder = try CheckpointFolder([CheckpointFolder.index: Array(text.utf8)])
    return try #require(try SafetensorsCheckpoint(path: folder.path).index)
  }

  /// Unusual indexes that are sound.
  @Test func accepted() throws {
    for text in [#"{"weight_map":{}}"#, "\n\t {\"weight_map\" : {} } \r\n", #"{"weight_map":{},"metadata":null}"#] {
      let index = try index(text)
      #expect(index.metadata.isEmpty && index.weightMap.isEmpty && index.shards.isEmpty && index.totalSize == nil)
    }
  }

  @Test func values() throws {
    func value(_ text: String) throws -> SafetensorsIndexValue? {
      try index(#"{"metadata":{"a":\#(text)},"weight_map":{}}"#).metadata["a"]
    }
    #expect(try value("0") == .integer(0))
    #expect(try value("-12") == .integer(-12))
    #expect(try value("\(Int.max)") == .integer(.max))
    #expect(try value("9223372036854775808") == .number(9_223_372_036_854_775_808))
    #expect(try value("-0") == .number(-0.0))
    #expect(try value("12.0") == .number(12))
    #expect(try value("0.5e+1") == .number(5))
    #expect(try value("1E2") == .number(100))
    #expect(try value("1e-400") == .number(0))
    #expect(try value(#""é\n""#) == .string("é\n"))
    #expect(try value("false") == .bool(false))
    #expect(try value("null") == .null)
    #expect(try index(#"{"metadata":{"total_size":7},"weight_map":{}}"#).totalSize == 7)
    // Once it was counted in eighths of a byte.
    #expect(try index(#"{"metadata":{"total_size":7.5},"weight_map":{}}"#).totalSize == nil)
  }

  @Test func limitsCanBeNarrowed() throws {
    let folder = try CheckpointFolder(CheckpointFolder.seed)
    let path = folder.file(CheckpointFolder.index)
    func error(_ change: (inout SafetensorsReadOptions) -> Void) -> SafetensorsError? {
      var options = SafetensorsReadOptions()
      change(&options)
      return #expect(throws: SafetensorsError.self) { try SafetensorsCheckpoint(path: path, options: options) }
    }
    func exceeded(_ what: String, _ limit: Int, at offset: Int) -> SafetensorsError {
      .malformedIndex(path: path, .json(.limitExceeded(what: what, limit: limit), offset: offset))
    }
    let text = CheckpointFolder.seedIndex
    func offset(_ key: String) -> Int {
      text.utf8.firstRange(of: "\"\(key)\"".utf8)?.lowerBound.utf16Offset(in: text) ?? -1
    }
    #expect(error { $0.maximumShardCount = 1 } == exceeded("shards", 1, at: offset("a")))
    #expect(error { $0.maximumIndexTensorCount = 2 } == exceeded("tensors", 2, at: offset("b")))
    #expect(error { $0.maximumMetadataCount = 1 } == exceeded("metadata entries", 1, at: offset("made")))
    let count = text.utf8.count
    #expect(
      error { $0.maximumIndexByteCount = count - 1 } == .file(.tooLarge(path: path, byteCount: count, limit: count - 1))
    )
    // The first shard's header is counted against what is left for the second.
    let first = CheckpointFolder.shard("a", "b").count - 28
    let second = CheckpointFolder.shard("c").count - 8 - 2
    #expect(
      error { $0.maximumShardHeaderByteCount = first + 20 }
        == .headerTooLarge(path: folder.file("s-2.safetensors"), byteCount: UInt64(second), limit: 20))
    for limit in [-1, 0] {
      #expect(error { $0.maximumShardHeaderByteCount = limit } != nil)
      #expect(error { $0.maximumIndexByteCount = limit } != nil)
    }
  }
}
