/// A name, equal to another where its UTF-8 is: the key of a ``NameTable``.
///
/// Swift's strings are equal where Unicode calls them equivalent, so that é as one character and as e with an accent are
/// one key. Formats, C and Python compare bytes, and vocabularies have both spellings. So every table of names that a
/// file or a caller brings, and every `==` between two such names, goes by this type. A `[String: …]` stays where all
/// keys are ours, or where a caller makes the dictionary; `NameTableTests` lists those.
public struct Name: Hashable, Comparable, Sendable {
  public let text: String

  public init(_ text: String) { self.text = text }

  public static func == (left: Name, right: Name) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }

  /// The order of UTF-8, which is the order of code points.
  public static func < (left: Name, right: Name) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    let hashed: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
      hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    }
    if hashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
    // Two names in a row are not two others.
    hasher.combine(0xFF as UInt8)
  }
}

extension String {
  /// What stands behind a beginning, compared by bytes; nil if the text does not begin so.
  package func without(prefix: String) -> String? {
    guard utf8.starts(with: prefix.utf8) else { return nil }
    return String(decoding: Array(utf8).part(from: prefix.utf8.count), as: UTF8.self)
  }

  /// What stands before an ending, compared by bytes; nil if the text does not end so.
  package func without(suffix: String) -> String? {
    let bytes = Array(utf8)
    let count = bytes.count &- suffix.utf8.count
    guard count >= 0, bytes.part(from: count).elementsEqual(suffix.utf8) else { return nil }
    return String(decoding: bytes.part(from: 0, to: count), as: UTF8.self)
  }

  /// Whether both have the same UTF-8, where `==` takes canonically equivalent texts for equal.
  package func hasSameBytes(as other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
  }
}
