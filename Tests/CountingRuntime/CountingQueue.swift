import HeddleExecution
import HeddleTypes

/// Memory of the host in a device's place.
final class CountingMemory: DeviceMemory, @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer
  let kernelAccess: KernelAccess
  let counts: Counts
  private let isWrapped: Bool

  var byteCount: Int { bytes.count }

  init(_ bytes: UnsafeMutableRawBufferPointer, access: KernelAccess, counts: Counts, isWrapped: Bool) {
    self.bytes = bytes
    kernelAccess = access
    self.counts = counts
    self.isWrapped = isWrapped
    counts.add(1, .memory)
    // What nobody wrote is no zero.
    if !isWrapped { for index in bytes.indices { bytes[index] = 0xA5 } }
  }

  deinit {
    counts.add(-1, .memory)
    if isWrapped { return }
    counts.release(bytes.count)
    bytes.deallocate()
  }

  /// The bytes of a range.
  func part(_ offset: Int, _ count: Int) throws(CountingError) -> UnsafeMutableRawBufferPointer {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { throw .range }
    return UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }
}

/// Does at once what it is told; only its events wait for the gate.
final class CountingQueue: DeviceQueue {
  private let counts: Counts
  private let gate: Gate
  let isTimed: Bool

  init(counts: Counts, gate: Gate, isTimed: Bool) {
    self.counts = counts
    self.gate = gate
    self.isTimed = isTimed
    counts.add(1, .queue)
  }

  deinit { counts.add(-1, .queue) }

  func write(_ bytes: UnsafeRawBufferPointer, to memory: any DeviceMemory, offset: Int, waits: Bool) throws {
    try counts.enter(.write)
    try counts.own(memory).part(offset, bytes.count).copyMemory(from: bytes)
    if waits { gate.wait() }
  }

  func read(
    from memory: any DeviceMemory, offset: Int, into bytes: UnsafeMutableRawBufferPointer, waits: Bool
  ) throws {
    try counts.enter(.read)
    bytes.copyMemory(from: UnsafeRawBufferPointer(try counts.own(memory).part(offset, bytes.count)))
    if waits { gate.wait() }
  }

  func zero(_ memory: any DeviceMemory, offset: Int, byteCount: Int) throws {
    try counts.enter(.zero)
    let part = try counts.own(memory).part(offset, byteCount)
    for index in part.indices { part[index] = 0 }
  }

  func map(_ memory: any DeviceMemory, access: KernelAccess) throws -> UnsafeMutableRawPointer {
    try counts.enter(.map)
    guard let address = try counts.own(memory).bytes.baseAddress else { throw CountingError.range }
    counts.add(1, .mapping)
    return address
  }

  func unmap(_ memory: any DeviceMemory, _ address: UnsafeMutableRawPointer) throws {
    try counts.enter(.unmap)
    guard try counts.own(memory).bytes.baseAddress == address else { throw CountingError.range }
    counts.add(-1, .mapping)
  }

  func launch(
    _ kernel: any DeviceKernel, global: [Int], local: [Int], event: Bool
  ) throws -> (any DeviceEvent)? {
    try counts.enter(.launch)
    guard let kernel = kernel as? CountingKernel else { throw CountingError.foreign }
    try kernel.checkArguments()
    guard global.count == local.count, zip(global, local).allSatisfy({ $0 > 0 && $1 > 0 && $0 % $1 == 0 }) else {
      throw CountingError.range
    }
    counts.launched(global: global, local: local)
    return event ? CountingEvent(counts: counts, gate: gate) : nil
  }

  func makeMarker() throws -> any DeviceEvent {
    try counts.enter(.makeMarker)
    return CountingEvent(counts: counts, gate: gate)
  }

  func flush() throws { try counts.enter(.flush) }

  func finish() throws {
    try counts.enter(.finish)
    gate.wait()
  }
}

/// Complete while the gate is open.
final class CountingEvent: DeviceEvent {
  private let counts: Counts
  private let gate: Gate

  init(counts: Counts, gate: Gate) {
    self.counts = counts
    self.gate = gate
    counts.add(1, .event)
  }

  deinit { counts.add(-1, .event) }

  func wait() throws {
    try counts.enter(.wait)
    gate.wait()
  }

  func wait(timeout: Duration) throws -> Bool {
    try counts.enter(.wait)
    return gate.wait(timeout)
  }

  /// As if every command took a microsecond.
  var times: (started: Int, ended: Int) {
    get throws {
      try counts.enter(.times)
      return (1000, 2000)
    }
  }
}
