import HeddleText

extension Array {
  /// Changes the last element, if there is one.
  mutating func updateLast(_ change: (inout Element) -> Void) {
    guard var last = popLast() else { return }
    change(&last)
    append(last)
  }
}

/// Items read from the front on, with a look ahead. No position traps: beyond the end there is nothing.
struct TemplateCursor<Item> {
  let items: [Item]
  private(set) var position = 0

  init(_ items: [Item]) { self.items = items }

  var isAtEnd: Bool { position >= items.count }

  /// The item so far ahead of the position, or behind it.
  func peek(_ offset: Int = 0) -> Item? { items[at: position &+ offset] }

  /// Goes on, at most to the end.
  mutating func advance(_ count: Int = 1) { position = min(position &+ max(count, 0), items.count) }

  /// So many items from the position on, as far as they are there.
  func ahead(_ count: Int) -> ArraySlice<Item> { items.part(from: position, to: position &+ count) }

  /// What was read since `start`.
  func read(since start: Int) -> ArraySlice<Item> { items.part(from: start, to: position) }
}

/// How much of a limit is used up. Spending more throws.
struct TemplateBudget {
  let limit: Int
  /// What is counted, for the message: `steps`.
  let unit: String
  private(set) var used = 0

  init(_ limit: Int, _ unit: String) {
    self.limit = limit
    self.unit = unit
  }

  /// - Throws: ``ChatTemplateError/limitExceeded(_:line:)``.
  mutating func spend(_ amount: Int = 1, line: Int) throws(ChatTemplateError) {
    let (sum, overflow) = used.addingReportingOverflow(max(amount, 0))
    guard !overflow, sum <= limit else { throw .limitExceeded("\(limit) \(unit)", line: line) }
    used = sum
  }

  /// Gives a unit back: of a depth, when it is left.
  mutating func giveBack() { used = max(used &- 1, 0) }
}
