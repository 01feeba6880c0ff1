import HeddlePlanning

/// A tape with its kernel made, and the memory in which the walk finds its launches: `Kernels/Tape/walk.cl`.
///
/// The walk reads addresses of buffers, which OpenCL does not keep alive for it: this does, from ``bind(_:on:)`` on.
final class BoundTape {
  let tape: Tape
  private let walk: any DeviceKernel
  private let addressOf: any DeviceKernel
  private let addresses: any DeviceMemory
  private let operands: any DeviceMemory
  private let launches: any DeviceMemory
  private let counters: any DeviceMemory
  /// The memory whose address is stored, by the tape's number of the buffer.
  private var bound: [(any DeviceMemory)?]
  private var isWritten = false
  private let walkers: Int
  /// Parts of a launch's tiles that work-groups begin with.
  private let homes: Int
  /// Host copies; writes of them may be under way until the run ends.
  private var operandNumbers: [Int32] = []
  private var launchNumbers: [Int32] = []

  /// Bytes of what different work-groups write apart: a line of the caches.
  private static let lineByteCount = 64
  /// More parts of a launch's tiles are smaller than what a work-group takes at a time.
  private static let mostHomes = 8
  /// Every launch's tiles are counted in 32 bits.
  static let mostTiles = 1 << 30

  init(_ tape: Tape, executable: DeviceExecutable) throws {
    self.tape = tape
    let runtime = executable.state.runtime
    let program = try executable.program(of: tape)
    walk = try program.makeKernel("tape_walk_wide")
    addressOf = try program.makeKernel("tape_address_of_wide")
    walkers = 4 &* runtime.target.computeUnits
    homes = min(max(1, runtime.target.computeUnits), Self.mostHomes)
    addresses = try runtime.allocate(max(16, 8 &* tape.buffers.count), access: .readWrite)
    let operandCount = tape.entries.reduce(0) { $0 &+ $1.operands.count &+ ($1.weights == nil ? 0 : 2) }
    operands = try runtime.allocate(max(16, 4 &* operandCount), access: .readOnly)
    launches = try runtime.allocate(max(16, 16 &* tape.entries.count), access: .readOnly)
    let lines = (1 &+ homes) &* tape.entries.count &+ 2
    counters = try runtime.allocate(Self.lineByteCount &* lines, access: .readWrite)
    bound = tape.buffers.map { _ in nil }
  }

  /// Lets go of the memory of a buffer. Earlier runs must be over.
  func forget(_ reference: BufferReference) {
    for (number, buffer) in tape.buffers.enumerated() where buffer == reference {
      bound.update(at: number) { $0 = nil }
    }
  }

  /// Makes the next run write what the walk reads of its launches: their parameters begin elsewhere.
  func moved() { isWritten = false }

  /// Stores where buffers are that are new, and what launches there are. The queue's earlier runs must be over.
  ///
  /// - Parameter blocks: where each launch's parameters begin, for all launches of the list.
  func bind(
    _ buffers: SessionBuffers, _ uniforms: any DeviceMemory, extents: Int, blocks: [Int], on queue: any DeviceQueue
  ) throws {
    for (number, reference) in tape.buffers.enumerated() where (bound[at: number] ?? nil) == nil {
      guard let memory = buffers[reference] else {
        throw ExecutionError.unsupported("\(reference)", reason: "it has no memory", Origin())
      }
      try addressOf.set(0, to: memory)
      try addressOf.set(1, to: addresses)
      try addressOf.set(2, to: Int32(clamping: number))
      _ = try queue.launch(addressOf, global: [1], local: [1], event: false)
      bound.update(at: number) { $0 = memory }
    }
    if isWritten { return }
    number(blocks)
    try operandNumbers.withUnsafeBytes { try queue.write($0, to: operands, offset: 0, waits: true) }
    try launchNumbers.withUnsafeBytes { try queue.write($0, to: launches, offset: 0, waits: true) }
    try queue.zero(counters, offset: 0, byteCount: counters.byteCount)
    for (index, memory) in [addresses, operands, launches, uniforms, counters].enumerated() {
      try walk.set(index, to: memory)
    }
    try walk.set(5, to: Int32(clamping: extents))
    try walk.set(6, to: Int32(clamping: tape.entries.count))
    try walk.set(7, to: Int32(clamping: homes))
    isWritten = true
  }

  /// Makes what the walk reads of launches, from the last to the first: each knows where the next weights behind it are.
  private func number(_ blocks: [Int]) {
    var launches: [[Int32]] = []
    var operands: [Int] = []
    var next: Int32 = -1
    for (entry, launch) in zip(tape.entries, tape.launches).reversed() {
      launches.append([
        Int32(clamping: entry.function), Int32(clamping: operands.count), Int32(clamping: blocks[at: launch] ?? 0),
        next,
      ])
      operands += entry.operands
      guard let weights = entry.weights, let memory = bound[at: weights] ?? nil else { continue }
      next = Int32(clamping: operands.count)
      operands += [weights, memory.byteCount.divided(by: Self.lineByteCount)]
    }
    launchNumbers = launches.reversed().flatMap { $0 }
    operandNumbers = operands.map { Int32(clamping: $0) }
  }

  /// Enqueues launches of the list, all of them the tape's.
  func enqueue(_ launches: Range<Int>, on queue: any DeviceQueue, event: Bool) throws -> (any DeviceEvent)? {
    try walk.set(8, to: Int32(clamping: launches.lowerBound &- tape.launches.lowerBound))
    try walk.set(9, to: Int32(clamping: launches.upperBound &- tape.launches.lowerBound))
    return try queue.launch(walk, global: [walkers], local: [1], event: event)
  }
}
