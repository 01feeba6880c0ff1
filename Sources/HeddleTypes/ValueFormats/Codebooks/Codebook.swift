import HeddleText

/// A table of levels that formats of values share out by place: data of a format, read by its oracle and written into the
/// text of its device programs (`#include "Codebooks/<name>.cl"`).
///
/// An entry is some codes of few bits, the first lowest; what a code stands for is said where it is decoded. The tables are
/// those of `ggml-common.h`, entry by entry, with each level replaced by its place among the levels of the table; NF4's are float32
/// numbers themselves.
package struct Codebook: Sendable {
  /// That of the first format with this table; `<name>_codebook` in programs.
  package let name: String
  /// How many codes an entry has, and bits a code: 32 bits an entry at most.
  package let codesPerEntry, bitsPerCode: Int
  package let entries: [UInt32]

  init(_ name: String, codesPerEntry: Int, bitsPerCode: Int, _ entries: [UInt32]) {
    self.name = name
    self.codesPerEntry = codesPerEntry
    self.bitsPerCode = bitsPerCode
    self.entries = entries
  }

  /// Bytes of an entry in memory: 2 or 4.
  package var entryByteCount: Int { codesPerEntry &* bitsPerCode <= 16 ? 2 : 4 }

  /// The entry at a place; 0 if there is none.
  package subscript(_ place: Int) -> UInt32 { entries[at: place] ?? 0 }
}
