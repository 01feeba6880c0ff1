import HeddleText

/// What a `tokenizer.json` does to text before it is cut into tokens, a line for each step, so that two files that do the
/// same have the same lines.
struct TextSteps {
  private(set) var normalizers: [String] = []
  private(set) var cuts: [String] = []

  init(_ tokenizer: TokenizerJSON) {
    normalizers = Self.lines(tokenizer.fields["normalizer"], of: "normalizers")
    cuts = Self.lines(tokenizer.fields["pre_tokenizer"], of: "pretokenizers")
  }

  /// The steps of a sequence one after the other, whatever sequences are in it.
  private static func lines(_ value: JSONValue?, of list: String) -> [String] {
    var waiting = value.map { [$0] } ?? []
    var lines: [String] = []
    while let step = waiting.popLast() {
      if step.isNull { continue }
      if step["type"]?.string == "Sequence" {
        waiting += (step[list]?.array ?? []).reversed()
      } else {
        lines.append(line(step))
      }
    }
    return lines
  }

  private static func line(_ step: JSONValue) -> String {
    let type = step["type"]?.string ?? "a step without a type"
    func flag(_ key: String, _ fallback: Bool) -> Bool { step[key]?.bool ?? fallback }
    switch type {
    case "Split":
      let pattern = pattern(step["pattern"])
      let (behavior, isInverted) = (step["behavior"]?.string ?? "", flag("invert", false))
      // What is between the matches goes, and with a pattern that ends so nothing is.
      if behavior == "Removed", isInverted, pattern.without(suffix: #"|\s+(?!\S)|\s+/"#) != nil {
        return "Split \(pattern) Isolated"
      }
      return "Split \(pattern) \(behavior)\(isInverted ? " inverted" : "")"
    case "Replace": return "Replace \(pattern(step["pattern"])) by \(quoted(step["content"]?.string ?? ""))"
    case "Prepend": return "Prepend \(quoted(step["prepend"]?.string ?? ""))"
    case "Digits": return flag("individual_digits", false) ? "Digits each" : "Digits together"
    case "Punctuation": return "Punctuation \(step["behavior"]?.string ?? "Isolated")"
    case "ByteLevel":
      return (flag("use_regex", true) ? "ByteLevel words" : "ByteLevel")
        + (flag("add_prefix_space", true) ? " with a space before" : "")
    case "Metaspace":
      let scheme = step["prepend_scheme"]?.string ?? (flag("add_prefix_space", true) ? "always" : "never")
      return "Metaspace \(quoted(step["replacement"]?.string ?? "▁")) \(scheme)" + (flag("split", true) ? " split" : "")
    default: return type
    }
  }

  /// A regular expression with line ends as they are written, or a text.
  private static func pattern(_ value: JSONValue?) -> String {
    if let text = value?["String"]?.string { return quoted(text) }
    var result = "/"
    for scalar in (value?["Regex"]?.string ?? "").unicodeScalars {
      switch scalar {
      case "\r": result += "\\r"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "/"
  }
}
