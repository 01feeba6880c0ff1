import HeddleText

/// Text cut into Unicode scalars, each with the properties that pretokenizer rules ask for.
struct ScalarText {
  struct Properties: OptionSet {
    let rawValue: UInt8
    /// `\p{L}`
    static let letter = Properties(rawValue: 1)
    /// `\p{N}`
    static let number = Properties(rawValue: 2)
    /// `\s`, the White_Space property
    static let space = Properties(rawValue: 4)
    /// `[\r\n]`
    static let lineEnd = Properties(rawValue: 8)
    /// `\p{P}`
    static let punctuation = Properties(rawValue: 16)
    /// What the rules name as a class of its own; anything else is a symbol.
    static let word: Properties = [letter, number, space]
  }

  private(set) var values: [UInt32] = []
  private(set) var properties: [Properties] = []
  /// Where each scalar begins in the text, and the text's end.
  private(set) var offsets: [Int] = []

  /// `text` is valid UTF-8.
  init(_ text: UnsafeBufferPointer<UInt8>) {
    values.reserveCapacity(text.count)
    properties.reserveCapacity(text.count)
    offsets.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let lead = text[index]
      let width = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      var value = width == 1 ? UInt32(lead) : UInt32(lead) & (0x7F >> UInt32(width))
      let end = min(index &+ width, text.count)
      for continuation in text.part(from: index &+ 1, to: end) { value = value << 6 | UInt32(continuation & 0x3F) }
      offsets.append(index)
      values.append(value)
      properties.append(Self.propertiesOfASCII[at: Int(value)] ?? Self.properties(of: value))
      index = end
    }
    offsets.append(text.count)
  }

  var count: Int { values.count }

  /// Whether the scalar at `index` has one of `wanted`.
  func isAny(_ wanted: Properties, at index: Int) -> Bool {
    properties[at: index]?.isDisjoint(with: wanted) == false
  }

  /// The scalar at an index; NUL where there is none.
  func value(at index: Int) -> UInt32 { values[at: index] ?? 0 }

  /// `[^\s\p{L}\p{N}]`
  func isSymbol(at index: Int) -> Bool { !isAny(.word, at: index) }

  /// The end of the run of scalars with one of `wanted` that begins at `start`.
  func end(of wanted: Properties, from start: Int, limit: Int) -> Int {
    var index = start
    while index < limit, isAny(wanted, at: index) { index += 1 }
    return index
  }

  private static let propertiesOfASCII: [Properties] = (0..<0x80).map(properties(of:))

  private static func properties(of value: UInt32) -> Properties {
    guard let scalar = Unicode.Scalar(value) else { return [] }
    var result: Properties = scalar.properties.isWhitespace ? .space : []
    if value == 0x0A || value == 0x0D { result.insert(.lineEnd) }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: result.insert(.letter)
    case .decimalNumber, .letterNumber, .otherNumber: result.insert(.number)
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      result.insert(.punctuation)
    default: break
    }
    return result
  }
}
