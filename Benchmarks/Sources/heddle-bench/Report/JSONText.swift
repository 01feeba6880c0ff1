import Foundation

/// JSON whose objects keep the order they are written in.
indirect enum JSONText {
  case string(String)
  case number(Double)
  case integer(Int)
  case bool(Bool)
  case array([JSONText])
  case object([(String, JSONText)])

  /// One line, or with `indentation` a line for each element of the outer levels.
  func text(depth: Int = 0, expanded levels: Int = 1) -> String {
    switch self {
    case .string(let value): return JSONText.quoted(value)
    case .number(let value): return value.isFinite ? JSONText.significant(value) : "null"
    case .integer(let value): return "\(value)"
    case .bool(let value): return "\(value)"
    case .array(let values):
      return enclosed(values.map { $0.text(depth: depth + 1, expanded: levels) }, "[", "]", depth, levels)
    case .object(let pairs):
      let members = pairs.map { "\(JSONText.quoted($0.0)): \($0.1.text(depth: depth + 1, expanded: levels))" }
      return enclosed(members, "{", "}", depth, levels)
    }
  }

  private func enclosed(_ parts: [String], _ open: String, _ close: String, _ depth: Int, _ levels: Int) -> String {
    guard depth < levels, !parts.isEmpty else { return open + parts.joined(separator: ", ") + close }
    let indent = String(repeating: "  ", count: depth + 1)
    return open + "\n" + parts.map { indent + $0 }.joined(separator: ",\n") + "\n" + String(indent.dropLast(2)) + close
  }

  /// Five digits are more than a measurement has.
  private static func significant(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : String(format: "%.5g", value)
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result += scalar.value < 0x20 ? String(format: "\\u%04x", scalar.value) : String(scalar)
      }
    }
    return result + "\""
  }
}
