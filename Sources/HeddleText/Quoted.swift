/// A name or a value from a file, fit for a message: quoted, control characters written out, at most 80 characters.
package func quoted(_ text: String) -> String {
  let limit = 80
  var result = "'"
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar {
    case "'": result += "\\'"
    case "\\": result += "\\\\"
    default:
      if let escape = Printable.escape(scalar) {
        result += escape
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + (text.unicodeScalars.dropFirst(limit).isEmpty ? "'" : "…'")
}
