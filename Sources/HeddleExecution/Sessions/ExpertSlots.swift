import HeddleText

/// Which expert is in which slot. The one that was used longest ago makes room for another.
struct ExpertSlots {
  /// The expert of each slot; −1 for none.
  private(set) var owners: [Int32]
  private var slotOf: [Int32: Int] = [:]
  /// When each slot was used last; 0 for one that is free.
  private var uses: [Int]
  private var now = 0

  init(count: Int) {
    owners = [Int32](filled: -1, count: count)  // Traps: never (clamped-count).
    uses = [Int](filled: 0, count: count)  // Traps: never (clamped-count).
  }

  /// The slot of an expert; nil if it has none.
  func slot(of expert: Int32) -> Int? { slotOf[expert] }

  /// Makes an expert that has a slot the latest.
  mutating func use(_ expert: Int32) {
    guard let slot = slotOf[expert] else { return }
    now &+= 1
    uses.update(at: slot) { $0 = now }
  }

  /// The slot that was used longest ago, free from now on.
  mutating func free() -> Int {
    let slot = uses.indices.min { (uses[at: $0] ?? 0) < (uses[at: $1] ?? 0) } ?? 0
    forget(owners[at: slot] ?? -1)
    return slot
  }

  /// An expert is in a free slot from now on, the latest.
  mutating func put(_ expert: Int32, in slot: Int) {
    owners.update(at: slot) { $0 = expert }
    slotOf[expert] = slot
    use(expert)
  }

  /// Frees the slot of an expert, if it has one.
  mutating func forget(_ expert: Int32) {
    guard let slot = slotOf.removeValue(forKey: expert) else { return }
    owners.update(at: slot) { $0 = -1 }
    uses.update(at: slot) { $0 = 0 }
  }
}
