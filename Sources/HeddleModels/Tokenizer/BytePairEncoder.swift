import HeapModule
import HeddleText

/// Byte pair encoding of one word: its bytes as tokens, then again and again the merge of lowest rank, leftmost first,
/// until no neighbours merge. A queue of possible merges over a linked list keeps a word of n bytes at O(n log n).
///
/// A byte without a token of its own is left out before merging, as in the tokenizers library.
struct BytePairEncoder: Sendable {
  let vocabulary: Vocabulary
  let merges: MergeTable
  /// Whether a word that is a token is taken whole, even if no sequence of merges makes it.
  let takesWholeWords: Bool
  private let byteIDs: [Int32]

  init(vocabulary: Vocabulary, merges: MergeTable, takesWholeWords: Bool) {
    self.vocabulary = vocabulary
    self.merges = merges
    self.takesWholeWords = takesWholeWords
    byteIDs = (UInt8.min...UInt8.max).map { byte in
      withUnsafePointer(to: byte) { vocabulary.id(of: UnsafeBufferPointer(start: $0, count: 1)) ?? -1 }
    }
  }

  /// Storage that lasts from word to word.
  struct Scratch {
    fileprivate var symbols: [Symbol] = []
    fileprivate var queue = Heap<Candidate>()
    init() {}
  }

  /// A token of the word, linked to its neighbours; -1 ends the list. `rank` and `merged` tell of the merge with the
  /// next symbol; a candidate whose rank differs is out of date.
  fileprivate struct Symbol {
    var id: Int32
    var previous: Int
    var next: Int
    var rank = UInt32.max
    var merged: Int32 = -1
  }

  fileprivate struct Candidate: Comparable {
    var rank: UInt32
    var position: Int

    static func < (left: Candidate, right: Candidate) -> Bool {
      left.rank != right.rank ? left.rank < right.rank : left.position < right.position
    }
  }

  func encode(_ word: UnsafeBufferPointer<UInt8>, _ scratch: inout Scratch, into ids: inout [Int]) {
    if takesWholeWords, let id = vocabulary.id(of: word) {
      ids.append(Int(id))
      return
    }
    scratch.symbols.removeAll(keepingCapacity: true)
    for byte in word {
      guard let id = byteIDs[at: Int(byte)], id >= 0 else { continue }
      let position = scratch.symbols.count
      scratch.symbols.append(Symbol(id: id, previous: position - 1, next: position + 1))
    }
    guard let last = scratch.symbols.indices.last else { return }
    scratch.symbols.update(at: last) { $0.next = -1 }
    for position in 0..<last { propose(position, &scratch) }
    while let candidate = scratch.queue.popMin() { apply(candidate, &scratch) }

    var position = 0
    while let symbol = scratch.symbols[at: position] {
      ids.append(Int(symbol.id))
      position = symbol.next
    }
  }

  private func apply(_ candidate: Candidate, _ scratch: inout Scratch) {
    let position = candidate.position
    guard let symbol = scratch.symbols[at: position], symbol.rank == candidate.rank,
      let after = scratch.symbols[at: symbol.next]?.next
    else { return }
    scratch.symbols.update(at: symbol.next) { ($0.rank, $0.next) = (.max, -1) }
    scratch.symbols.update(at: position) { ($0.id, $0.next) = (symbol.merged, after) }
    scratch.symbols.update(at: after) { $0.previous = position }
    if symbol.previous >= 0 { propose(symbol.previous, &scratch) }
    propose(position, &scratch)
  }

  /// Looks up the merge of the symbol at `position` with its next one.
  private func propose(_ position: Int, _ scratch: inout Scratch) {
    guard let symbol = scratch.symbols[at: position], let next = scratch.symbols[at: symbol.next],
      let merge = merges.merge(symbol.id, next.id)
    else {
      scratch.symbols.update(at: position) { $0.rank = .max }
      return
    }
    scratch.symbols.update(at: position) { ($0.rank, $0.merged) = (merge.rank, merge.result) }
    scratch.queue.insert(Candidate(rank: merge.rank, position: position))
  }
}
