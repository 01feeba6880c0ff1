import HeapModule
import HeddleText

/// A token of a text that is being merged, linked to its neighbours; -1 ends the list. `rank` and `merged` tell of the
/// merge with the next symbol; a candidate whose rank differs is out of date.
struct TextSymbol {
  var id: Int32
  /// The bytes of the text.
  var start: Int
  var end: Int
  fileprivate var previous: Int
  fileprivate var next: Int
  fileprivate var rank = UInt32.max
  fileprivate var merged: Int32 = -1
}

/// What two neighbours become, and how early: the least rank first.
struct Merge {
  var rank: UInt32
  var result: Int32
}

/// Says which neighbours merge.
protocol MergeRule: Sendable {
  func merge(_ left: TextSymbol, _ right: TextSymbol, in text: UnsafeBufferPointer<UInt8>) -> Merge?
}

/// Merges neighbours of a text, again and again those of least rank, leftmost first, until none merge. A queue of
/// possible merges over a linked list keeps a text of n symbols at O(n log n). Its storage lasts from text to text.
struct SymbolMerger<Rule: MergeRule> {
  private let rule: Rule
  private var symbols: [TextSymbol] = []
  private var queue = Heap<Candidate>()

  init(_ rule: Rule) { self.rule = rule }

  private struct Candidate: Comparable {
    var rank: UInt32
    var position: Int

    static func < (left: Candidate, right: Candidate) -> Bool {
      left.rank != right.rank ? left.rank < right.rank : left.position < right.position
    }
  }

  /// Adds a symbol at the end: a token, and where it stands in the text.
  mutating func append(_ id: Int32, _ range: Range<Int>) {
    let position = symbols.count
    symbols.append(
      TextSymbol(
        id: id, start: range.lowerBound, end: range.upperBound, previous: position &- 1, next: position &+ 1))
  }

  /// Merges all symbols, appends their ids, and forgets them.
  mutating func merge(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
    guard let last = symbols.indices.last else { return }
    symbols.update(at: last) { $0.next = -1 }
    for position in 0..<max(0, last) { propose(position, text) }
    while let candidate = queue.popMin() { apply(candidate, text) }

    var position = 0
    while let symbol = symbols[at: position] {
      ids.append(Int(symbol.id))
      position = symbol.next
    }
    symbols.removeAll(keepingCapacity: true)
  }

  private mutating func apply(_ candidate: Candidate, _ text: UnsafeBufferPointer<UInt8>) {
    let position = candidate.position
    guard let symbol = symbols[at: position], symbol.rank == candidate.rank, let next = symbols[at: symbol.next]
    else { return }
    symbols.update(at: symbol.next) { ($0.rank, $0.next) = (.max, -1) }
    symbols.update(at: position) { ($0.id, $0.end, $0.next) = (symbol.merged, next.end, next.next) }
    symbols.update(at: next.next) { $0.previous = position }
    if symbol.previous >= 0 { propose(symbol.previous, text) }
    propose(position, text)
  }

  /// Looks up the merge of the symbol at `position` with its next one.
  private mutating func propose(_ position: Int, _ text: UnsafeBufferPointer<UInt8>) {
    guard let symbol = symbols[at: position], let next = symbols[at: symbol.next],
      let merge = rule.merge(symbol, next, in: text)
    else {
      symbols.update(at: position) { $0.rank = .max }
      return
    }
    symbols.update(at: position) { ($0.rank, $0.merged) = (merge.rank, merge.result) }
    queue.insert(Candidate(rank: merge.rank, position: position))
  }
}
