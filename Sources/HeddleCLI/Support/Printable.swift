/// Names from files, fit for a terminal.
enum Printable {
  /// Control characters, which could steer the terminal, are written out.
  static func text(_ name: String) -> String { written(name) { _ in false } }

  /// The same for text over several lines: ends of lines and tabulators stay.
  static func lines(_ text: String) -> String { written(text) { $0 == "\n" || $0 == "\t" } }

  private static func written(_ text: String, unless isKept: (Unicode.Scalar) -> Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case _ where isKept(scalar): result.unicodeScalars.append(scalar)
      case .control, .format, .lineSeparator, .paragraphSeparator:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
