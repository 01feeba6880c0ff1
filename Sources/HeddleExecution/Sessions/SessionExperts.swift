import HeddlePlanning
import HeddleText
import Synchronization

/// The experts that a session has on the device: pools of packed weights, filled from where constants are as steps choose.
///
/// Used by one thread at a time, which has the driver's turn while it fetches; only what was counted is seen by others.
final class SessionExperts {
  /// Of one cache of the plan.
  private struct Cache {
    let experts: Int
    let weights: [(rows: ExpertRows, packing: RowPacking, pool: any DeviceMemory)]
    /// Of an expert, packed.
    let byteCount: Int
    var slots: ExpertSlots
    /// Those that the run under way has fetched: whether they are there is known when it is over.
    var fresh: Set<Int32> = []
  }

  private struct PackingKey: Hashable {
    var rowByteCount: Int
    var unitByteCount: Int
    var rows: Int
  }

  /// Rows are brought to the device in pieces of so many bytes at most.
  private static let stagingByteCount = 8 << 20

  private var caches: [Cache] = []
  private let counted = Mutex(ExpertStatistics())

  var statistics: ExpertStatistics { counted.withLock { $0 } }

  init(_ executable: DeviceExecutable) throws {
    let runtime = executable.state.runtime
    var packings: [PackingKey: RowPacking] = [:]
    var total = 0
    for (cache, rows) in zip(executable.plan.expertCaches, executable.expertRows) {
      var weights: [(rows: ExpertRows, packing: RowPacking, pool: any DeviceMemory)] = []
      for (constant, rows) in zip(cache.weights, rows) {
        let key = PackingKey(rowByteCount: rows.rowByteCount, unitByteCount: rows.unitByteCount, rows: rows.rows)
        let packing =
          try packings[key]
          ?? RowPacking(
            executable.program(of: rows.kernel).makeKernel(rows.kernel.entry), by: 16, rowByteCount: rows.rowByteCount,
            unitByteCount: rows.unitByteCount,
            rowsAtOnce: min(max(1, Self.stagingByteCount.divided(by: rows.rowByteCount)), rows.rows), runtime)
        packings[key] = packing
        let pool = try runtime.allocate(max(16, cache.poolByteCount(constant)), access: .readWrite)
        total &+= pool.byteCount
        weights.append((rows, packing, pool))
      }
      caches.append(
        Cache(
          experts: cache.experts, weights: weights,
          byteCount: weights.reduce(0) { $0 &+ $1.rows.rows &* $1.rows.rowByteCount },
          slots: ExpertSlots(count: cache.resident)))
    }
    counted.withLock { $0.residentByteCount = total }
  }

  /// The pool of each weight of each cache.
  var pools: [[any DeviceMemory]] { caches.map { $0.weights.map(\.pool) } }

  /// A run begins.
  func begin() {
    for cache in caches.indices { caches.update(at: cache) { $0.fresh = [] } }
  }

  /// The run failed: nobody knows whether what it fetched is there.
  func giveUp() {
    for number in caches.indices {
      caches.update(at: number) { cache in
        for expert in cache.fresh { cache.slots.forget(expert) }
        cache.fresh = []
      }
    }
  }

  /// Reads which experts are wanted, fetches those that are not there, and writes where they are. What was enqueued before is over.
  ///
  /// - Parameters:
  ///   - memories: indices, slots, owners and the pools.
  ///   - block: the values of the fetch's parameters, in their order.
  ///   - check: called before each expert: what it throws ends the fetch.
  func run(
    _ fetch: ExpertFetch, _ memories: [any DeviceMemory], _ block: some Collection<Int64>, on queue: any DeviceQueue,
    _ check: () throws -> Void
  ) throws {
    let values = NameTable(zip(fetch.parameters, block).map { ($0, Int($1)) })
    guard let count = values["pairs"], count > 0, let from = memories[at: 0], let to = memories[at: 1],
      let ownersTo = memories[at: 2]
    else { return }
    func offset(_ name: String) -> Int { 4 &* (values["\(name)_offset"] ?? 0) }
    var indices = [Int32](filled: 0, count: count)  // Traps: never (clamped-count).
    try indices.withUnsafeMutableBytes {
      try queue.read(from: from, offset: offset("indices"), into: $0, waits: true)
    }
    let (slots, owners) = try fetchMissing(indices, fetch.cache, on: queue, check)
    try slots.withUnsafeBytes { try queue.write($0, to: to, offset: offset("slots"), waits: true) }
    try owners.withUnsafeBytes { try queue.write($0, to: ownersTo, offset: offset("owners"), waits: true) }
  }

  /// The slot of each index, and the expert of each slot.
  private func fetchMissing(
    _ indices: [Int32], _ number: Int, on queue: any DeviceQueue, _ check: () throws -> Void
  ) throws -> (slots: [Int32], owners: [Int32]) {
    guard let cache = caches[at: number] else { return (indices.map { _ in -1 }, []) }
    // An index from a buffer is never trusted.
    let experts = 0..<max(0, cache.experts)
    var wanted = UniqueList<Int32>()
    for index in indices where experts.contains(Int(index)) { _ = wanted.insert(index) }
    let resident = cache.slots.owners.count
    guard wanted.elements.count <= resident else {
      throw ExecutionError.expertsExceeded(needed: wanted.elements.count, resident: resident)
    }
    let missing = wanted.elements.filter { cache.slots.slot(of: $0) == nil }
    caches.update(at: number) { cache in
      for expert in wanted.elements { cache.slots.use(expert) }
    }
    counted.withLock {
      $0.hits &+= wanted.elements.count &- missing.count
      $0.misses &+= missing.count
    }
    for expert in missing {
      try check()
      try fetch(expert, number, on: queue)
    }
    let slots = caches[at: number]?.slots
    return (indices.map { Int32(truncatingIfNeeded: slots?.slot(of: $0) ?? -1) }, slots?.owners ?? [])
  }

  /// Packs an expert's rows into a slot of each pool.
  private func fetch(_ expert: Int32, _ number: Int, on queue: any DeviceQueue) throws {
    guard let slot = caches.update(at: number, { $0.slots.free() }), let cache = caches[at: number] else { return }
    for (rows, packing, pool) in cache.weights {
      try packing.setTarget(pool)
      var destination = slot &* rows.rows
      for part in rows.parts[at: Int(expert)] ?? [] {
        try packing.pack(part, to: destination, on: queue)
        destination &+= part.rows
      }
    }
    caches.update(at: number) {
      $0.slots.put(expert, in: slot)
      $0.fresh.insert(expert)
    }
    counted.withLock { $0.fetchedByteCount &+= cache.byteCount }
  }
}
