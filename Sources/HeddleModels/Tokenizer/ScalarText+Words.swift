/// The scanners behind `Pretokenizer`. Each gives the end of the match that begins at `start`, always beyond it.
extension ScalarText {
  typealias Scanner = (_ start: Int, _ limit: Int) -> Int

  func cut(_ range: Range<Int>, by scanner: Scanner, _ body: (Range<Int>) -> Void) {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = scanner(start, range.upperBound)
      body(start..<max(start, end))
      start = end
    }
  }

  func gpt2Word(at start: Int, limit: Int) -> Int {
    if let end = contraction(at: start, limit: limit, ignoringCase: false) { return end }
    let first = afterOptionalSpace(at: start, limit: limit)
    if isAny(.letter, at: first) { return end(of: .letter, from: first, limit: limit) }
    if isAny(.number, at: first) { return end(of: .number, from: first, limit: limit) }
    if isSymbol(at: first) { return endOfSymbols(from: first, limit: limit) }
    return endOfSpaces(from: start, limit: limit)
  }

  func groupedWord(at start: Int, limit: Int, digits: Int) -> Int {
    if let end = contraction(at: start, limit: limit, ignoringCase: true) { return end }
    if isAny(.letter, at: start) { return end(of: .letter, from: start, limit: limit) }
    if isAny(.number, at: start) { return end(of: .number, from: start, limit: min(limit, start &+ digits)) }
    if !isAny(.lineEnd, at: start), start &+ 1 < limit, isAny(.letter, at: start &+ 1) {
      return end(of: .letter, from: start &+ 1, limit: limit)
    }
    let first = afterOptionalSpace(at: start, limit: limit)
    if isSymbol(at: first) {
      return end(of: .lineEnd, from: endOfSymbols(from: first, limit: limit), limit: limit)
    }
    // \s*[\r\n]+ reaches to the last line end of the run of spaces.
    var last = end(of: .space, from: start, limit: limit)
    while last > start {
      if isAny(.lineEnd, at: last &- 1) { return last }
      last &-= 1
    }
    return endOfSpaces(from: start, limit: limit)
  }

  /// One number, or everything up to the next.
  func digitOrRest(at start: Int, limit: Int) -> Int {
    isAny(.number, at: start) ? start &+ 1 : endOfRest(from: start, limit: limit) { isAny(.number, at: $0) }
  }

  /// A run of numbers, or everything up to the next.
  func numbersOrRest(at start: Int, limit: Int) -> Int {
    let inside = isAny(.number, at: start)
    return endOfRest(from: start, limit: limit) { isAny(.number, at: $0) != inside }
  }

  func punctuationOrRest(at start: Int, limit: Int) -> Int {
    let inside = isPunctuation(at: start)
    return endOfRest(from: start, limit: limit) { isPunctuation(at: $0) != inside }
  }

  /// Three ASCII digits, or everything up to the next three.
  func threeDigitsOrRest(at start: Int, limit: Int) -> Int {
    func begins(_ index: Int) -> Bool {
      index &+ 3 <= limit && (0..<3).allSatisfy { (0x30...0x39).contains(value(at: index &+ $0)) }
    }
    return begins(start) ? start &+ 3 : endOfRest(from: start, limit: limit, before: begins)
  }

  private func isPunctuation(at index: Int) -> Bool {
    if isAny(.punctuation, at: index) { return true }
    guard let scalar = Unicode.Scalar(value(at: index)) else { return false }
    return "$+<=>^~|".unicodeScalars.contains(scalar)
  }

  private func endOfRest(from start: Int, limit: Int, before stop: (Int) -> Bool) -> Int {
    var index = start &+ 1
    while index < limit, !stop(index) { index &+= 1 }
    return index
  }

  private func afterOptionalSpace(at start: Int, limit: Int) -> Int {
    value(at: start) == 0x20 && start &+ 1 < limit ? start &+ 1 : start
  }

  private func endOfSymbols(from start: Int, limit: Int) -> Int {
    var index = start
    while index < limit, isSymbol(at: index) { index &+= 1 }
    return index
  }

  /// `\s+(?!\S)|\s+`: a run of spaces leaves its last one to the word that follows.
  private func endOfSpaces(from start: Int, limit: Int) -> Int {
    let end = end(of: .space, from: start, limit: limit)
    return end < limit && end &- start > 1 ? end &- 1 : max(end, start &+ 1)
  }

  /// `'s|'t|'re|'ve|'m|'ll|'d`
  private func contraction(at start: Int, limit: Int, ignoringCase: Bool) -> Int? {
    guard value(at: start) == 0x27, start &+ 1 < limit else { return nil }
    func letter(_ index: Int) -> Character? {
      guard index < limit, let scalar = Unicode.Scalar(value(at: index)) else { return nil }
      guard ignoringCase else { return Character(scalar) }
      return scalar == "\u{17F}" ? "s" : Character(scalar.isASCII ? Self.lowercased(scalar) : scalar)
    }
    switch (letter(start &+ 1), letter(start &+ 2)) {
    case ("s", _), ("t", _), ("m", _), ("d", _): return start &+ 2
    case ("r", "e"), ("v", "e"), ("l", "l"): return start &+ 3
    default: return nil
    }
  }

  private static func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value & 0x7F) | 0x20) : scalar
  }
}
