import HeddlePlanning
import HeddleText

// Memory of the session's own: made when a step needs it, and more of it when one needs more.
extension SessionRunner {
  /// Bytes that are made at once where more might be needed later: below this, growing would cost more than it saves.
  static let leastByteCount = 256 << 10

  /// Bytes of a piece for what has none.
  private static let smallestByteCount = 16

  /// Makes room for a step's inputs, outputs and intermediates, and the launches ready for it. A step that fits makes
  /// nothing.
  ///
  /// - Throws: what the runtime throws, such as that the budget does not allow it: states stay as they were, and so does the
  ///   rest unless it had to go first to make room. Outputs may then be gone, and what was written to inputs.
  func makeRoom(for step: PreparedStep, in list: BoundCommandList, usesTapes: Bool) throws {
    try makeStates()
    let there = buffers[.arena]?.byteCount ?? 0
    var growths: [Growth] = []
    for (index, byteCount) in step.own {
      if let growth = growth(of: index, to: byteCount) { growths.append(growth) }
    }
    let placement = try list.placement(for: step.bindings, arenaByteCount: there) {
      greatestArena(beside: growths, there)
    }
    // Uniforms first, so that what is left is known.
    try list.adopt(placement, executable.state.runtime)
    // A part of the range has room to nearly double.
    let needed = max(placement.arena.byteCount, Self.smallestByteCount)
    let ample = max(needed, min(greatestArenaByteCount, Self.leastByteCount))
    if there < needed {
      growths.append(Growth(purpose: .arena, needed: needed, ample: ample, former: there))
    }
    try grow(growths)
    try list.prepare(placement, buffers, usesTapes: usesTapes)
  }

  /// The most bytes that intermediates may have if places grow by as much as they need.
  private func greatestArena(beside growths: [Growth], _ there: Int) -> Int {
    let runtime = executable.state.runtime
    let free = runtime.budgetByteCount &- runtime.allocatedByteCount
    let room = total([free, there] + growths.map(\.former)) &- total(growths.map(\.needed))
    return min(room, runtime.hostMemory.largestByteCount)
  }

  /// Makes room for so many bytes at one place.
  func makeRoom(for byteCount: Int, at index: Int) throws {
    if let growth = growth(of: index, to: byteCount) { try grow([growth]) }
  }

  /// Gives every state that needs it memory of the session's own, with the state's initial value.
  func makeStates() throws {
    if unmadeStates.isEmpty { return }
    for (index, state) in unmadeStates.sorted(by: { $0.key < $1.key }) {
      guard var made = places[at: index] else { continue }
      made.own = try allocate(made.greatestByteCount)
      try made.reset(try state.type.concreteShape(fixed), to: try initialValue(of: state), on: queue)
      try queue.finish()
      put(made, at: index)
      unmadeStates[index] = nil
    }
  }

  /// What the session's own memory is for.
  private enum Purpose {
    case arena
    case place(Int)
  }

  private struct Growth {
    var purpose: Purpose
    /// Bytes that are needed, that are made if the budget allows it, and that are there.
    var needed, ample, former: Int
  }

  /// Nil if there is room already.
  private func growth(of index: Int, to needed: Int) -> Growth? {
    guard let place = places[at: index] else { return nil }
    if let own = place.own, own.byteCount >= needed { return nil }
    let needed = max(needed, Self.smallestByteCount)
    // A driver may not give twice as much in one piece.
    let most = min(
      max(place.greatestByteCount, needed), max(needed, executable.state.runtime.hostMemory.largestByteCount))
    let ample = max(needed, min(max(needed.roundedUpToPowerOfTwo, Self.leastByteCount), most))
    return Growth(purpose: .place(index), needed: needed, ample: ample, former: place.own?.byteCount ?? 0)
  }

  /// Memory that was let go, which somebody else may still hold.
  private struct Former {
    weak var memory: (any DeviceMemory)?
    var purpose: Purpose
    /// The place as it was, without the memory.
    var place: SessionPlace?
    var isUnmade = false
  }

  /// Makes memory and puts it in the place of the former. That is let go first if there is no room for both: where new
  /// memory is refused all the same, it stands there again only if somebody else still holds it.
  private func grow(_ growths: [Growth]) throws {
    if growths.isEmpty { return }
    let runtime = executable.state.runtime
    let free = runtime.budgetByteCount &- runtime.allocatedByteCount
    let (needed, ample) = (total(growths.map(\.needed)), total(growths.map(\.ample)))
    let freed = total([free] + growths.map(\.former))
    let isAmple = ample <= freed
    let wanted = isAmple ? ample : needed
    let largest = runtime.hostMemory.largestByteCount
    let fits = growths.allSatisfy { (isAmple ? $0.ample : $0.needed) <= largest }
    // Beyond the budget, or what a piece may have, the runtime is left to say so, and all stays.
    let formers = fits && wanted > free && wanted <= freed ? growths.map { letGo($0.purpose) } : []
    do {
      let made = try growths.map { try allocate(isAmple ? $0.ample : $0.needed) }
      for (growth, memory) in zip(growths, made) { put(memory, for: growth.purpose) }
    } catch {
      for former in formers { putBack(former) }
      throw error
    }
  }

  private func letGo(_ purpose: Purpose) -> Former {
    defer { put(nil, for: purpose) }
    switch purpose {
    case .arena: return Former(memory: buffers[.arena], purpose: purpose)
    case .place(let index):
      var place = places[at: index]
      let memory = place?.own
      place?.own = nil
      return Former(memory: memory, purpose: purpose, place: place, isUnmade: unmadeOutputs.contains(index))
    }
  }

  private func putBack(_ former: Former) {
    guard let memory = former.memory else { return }
    guard case .place(let index) = former.purpose, var place = former.place else {
      return put(memory, for: former.purpose)
    }
    place.own = memory
    if !former.isUnmade { unmadeOutputs.remove(index) }
    put(place, at: index)
  }

  private func total(_ counts: [Int]) -> Int {
    counts.reduce(0) { sum, count in
      let (next, overflow) = sum.addingReportingOverflow(count)
      return overflow ? .max : next
    }
  }

  func allocate(_ byteCount: Int) throws -> any DeviceMemory {
    try executable.state.runtime.allocate(max(byteCount, Self.smallestByteCount), access: .readWrite)
  }

  private func put(_ memory: (any DeviceMemory)?, for purpose: Purpose) {
    switch purpose {
    case .arena: put(memory, at: .arena)
    case .place(let index):
      guard var place = places[at: index] else { return }
      place.own = memory
      if place.isOutput { unmadeOutputs.insert(index) }
      // What was written to an input is gone.
      if place.isInput, case .own(let count) = place.memory, count > 0 {
        place.memory = .own(writtenByteCount: 0)
        prepared = nil
      }
      put(place, at: index)
    }
  }

  /// Lets a place be this from now on.
  func put(_ place: SessionPlace, at index: Int) {
    places.update(at: index) { $0 = place }
    put(place.buffer, at: BufferReference(place.place))
  }

  private func put(_ memory: (any DeviceMemory)?, at reference: BufferReference) {
    if memory === buffers[reference] { return }
    buffers[reference] = memory
    for list in lists { list.forget(reference) }
  }
}
