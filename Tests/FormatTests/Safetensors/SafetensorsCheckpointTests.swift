import Foundation
import HeddleFormats
import HeddleTypes
import TestSupport
import Testing

@Suite struct SafetensorsCheckpointTests {
  /// Shards and an index that Hugging Face's packages wrote; `make.py` beside them says what is in them.
  @Test(arguments: [FileStorage.mapped, .copied]) func referenceCheckpoint(_ storage: FileStorage) throws {
    let options = SafetensorsReadOptions(storage: storage)
    let folder = TestResources.checkpointFolder
    let checkpoint = try SafetensorsCheckpoint(path: folder, options: options)
    #expect(checkpoint.path == folder)
    let names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    #expect(checkpoint.shards.map(\.name) == names && checkpoint.index?.shards == names)
    #expect(checkpoint.shards.allSatisfy { $0.file.metadata == ["format": "pt"] })
    #expect(checkpoint.index?.metadata == ["total_size": .integer(484)] && checkpoint.tensorByteCount == 484)
    #expect(checkpoint.fileByteCount == 1716 + 528)
    let dtypes: [(String, SafetensorsDtype)] = [
      ("bool", .bool), ("float4_e2m1fn_x2", .f4), ("uint8", .u8), ("int8", .i8), ("float8_e4m3fn", .f8_e4m3),
      ("float8_e5m2", .f8_e5m2), ("float8_e8m0fnu", .f8_e8m0), ("float8_e4m3fnuz", .f8_e4m3fnuz),
      ("float8_e5m2fnuz", .f8_e5m2fnuz), ("int16", .i16), ("uint16", .u16), ("float16", .f16), ("bfloat16", .bf16),
      ("int32", .i32), ("uint32", .u32), ("float32", .f32), ("complex64", .c64), ("float64", .f64), ("int64", .i64),
      ("uint64", .u64),
    ]
    #expect(checkpoint.tensors.count == dtypes.count + 1)
    for (place, (name, dtype)) in dtypes.enumerated() {
      let name = "model.\(name).weight"
      let info = try checkpoint.info(name)
      #expect(info.dtype == dtype && info.shape == [2, 4] && info.byteCount == dtype.bitCount)
      let bytes = try checkpoint.provider(for: name).withBytes { Array($0) }
      #expect(bytes == (0..<dtype.bitCount).map { UInt8(truncatingIfNeeded: place + $0) }, "\(name)")
      #expect(try checkpoint.shard(of: name).name == names[place < 17 ? 0 : 1], "\(name)")
    }
    #expect(try checkpoint.provider(for: "model.empty").withBytes { $0.count } == 0)
    #expect(checkpoint.contains("model.empty") && !checkpoint.contains("model"))
    let unknown = SafetensorsError.unknownTensor(path: folder, name: "model")
    #expect(throws: unknown) { try checkpoint.provider(for: "model") }
    #expect(throws: unknown) { try checkpoint.info("model") }
    let table = checkpoint.tensors
    #expect(table.allSatisfy { entry in entry.shard.file.tensors.contains(entry.tensor) })
  }

  /// A folder, with a slash or without, its index, and a file: all are checkpoints.
  @Test func ways() throws {
    let folder = try CheckpointFolder(CheckpointFolder.seed)
    for path in [folder.path, folder.path + "/", folder.file(CheckpointFolder.index)] {
      let checkpoint = try SafetensorsCheckpoint(path: path)
      #expect(checkpoint.path == path)
      #expect(checkpoint.tensors.map(\.tensor.name) == ["a", "b", "c"])
      #expect(checkpoint.tensors.map(\.shard.name) == ["s-1.safetensors", "s-1.safetensors", "s-2.safetensors"])
    }
    let file = try SafetensorsCheckpoint(path: folder.file("s-1.safetensors"))
    #expect(file.index == nil && file.shards.map(\.name) == ["s-1.safetensors"])
    // Whatever an index is called.
    try folder.write("other", Array(CheckpointFolder.seedIndex.utf8))
    #expect(try SafetensorsCheckpoint(path: folder.file("other")).index?.totalSize == 30)
    let single = try CheckpointFolder(["model.safetensors": CheckpointFolder.shard("b")])
    let checkpoint = try SafetensorsCheckpoint(path: single.path)
    #expect(checkpoint.index == nil && checkpoint.shards.map(\.file.path) == [single.file("model.safetensors")])
    #expect(checkpoint.shards.map(\.name) == ["model.safetensors"])
  }

