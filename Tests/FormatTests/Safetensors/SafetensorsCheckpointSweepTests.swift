import HeddleFormats
import Testing

/// A sound checkpoint, its index or a shard damaged everywhere: it opens or it throws, it never traps.
@Suite struct SafetensorsCheckpointSweepTests {
  private let folder: CheckpointFolder

  init() throws { folder = try CheckpointFolder(CheckpointFolder.seed) }

  /// Opens the checkpoint with a file of it changed, and uses everything that can be used. True if it is one.
  private func survives(_ name: String, _ bytes: [UInt8]) throws -> Bool {
    try folder.write(name, bytes)
    do throws(SafetensorsError) {
      let checkpoint = try SafetensorsCheckpoint(path: folder.path)
      var covered = 0
      for (tensor, shard) in checkpoint.tensors {
        covered += try checkpoint.provider(for: tensor.name).withBytes { $0.reduce(0) { count, _ in count + 1 } }
        guard try checkpoint.shard(of: tensor.name).name == shard.name else { return false }
      }
      return covered == checkpoint.tensorByteCount && covered == 30
    } catch {
      return error.description.isEmpty
    }
  }

  @Test(arguments: [CheckpointFolder.index, "s-1.safetensors"]) func everyCutIsAnError(_ name: String) throws {
    let seed = try #require(CheckpointFolder.seed[name])
    #expect(try survives(name, seed))
    // The index ends with a line break.
    for count in 0..<seed.count - (name == CheckpointFolder.index ? 1 : 0) {
      #expect(try !survives(name, Array(seed.prefix(count))), "\(count) bytes")
    }
  }

  @Test(arguments: [(CheckpointFolder.index, 0), ("s-1.safetensors", 28)])
  func everyBitFlippedParsesOrThrows(_ name: String, data: Int) throws {
    let seed = try #require(CheckpointFolder.seed[name])
    var accepted = 0
    for index in seed.indices.dropLast(data) {
      for bit in 0..<8 {
        var bytes = seed
        bytes[index] ^= 1 << bit
        if try survives(name, bytes) { accepted += 1 }
      }
    }
    // Names, spaces and metadata of the index are free, as long as they agree with the shards; most else is not.
    #expect(accepted < seed.count * 8 / 4, "\(accepted)")
  }

  @Test func everyByteOfTheIndexChangedParsesOrThrows() throws {
    let seed = Array(CheckpointFolder.seedIndex.utf8)
    for index in seed.indices {
      for value in Array("\0\"\\{},:-/".utf8) + [0xff] {
        var bytes = seed
        bytes[index] = value
        _ = try survives(CheckpointFolder.index, bytes)
      }
    }
  }
}
