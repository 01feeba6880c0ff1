import HeddleText

/// Cuts runs of digits into groups of three, counted from their end.
struct DigitGroups: Sendable {
  /// What a digit is.
  var digits: ScalarClass
  /// Whether a run that goes on in a letter stays whole.
  var needsBoundary = false
  /// Whether a run is cut off from what comes before it, even where its first group is shorter than three.
  var isolatesRuns = true

  /// Appends the ends of the pieces of `range`.
  func cut(_ text: ScalarText, _ range: Range<Int>, into ends: inout [Int]) {
    let limit = range.upperBound
    var position = range.lowerBound
    var last = position
    func end(at place: Int) {
      guard place > last else { return }
      ends.append(place)
      last = place
    }
    while position < limit {
      guard text.isAny(digits, at: position) else {
        position &+= 1
        continue
      }
      let start = position
      while position < limit, text.isAny(digits, at: position) { position &+= 1 }
      if needsBoundary, position < limit, Self.isWord(text, at: position) { continue }
      let count = position &- start
      if isolatesRuns || count % 3 == 0 { end(at: start) }
      var place = start &+ count % 3
      while place < position {
        if place > start { end(at: place) }
        place &+= 3
      }
      if isolatesRuns { end(at: position) }
    }
    end(at: limit)
  }

  /// `\w` as Oniguruma has it, with the six numbers of Latin-1 that are no digits.
  private static func isWord(_ text: ScalarText, at index: Int) -> Bool {
    switch text.values[at: index] {
    case nil: false
    case 0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE: true
    case let value?:
      text.isAny(.word, at: index) || Unicode.Scalar(value)?.properties.isAlphabetic == true
    }
  }
}