  @Test func foldersThatHoldNone() throws {
    let folder = try CheckpointFolder(["config.json": [0x7B, 0x7D]])
    #expect(throws: SafetensorsError.noCheckpoint(folder: folder.path)) { try SafetensorsCheckpoint(path: folder.path) }
    let both = try CheckpointFolder(CheckpointFolder.seed)
    try both.write("model.safetensors", CheckpointFolder.shard("b"))
    #expect(throws: SafetensorsError.severalCheckpoints(folder: both.path)) {
      try SafetensorsCheckpoint(path: both.path)
    }
    let none = folder.file("none")
    #expect(throws: SafetensorsError.file(.notFound(path: none))) { try SafetensorsCheckpoint(path: none) }
    let cut = folder.path + "\0"
    #expect(throws: SafetensorsError.file(.notFound(path: cut))) { try SafetensorsCheckpoint(path: cut) }
    try FileManager.default.createDirectory(
      atPath: folder.file(CheckpointFolder.index), withIntermediateDirectories: false)
    #expect(
      throws: SafetensorsError.file(
        .notARegularFile(path: folder.file(CheckpointFolder.index), kind: "a directory"))
    ) { try SafetensorsCheckpoint(path: folder.path) }
  }

  /// What opening says once one of the seed's shards is other than the index says.
  private func error(_ change: (CheckpointFolder) throws -> Void) throws -> (SafetensorsError?, CheckpointFolder) {
    let folder = try CheckpointFolder(CheckpointFolder.seed)
    try change(folder)
    return (#expect(throws: SafetensorsError.self) { try SafetensorsCheckpoint(path: folder.path) }, folder)
  }

  private func defect(_ change: (CheckpointFolder) throws -> Void) throws -> SafetensorsIndexDefect? {
    let (error, folder) = try error(change)
    guard case .malformedIndex(folder.file(CheckpointFolder.index), let defect)? = error else {
      Issue.record("\(error.map { "\($0)" } ?? "accepted")")
      return nil
    }
    return defect
  }

  @Test func shardsAreWhatTheIndexSays() throws {
    let (one, two) = ("s-1.safetensors", "s-2.safetensors")
    #expect(try defect { try FileManager.default.removeItem(atPath: $0.file(two)) } == .missingShard(two))
    #expect(try defect { try $0.write(one, CheckpointFolder.shard("a")) } == .missingTensor("b", shard: one))
    #expect(try defect { try $0.write(two, SafetensorsBytes("{}").bytes) } == .missingTensor("c", shard: two))
    #expect(
      try defect { try $0.write(two, CheckpointFolder.shard("c", "d")) } == .unmappedTensor("d", shard: two))
    // In two shards, and in another one only.
    #expect(
      try defect { try $0.write(two, CheckpointFolder.shard("a", "c")) }
        == .misplacedTensor("a", shard: two, mapped: one))
    #expect(
      try defect {
        try $0.write(one, CheckpointFolder.shard("a"))
        try $0.write(two, CheckpointFolder.shard("b", "c"))
      } == .misplacedTensor("b", shard: two, mapped: one))
  }

  /// Names are compared by their bytes.
  @Test func twoSpellingsAreTwoTensors() throws {
    let folder = try CheckpointFolder([
      "s.safetensors": CheckpointFolder.shard("caf\u{E9}"),
      CheckpointFolder.index: Array("{\"weight_map\":{\"cafe\u{301}\":\"s.safetensors\"}}".utf8),
    ])
    #expect(
      throws: SafetensorsError.malformedIndex(
        path: folder.file(CheckpointFolder.index), .unmappedTensor("caf\u{E9}", shard: "s.safetensors"))
    ) { try SafetensorsCheckpoint(path: folder.path) }
  }

  @Test func shardsAreSoundFiles() throws {
    let two = "s-2.safetensors"
    var (got, folder) = try error {
      try FileManager.default.removeItem(atPath: $0.file(two))
      try FileManager.default.createDirectory(atPath: $0.file(two), withIntermediateDirectories: false)
    }
    #expect(got == .file(.notARegularFile(path: folder.file(two), kind: "a directory")))
    (got, folder) = try error {
      try FileManager.default.removeItem(atPath: $0.file(two))
      #expect(mkfifo($0.file(two), 0o600) == 0)
    }
    #expect(got == .file(.notARegularFile(path: folder.file(two), kind: "a named pipe")))
    (got, folder) = try error { try $0.write(two, []) }
    #expect(got == .file(.empty(path: folder.file(two))))
    (got, folder) = try error { try $0.write(two, Array(CheckpointFolder.shard("c").dropLast())) }
    #expect(
      got
        == .malformed(
          path: folder.file(two), offset: 9, .tensorOutsideFile(tensor: "c", end: 2, dataByteCount: 1)))
  }

  /// Neither an index nor a shard leads out of the folder, unless that is asked for.
  @Test func symbolicLinks() throws {
    let elsewhere = try CheckpointFolder(CheckpointFolder.seed)
    var following = SafetensorsReadOptions()
    following.followsLinks = true
    for name in ["s-2.safetensors", CheckpointFolder.index] {
      let folder = try CheckpointFolder(CheckpointFolder.seed)
      try FileManager.default.removeItem(atPath: folder.file(name))
      try folder.link(name, to: elsewhere.file(name))
      #expect(throws: SafetensorsError.symbolicLink(path: folder.file(name))) {
        try SafetensorsCheckpoint(path: folder.path)
      }
      #expect(try SafetensorsCheckpoint(path: folder.path, options: following).tensors.count == 3)
    }
    let folder = try CheckpointFolder(CheckpointFolder.seed)
    try FileManager.default.removeItem(atPath: folder.file("s-2.safetensors"))
    try folder.link("s-2.safetensors", to: "nowhere.safetensors")
    #expect(throws: SafetensorsError.symbolicLink(path: folder.file("s-2.safetensors"))) {
      try SafetensorsCheckpoint(path: folder.path)
    }
    #expect(
      throws: SafetensorsError.malformedIndex(
        path: folder.file(CheckpointFolder.index), .missingShard("s-2.safetensors"))
    ) { try SafetensorsCheckpoint(path: folder.path, options: following) }
    // The path itself may be one, and so may its folders: who names them knows.
    let links = try CheckpointFolder()
    try links.link("folder", to: elsewhere.path)
    try links.link("file", to: elsewhere.file("s-1.safetensors"))
    #expect(try SafetensorsCheckpoint(path: links.file("folder")).tensors.count == 3)
    #expect(try SafetensorsCheckpoint(path: links.file("file")).tensors.count == 2)
  }

  /// The bytes outlive the checkpoint.
  @Test func providersKeepTheMapping() throws {
    let provider: any ConstantProvider
    do { provider = try SafetensorsCheckpoint(path: TestResources.checkpointFolder).provider(for: "model.bool.weight") }
    #expect(provider.withBytes { Array($0) } == [0, 1, 2, 3, 4, 5, 6, 7])
  }
}
