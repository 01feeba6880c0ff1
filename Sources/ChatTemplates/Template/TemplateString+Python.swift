/// Python's string methods, provenance kept.
extension TemplateString {
  /// What Python's `str.isspace` says.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  func stripped(of characters: TemplateString?, start: Bool = true, end: Bool = true) -> TemplateString {
    func isStripped(_ scalar: Unicode.Scalar) -> Bool {
      characters.map { $0.scalars.contains(scalar) } ?? Self.isSpace(scalar)
    }
    var (first, last) = (0, count)
    while start, first < last, let scalar = scalars[at: first], isStripped(scalar) { first &+= 1 }
    while end, first < last, let scalar = scalars[at: last &- 1], isStripped(scalar) { last &-= 1 }
    return part(from: first, to: last)
  }

  func hasPrefix(_ prefix: TemplateString) -> Bool { scalars.starts(with: prefix.scalars) }
  func hasSuffix(_ suffix: TemplateString) -> Bool { scalars.reversed().starts(with: suffix.scalars.reversed()) }

  /// Where `other` begins first, at or after `start`.
  func firstIndex(of other: TemplateString, from start: Int = 0) -> Int? {
    let last = count &- other.count
    var position = max(start, 0)
    while position <= last {
      if scalars.part(from: position).starts(with: other.scalars) { return position }
      position &+= 1
    }
    return nil
  }

  /// The parts between occurrences of `separator`, which is not empty.
  func split(by separator: TemplateString, limit: Int) -> [TemplateString] {
    var parts: [TemplateString] = []
    var start = 0
    while limit < 0 || parts.count < limit, let next = firstIndex(of: separator, from: start) {
      parts.append(part(from: start, to: next))
      start = next &+ max(separator.count, 1)
    }
    return parts + [part(from: start)]
  }

  /// The parts between runs of spaces, none of them empty.
  func splitAtSpaces(limit: Int) -> [TemplateString] {
    var parts: [TemplateString] = []
    var rest = stripped(of: nil, end: false)
    while !rest.isEmpty {
      guard limit < 0 || parts.count < limit, let end = rest.scalars.firstIndex(where: Self.isSpace) else {
        return parts + [rest.stripped(of: nil, start: false, end: limit < 0)]
      }
      parts.append(rest.part(from: 0, to: end))
      rest = rest.part(from: end).stripped(of: nil, end: false)
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

  var swappingCase: TemplateString {
    mapScalars { $0.properties.isUppercase ? $0.properties.lowercaseMapping : $0.properties.uppercaseMapping }
  }

  /// The parts that line ends stand behind, and what follows the last one.
  func lines(keepingEnds: Bool) -> [TemplateString] {
    var lines: [TemplateString] = []
    var start = 0
    var position = 0
    while let scalar = scalars[at: position] {
      position &+= 1
      guard "\n\r\u{B}\u{C}\u{1C}\u{1D}\u{1E}\u{85}\u{2028}\u{2029}".unicodeScalars.contains(scalar) else { continue }
      let end = position &- 1
      if scalar == "\r", scalars[at: position] == "\n" { position &+= 1 }
      lines.append(part(from: start, to: keepingEnds ? position : end))
      start = position
    }
    return start < count ? lines + [part(from: start)] : lines
  }

  /// What a method such as `isdigit` says; nil if it is another.
  func answer(_ method: String) -> Bool? {
    func all(_ holds: (Unicode.Scalar.Properties) -> Bool) -> Bool {
      !isEmpty && scalars.allSatisfy { holds($0.properties) }
    }
    func isLetter(_ properties: Unicode.Scalar.Properties) -> Bool {
      [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter].contains(
        properties.generalCategory)
    }
    switch method {
    case "isdecimal": return all { $0.numericType == .decimal }
    case "isdigit": return all { $0.numericType == .decimal || $0.numericType == .digit }
    case "isnumeric": return all { $0.numericType != nil }
    case "isalpha": return all(isLetter)
    case "isalnum": return all { isLetter($0) || $0.numericType != nil }
    case "isspace": return !isEmpty && scalars.allSatisfy(Self.isSpace)
    case "isascii": return scalars.allSatisfy(\.isASCII)
    case "isupper":
      return scalars.contains { $0.properties.isUppercase } && !scalars.contains { $0.properties.isLowercase }
    case "islower":
      return scalars.contains { $0.properties.isLowercase } && !scalars.contains { $0.properties.isUppercase }
    default: return nil
    }
  }

  /// Jinja's filter `title`: what follows a space, a hyphen or an opening bracket begins a word.
  var titled: TemplateString {
    var begins = true
    return mapScalars { scalar in
      defer { begins = Self.isSpace(scalar) || "-({[<".unicodeScalars.contains(scalar) }
      return begins ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
    }
  }
}
