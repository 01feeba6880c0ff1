import HeddleFormats
import Testing

/// A sound file, damaged everywhere: it opens or it throws, it never traps.
@Suite struct SweepTests {
  /// Opens the bytes and uses everything that can be used. True if they are a file.
  private func survives(_ bytes: [UInt8]) -> Bool {
    do throws(GGUFError) {
      let file = try GGUFFile(bytes: bytes)
      var sum = 0
      for key in file.metadata.keys { sum &+= file.metadata[key]?.description.count ?? 0 }
      for tensor in file.tensors {
        sum &+= try file.provider(for: tensor.name).withBytes { $0.reduce(0) { $0 &+ Int($1) } }
        sum &+= tensor.description.count
      }
      _ = try file.constantStore().ids
      return sum >= 0
    } catch {
      return error.description.isEmpty
    }
  }

  @Test(arguments: [UInt32(2), 3]) func everyPrefixIsAnError(version: UInt32) throws {
    let seed = GGUFBytes.seed(version: version)
    #expect(survives(seed))
    // The last tensor has 6 bytes at 96 of 128: the bytes after it are nobody's.
    let needed = seed.count - 128 + 96 + 6
    #expect(needed >= 200)
    var kinds: Set<String> = []
    for count in 0..<needed {
      let error = #expect(throws: GGUFError.self) { try GGUFFile(bytes: Array(seed.prefix(count)), name: "cut") }
      switch error {
      case .file(.empty): kinds.insert("empty")
      case .truncated(_, let offset, _, let needed, let remaining):
        kinds.insert("truncated")
        #expect(offset + remaining == count && needed > remaining)
      case .malformed(_, _, .tensorOutsideFile(_, _, _, let dataByteCount)):
        kinds.insert("outside")
        #expect(dataByteCount < 128)
      default: Issue.record("\(count) bytes: \(error.map { "\($0)" } ?? "accepted")")
      }
    }
    #expect(kinds == ["empty", "truncated", "outside"])
    for count in needed...seed.count { #expect(survives(Array(seed.prefix(count)))) }
  }

  @Test(arguments: [UInt32(2), 3]) func everyByteChangedParsesOrThrows(version: UInt32) {
    let seed = GGUFBytes.seed(version: version)
    var accepted = 0
    for index in seed.indices {
      for value in [0, 0xff, seed[index] ^ 0x80, seed[index] &+ 1] {
        var bytes = seed
        bytes[index] = value
        if survives(bytes) { accepted += 1 }
      }
    }
    #expect(accepted > 128 * 4, "the data bytes alone are free")
    #expect(accepted < seed.count * 4)
  }

  /// Lengths and counts are 64 bits: every aligned and unaligned word set to the numbers that wrap.
  @Test func everyWordChangedParsesOrThrows() {
    let seed = GGUFBytes.seed()
    let words: [UInt64] = [.max, 1 << 63, (1 << 63) - 1, 1 << 32, (1 << 61) + 1, 1 << 24, UInt64.max / 24 + 1]
    for index in 0..<seed.count - 8 {
      for word in words {
        var bytes = seed
        bytes.replaceSubrange(index..<index + 8, with: little(word))
        _ = survives(bytes)
      }
    }
  }

  @Test(arguments: 0..<8) func randomDamageParsesOrThrows(seed: Int) {
    var generator = SplitMix(state: UInt64(seed))
    let original = GGUFBytes.seed()
    for _ in 0..<250 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0 ... .max, using: &generator)
        case 1: bytes.remove(at: Int.random(in: bytes.indices, using: &generator))
        default:
          bytes.insert(.random(in: 0 ... .max, using: &generator), at: Int.random(in: bytes.indices, using: &generator))
        }
      }
      _ = survives(bytes)
    }
  }
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
