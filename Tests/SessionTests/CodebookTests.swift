import Heddle
import HeddleHost
import Testing

/// The tables that formats' levels stand in.
@Suite struct CodebookTests {
  private static let books = ValueFormats.all.flatMap(\.codebooks)

  /// What the codes of a codebook stand for.
  private static func levels(_ name: String) -> [Int]? {
    switch name {
    case "iq2_xxs", "iq2_xs", "iq2_s": [8, 25, 43]
    case "iq3_xxs": [4, 12, 20, 28, 36, 44, 52, 62]
    case "iq3_s": [1, 3, 5, 7, 9, 11, 13, 15]
    case "iq1_s": [-1, 0, 1]
    case "iq4_nl": (0..<256).map { $0 < 128 ? $0 : $0 - 256 }
    default: nil
    }
  }

  /// SHA-256 of the levels as signed bytes: the memory of the tables in `ggml-common.h`. NF4's are float32 numbers, from the
  /// decimals of QLoRA's appendix E.
  private static let digests = [
    "iq2_xxs": "05826b5d3e472a3a78f196be62ac78acf81df0f909626e12ab9fa2a5d490dd54",
    "iq2_xs": "06e47aaca60b4dc1d9b5a3f34540437058a6b142b4d7a59d5ded769b4d1bf1de",
    "iq2_s": "e1aa1473412b0552c2174c30ef22ab4073f6a181b85a17056e8249bd2932fd88",
    "iq3_xxs": "46e35f5a997efdee6c99ce57854c8a0d4f0ff8ca57e5e8a60c0793ea580acf5d",
    "iq3_s": "bd1af4945a1717c65610b0284e4628b9a1ba3b306fae3a06f6e5f597356e349f",
    "iq1_s": "07540ffc1aeaf6ad4d97e96b0fcc765aae39671d4ae4a27bbd0e796fde167c6a",
    "iq4_nl": "61aa47540aa024b5d6ddaa839b84ffe59f3d5a349af5c6c7ffcb5e0474b46163",
    "nf4": "8501941daa1b8a90ad1bbfeb632e5101b5dddbc4bb52d6e55abcfd777e60c06a",
  ]

  @Test func `every codebook is the published table`() throws {
    #expect(Set(Self.books.map(\.name)) == Set(Self.digests.keys))
    for book in Self.books {
      var bytes: [UInt8] = []
      for entry in book.entries {
        if book.bitsPerCode == 32 {
          bytes += (0..<4).map { UInt8(truncatingIfNeeded: entry >> (8 * $0)) }
          continue
        }
        let levels = try #require(Self.levels(book.name))
        for code in 0..<book.codesPerEntry {
          let code = Int(entry >> UInt32(code * book.bitsPerCode)) & (1 << book.bitsPerCode - 1)
          bytes.append(UInt8(bitPattern: Int8(try #require(levels.indices.contains(code) ? levels[code] : nil))))
        }
      }
      var hash = SHA256()
      hash.update(bytes)
      #expect(SHA256.hexadecimal(hash.finalize()) == Self.digests[book.name], "\(book.name)")
    }
  }

  @Test func `a place beyond the end has no codes`() {
    for book in Self.books {
      #expect(book[0] == book.entries.first)
      #expect(book[-1] == 0 && book[book.entries.count] == 0 && book[.max] == 0)
    }
  }

  /// A program reads a codebook as often as it has instances of its format, and declares it once.
  @Test func `programs declare a codebook once`() throws {
    let source = """
      #define NAME(x) keys_##x
      #define LANES 1
      #define STRIDE 16
      #include "Values/{WEIGHT}.cl"
      #undef NAME
      #define NAME(x) values_##x
      #include "Values/iq2_xxs.cl"
      """
    let kernel = KernelReference(
      source: .text(name: "twice", source), entry: "twice_simt", defines: ["WEIGHT": "iq2_xxs"], parameters: [])
    let text = try KernelLibrary.text(of: kernel)
    #expect(text.ranges(of: "__constant ushort iq2_xxs_codebook[256] = {\n    0x0000, 0x0002,").count == 1)
    #expect(text.ranges(of: "(iq2_xxs_codebook, BYTE(").count == 2)
    let unknown = KernelReference(
      source: .text(name: "unknown", "#include \"Codebooks/q4_0.cl\""), entry: "unknown_simt", defines: [:],
      parameters: [])
    #expect(throws: KernelTextError.self) { try KernelLibrary.text(of: unknown) }
  }
}
