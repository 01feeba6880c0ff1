/// Texts that others wrote, fit for a terminal or a log: no character of theirs steers it, hides or reorders what follows.
///
/// Every error's description goes through here as a whole, so that no payload can be forgotten.
package enum Printable {
  /// One line: control and format characters, line breaks too, are written out as `\n` or `\u{1b}`.
  ///
  /// A text that came out of here stays as it is, so errors may hold each other's descriptions.
  package static func text(_ text: some StringProtocol) -> String { escaped(text, keepingLines: false) }

  /// As ``text(_:)``, but line breaks and tabs stay: for sources and build logs.
  package static func lines(_ text: some StringProtocol) -> String { escaped(text, keepingLines: true) }

  /// Writes a character out if it is not to be seen: a control or format character, or a line separator.
  static func escape(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case " "..."~": return nil
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        return "\\u{\(String(scalar.value, radix: 16))}"
      default: return nil
      }
    }
  }

  private static func escaped(_ text: some StringProtocol, keepingLines: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isKept = keepingLines && (scalar == "\n" || scalar == "\t")
      if !isKept, let escape = escape(scalar) {
        result += escape
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
