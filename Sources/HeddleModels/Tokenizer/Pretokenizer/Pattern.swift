import HeddleText

/// A regular expression, of the kind by which tokenizers cut text into words: of several ways to match the first, as Ruby
/// and Perl have it.
///
/// What is understood: literals, `\n \r \t`, classes `[a-z\p{Lu}]`, `[^…]`, `\s`, `\S`, `\d`, `\p{…}`; groups `(?:…)` and
/// `(?i:…)` of alternatives; `?`, `*`, `+`, and of a class `{m}` and `{m,n}`; `?+`, `*+` and `++` of a class, which give
/// nothing back; `(?=…)` and `(?!…)` of a class; and `$`, the end of a line.
///
/// A match goes back over what it took only within itself, so the rules of `Pretokenizer` visit each scalar a bounded
/// number of times.
struct Pattern: Sendable {
  enum Instruction: Sendable {
    /// As many of a class as there are, but fewer down to `least` if what follows does not match.
    case run(ScalarClass, least: Int, most: Int, isPossessive: Bool)
    /// The next instruction, or where that fails the one so much further on.
    case either(orElse: Int)
    case jump(Int)
    /// Nothing, where the next is of the class, or is not.
    case look(ScalarClass, isNegative: Bool)
    case lineEnd
  }

  private let instructions: [Instruction]
  /// The class of the run that every match begins with, if the pattern is such. Where it does not match at the
  /// beginning of a run, it does nowhere in it.
  private let leadingRun: ScalarClass?

  /// Nil for text that is no such expression.
  init?(_ text: String) {
    guard let instructions = PatternCompiler.compile(text) else { return nil }
    self.instructions = instructions
    if case .run(let set, _, most: .max, _) = instructions.first { leadingRun = set } else { leadingRun = nil }
  }

  /// Storage that lasts from match to match: what may be tried yet, the last first.
  struct Scratch {
    fileprivate var retries: [Retry] = []
    init() {}
  }

  /// Where to go on, from `position` or any place down to `least`.
  fileprivate struct Retry {
    var instruction: Int
    var position: Int
    var least: Int
  }

  /// Appends the ends of the pieces of `range`: of each match, and of what is between matches.
  func cut(_ text: ScalarText, _ range: Range<Int>, _ scratch: inout Scratch, into ends: inout [Int]) {
    let limit = range.upperBound
    var position = range.lowerBound
    var start = position
    while position < limit {
      if let end = end(in: text, from: position, limit: limit, &scratch), end > position {
        if start < position { ends.append(position) }
        ends.append(end)
        position = end
        start = end
      } else {
        let isRun = leadingRun.map { text.isAny($0, at: position) } == true
        position &+= 1
        while isRun, position < limit, let leadingRun, text.isAny(leadingRun, at: position) { position &+= 1 }
      }
    }
    if start < limit { ends.append(limit) }
  }

  /// The end of the match that begins at `start`.
  private func end(in text: ScalarText, from start: Int, limit: Int, _ scratch: inout Scratch) -> Int? {
    scratch.retries.removeAll(keepingCapacity: true)
    var (next, position) = (0, start)
    while next < instructions.count {
      if let step = step(next, in: text, at: position, limit: limit, &scratch) {
        (next, position) = step
      } else {
        guard var retry = scratch.retries.popLast() else { return nil }
        (next, position) = (retry.instruction, retry.position)
        if retry.position > retry.least {
          retry.position &-= 1
          scratch.retries.append(retry)
        }
      }
    }
    return position
  }

  /// What comes after an instruction, or nil where it does not match.
  @inline(__always)
  private func step(
    _ index: Int, in text: ScalarText, at position: Int, limit: Int, _ scratch: inout Scratch
  ) -> (next: Int, position: Int)? {
    switch instructions[at: index] {
    case .run(let set, let least, let most, let isPossessive):
      let stop = most < limit &- position ? position &+ most : limit
      var end = position
      while end < stop, text.isAny(set, at: end) { end &+= 1 }
      let first = position &+ least
      guard end >= first else { return nil }
      if end > first, !isPossessive {
        scratch.retries.append(Retry(instruction: index &+ 1, position: end &- 1, least: first))
      }
      return (index &+ 1, end)
    case .either(let distance):
      scratch.retries.append(Retry(instruction: index &+ distance, position: position, least: position))
      return (index &+ 1, position)
    case .jump(let distance): return (index &+ distance, position)
    case .look(let set, let isNegative):
      return (position < limit && text.isAny(set, at: position)) != isNegative ? (index &+ 1, position) : nil
    case .lineEnd: return position == limit || text.values[at: position] == 0x0A ? (index &+ 1, position) : nil
    case nil: return nil
    }
  }
}
