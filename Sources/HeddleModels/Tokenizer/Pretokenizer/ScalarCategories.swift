import HeddleText

/// Unicode's general categories as a set, and with them what has the White_Space property.
struct ScalarCategories: OptionSet, Sendable {
  let rawValue: UInt32

  /// The categories by the letters that regular expressions know them by.
  private static let letters: [(name: String, category: Unicode.GeneralCategory)] = [
    ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter), ("Lm", .modifierLetter),
    ("Lo", .otherLetter), ("Mn", .nonspacingMark), ("Mc", .spacingMark), ("Me", .enclosingMark),
    ("Nd", .decimalNumber), ("Nl", .letterNumber), ("No", .otherNumber), ("Pc", .connectorPunctuation),
    ("Pd", .dashPunctuation), ("Ps", .openPunctuation), ("Pe", .closePunctuation),
    ("Pi", .initialPunctuation), ("Pf", .finalPunctuation), ("Po", .otherPunctuation), ("Sm", .mathSymbol),
    ("Sc", .currencySymbol), ("Sk", .modifierSymbol), ("So", .otherSymbol), ("Zs", .spaceSeparator),
    ("Zl", .lineSeparator), ("Zp", .paragraphSeparator), ("Cc", .control), ("Cf", .format),
    ("Cs", .surrogate), ("Co", .privateUse), ("Cn", .unassigned),
  ]

  /// The bit of each category: its place in `letters`.
  private static let bits: [Unicode.GeneralCategory: UInt32] = {
    var bits: [Unicode.GeneralCategory: UInt32] = [:]
    for (index, entry) in letters.enumerated() { bits[entry.category] = 1 << UInt32(truncatingIfNeeded: index) }
    return bits
  }()

  /// `\s`, the White_Space property.
  static let space = ScalarCategories(rawValue: 1 << 31)
  static let mark = ScalarCategories(named: "M")
  static let nonspacingMark = ScalarCategories(named: "Mn")
  static let number = ScalarCategories(named: "N")
  /// `\d`
  static let digit = ScalarCategories(named: "Nd")
  /// Digits, marks and connectors, which are part of words beside letters.
  static let word: ScalarCategories = [mark, digit, ScalarCategories(named: "Pc")]
  static let punctuation = ScalarCategories(named: "P")
  /// Control, format and private use characters, and those that are none.
  static let other = ScalarCategories(named: "C")

  init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The categories that a name such as `Lu`, or its first letter for all that begin with it, stands for; none for others.
  init(named name: String) {
    var bits: UInt32 = 0
    for (index, entry) in Self.letters.enumerated() where entry.name.hasPrefix(name) && !name.isEmpty {
      bits |= 1 << UInt32(truncatingIfNeeded: index)
    }
    rawValue = bits
  }

  /// Of a scalar.
  init(of value: UInt32) {
    self = (value < 0x80 ? Self.lowest[at: Int(value)] : Self.plane[at: Int(value)]) ?? Self.computed(of: value)
  }

  /// Those of ASCII, apart: rules and texts of nothing else do not fill the other table.
  private static let lowest: [ScalarCategories] = (0..<0x80).map(computed(of:))

  /// Those of the scalars below U+10000, which nearly all text is of.
  private static let plane: [ScalarCategories] = (0..<0x10000).map(computed(of:))

  private static func computed(of value: UInt32) -> ScalarCategories {
    guard let scalar = Unicode.Scalar(value) else { return [] }
    let bits = bits[scalar.properties.generalCategory] ?? 0
    return ScalarCategories(rawValue: scalar.properties.isWhitespace ? bits | space.rawValue : bits)
  }
}
