/// A name or a value from a file, fit for a message: quoted, control characters written out, at most 80 characters.
func quoted(_ text: String) -> String {
  let limit = 80
  var result = "'"
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar {
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "'": result += "\\'"
    case "\\": result += "\\\\"
    default:
      let isControl = scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      if isControl {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + (text.unicodeScalars.dropFirst(limit).isEmpty ? "'" : "…'")
}
