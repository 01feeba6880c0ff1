import HeddleFormats
import Testing

/// A sound file, damaged everywhere: it opens or it throws, it never traps.
@Suite struct SafetensorsSweepTests {
  /// Opens the bytes and uses everything that can be used. True if they are a file.
  private func survives(_ bytes: [UInt8]) -> Bool {
    do throws(SafetensorsError) {
      let file = try SafetensorsFile(bytes: bytes)
      var covered = 0
      for tensor in file.tensors {
        covered += try file.provider(for: tensor.name).withBytes { $0.reduce(0) { count, _ in count + 1 } }
      }
      return covered == bytes.count - file.dataOffset
    } catch {
      return error.description.isEmpty
    }
  }

  @Test func everyPrefixIsAnError() {
    let seed = SafetensorsBytes.seed
    #expect(survives(seed))
    for count in seed.indices {
      let error = #expect(throws: SafetensorsError.self) {
        try SafetensorsFile(bytes: Array(seed.prefix(count)), name: "cut")
      }
      switch error {
      case .file(.empty): #expect(count == 0)
      case .truncated(_, let offset, _, let needed, let remaining):
        #expect(offset + remaining == count && needed > remaining && count < seed.count - 31)
      case .malformed(_, _, .tensorOutsideFile(_, _, let dataByteCount)): #expect(dataByteCount < 31)
      default: Issue.record("\(count) bytes: \(error.map { "\($0)" } ?? "accepted")")
      }
    }
  }

  @Test func everyBitFlippedParsesOrThrows() {
    let seed = SafetensorsBytes.seed
    var accepted = 0
    for index in seed.indices.dropLast(31) {
      for bit in 0..<8 {
        var bytes = seed
        bytes[index] ^= 1 << bit
        if survives(bytes) { accepted += 1 }
      }
    }
    // Letters of names and of metadata are free; most else is not.
    #expect(accepted > 50 && accepted < seed.count * 8 / 4, "\(accepted)")
  }

  @Test func everyByteChangedParsesOrThrows() {
    let seed = SafetensorsBytes.seed
    for index in seed.indices.dropLast(31) {
      for value in Array("\0\"\\{}[],:-09 \u{7f}".utf8) + [0x80, 0xff] {
        var bytes = seed
        bytes[index] = value
        _ = survives(bytes)
        bytes.remove(at: index)
        _ = survives(bytes)
        bytes.insert(contentsOf: [value, value], at: index)
        _ = survives(bytes)
      }
    }
  }
}
