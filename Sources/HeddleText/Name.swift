/// A name as a key of a table: equal where its UTF-8 is.
///
/// Swift's strings are equal where Unicode calls them equivalent, so that é as one character and as e with an accent are one
/// key. Formats, C and Python compare bytes, and vocabularies have both. Whatever looks names of a file or a caller up
/// does so by this type; `Tests/FormatTests/NameTableTests` lists the tables that need not, and why.
package struct Name: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: some StringProtocol) { self.text = String(text) }

  package static func == (left: Name, right: Name) -> Bool { left.text.hasSameBytes(as: right.text) }

  package static func < (left: Name, right: Name) -> Bool { left.text.precedesByBytes(right.text) }

  package func hash(into hasher: inout Hasher) {
    let hashed: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
      hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    }
    if hashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
    // Two names in a row are not two others.
    hasher.combine(0xFF as UInt8)
  }
}

extension StringProtocol {
  /// Whether both have the same UTF-8, where `==` would also take canonically equivalent texts for equal.
  package func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }

  /// The order of UTF-8, which is the order of code points.
  package func precedesByBytes(_ other: some StringProtocol) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
