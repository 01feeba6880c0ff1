import HeddleText

/// Text cut into Unicode scalars, each with what rules ask of it.
struct ScalarText {
  private(set) var values: [UInt32] = []
  private(set) var categories: [ScalarCategories] = []
  /// Where each scalar begins in the text, and the text's end.
  private(set) var offsets: [Int] = []

  /// `text` is valid UTF-8.
  init(_ text: UnsafeBufferPointer<UInt8>) {
    values.reserveCapacity(text.count)
    categories.reserveCapacity(text.count)
    offsets.reserveCapacity(text.count)
    var index = 0
    while let lead = text[at: index] {
      let end = UTF8Text.end(of: index, in: text)
      var value = lead < 0x80 ? UInt32(lead) : UInt32(lead) & (0x7F >> UInt32(truncatingIfNeeded: end &- index))
      for continuation in text.part(from: index &+ 1, to: end) { value = value << 6 | UInt32(continuation & 0x3F) }
      offsets.append(index)
      values.append(value)
      categories.append(ScalarCategories(of: value))
      index = end
    }
    offsets.append(text.count)
  }

  var count: Int { values.count }

  /// Whether the scalar at `index` is of a class; false where there is none.
  func isAny(_ wanted: ScalarClass, at index: Int) -> Bool {
    guard let value = values[at: index], let categories = categories[at: index] else { return false }
    return wanted.contains(value, categories)
  }

  /// Whether the scalar at `index` is of one of some categories.
  func isAny(_ wanted: ScalarCategories, at index: Int) -> Bool {
    categories[at: index]?.isDisjoint(with: wanted) == false
  }
}
