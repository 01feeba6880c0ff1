/// A text that would steer a terminal, hide or reorder what follows, or begin a line of its own.
enum HostileText {
  static let text =
    "\u{1B}]0;title\u{7}\u{1B}[31m\u{9B}2J\u{9D}8;;x\u{9C}\u{85}\n\r\t\u{0}\u{7F}\u{202E}\u{2066}\u{200B}\u{2028}\u{2029}\u{FEFF}\u{E0041}'\\é"

  /// The characters of `text` that a message must not have.
  static func remains(in text: String, allowingLines: Bool = false) -> [String] {
    text.unicodeScalars.filter { scalar in
      if allowingLines, scalar == "\n" || scalar == "\t" { return false }
      return switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
      default: false
      }
    }.map { "U+\(String($0.value, radix: 16))" }
  }
}
