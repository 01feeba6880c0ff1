/// Python's string methods, provenance kept.
extension TemplateString {
  /// What Python's `str.isspace` says.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  // Traps: never, a range of scalars is in 0..<count, and its first and last are in it.
  func stripped(of characters: TemplateString?, start: Bool = true, end: Bool = true) -> TemplateString {
    func isStripped(_ scalar: Unicode.Scalar) -> Bool {
      characters.map { $0.scalars.contains(scalar) } ?? Self.isSpace(scalar)
    }
    var range = 0..<count
    while start, let first = range.first, isStripped(scalars[first]) { range = (first + 1)..<range.upperBound }
    while end, let last = range.last, isStripped(scalars[last]) { range = range.lowerBound..<last }
    return self[range]
  }

  func hasPrefix(_ prefix: TemplateString) -> Bool { scalars.starts(with: prefix.scalars) }
  func hasSuffix(_ suffix: TemplateString) -> Bool { scalars.reversed().starts(with: suffix.scalars.reversed()) }

  // Traps: never, starts are in 0...count.
  /// Where `other` begins first, at or after `start`.
  func firstIndex(of other: TemplateString, from start: Int = 0) -> Int? {
    guard start >= 0, other.count <= count, start <= count - other.count else { return nil }
    return (start...(count - other.count)).first { scalars[$0...].starts(with: other.scalars) }
  }

  // Traps: never, callers pass separators that are not empty: after each, the text goes on or ends.
  /// The parts between occurrences of `separator`, which is not empty.
  func split(by separator: TemplateString, limit: Int) -> [TemplateString] {
    var parts: [TemplateString] = []
    var start = 0
    while limit < 0 || parts.count < limit, let next = firstIndex(of: separator, from: start) {
      parts.append(self[start..<next])
      start = next + max(separator.count, 1)
    }
    return parts + [self[start..<count]]
  }

  // Traps: never, an index of the rest is not above its count.
  /// The parts between runs of spaces, none of them empty.
  func splitAtSpaces(limit: Int) -> [TemplateString] {
    var parts: [TemplateString] = []
    var rest = stripped(of: nil, end: false)
    while !rest.isEmpty {
      guard limit < 0 || parts.count < limit, let end = rest.scalars.firstIndex(where: Self.isSpace) else {
        return parts + [rest.stripped(of: nil, start: false, end: limit < 0)]
      }
      parts.append(rest[0..<end])
      rest = rest[end..<rest.count].stripped(of: nil, end: false)
    }
    return parts
  }

  func joining(_ parts: [TemplateString]) -> TemplateString {
    var result = TemplateString()
    for (index, part) in parts.enumerated() {
      if index > 0 { result.append(self) }
      result.append(part)
    }
    return result
  }

  var uppercased: TemplateString { mapScalars { $0.properties.uppercaseMapping } }
  var lowercased: TemplateString { mapScalars { $0.properties.lowercaseMapping } }

  /// The first letter of each word (or of the text) upper case, the others lower case.
  func capitalized(everyWord: Bool) -> TemplateString {
    var begins = true
    return mapScalars { scalar in
      defer { begins = everyWord && !scalar.properties.isAlphabetic }
      return begins ? scalar.properties.titlecaseMapping : scalar.properties.lowercaseMapping
    }
  }
}
