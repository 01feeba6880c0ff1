// Traps: never, places are found by `placeOf` or by walking them.
import HeddlePlanning
import OpenCLRuntime

// What stands at a session's inputs, outputs and states.
extension SessionRunner {
  func reset() throws {
    try drain()
    for state in graph.states {
      guard let index = placeOf[.state(state.name)] else { continue }
      try places[index].zero(try state.type.concreteShape(fixed), on: queue)
    }
    try queue.finish()
    mayHaveOverwrittenState = false
  }

  func bind(_ reference: BufferReference, to memory: BoundMemory?) throws -> Residence {
    try drain()
    let index = try place(reference)
    if case .buffer(let buffer, _, _) = memory, buffer.context !== executable.state.context {
      throw OpenCLError.foreignContext("a bound buffer must be of the backend's own context")
    }
    if let shape = memory?.shape {
      try graph.checkExtents(shape, of: "\(reference)", places[index].type, fixed: fixed)
    }
    let former = places[index]
    var place = former
    var residence = Residence.inPlace
    switch memory {
    case .buffer(let buffer, let shape, let isReadOnly):
      try place.bind(buffer, shape: shape, isReadOnly: isReadOnly)
    case .host(let host):
      residence = try place.bind(host, sharesBytes: sharesBytes(host, index), on: queue)
    case nil: place.unbind()
    }
    let previous = buffers
    buffers[reference] = place.buffer
    prepared = nil
    do {
      for list in lists { try list.rebind(reference, buffers) }
      try former.letGo(on: queue)
    } catch {
      buffers = previous
      for list in lists { try? list.rebind(reference, buffers) }
      try? place.letGo(on: queue)
      throw error
    }
    places[index] = place
    return residence
  }

  /// Whether another place has bytes of this memory and one of the two is written.
  private func sharesBytes(_ host: HostMemory, _ index: Int) -> Bool {
    places.indices.contains { other in
      guard other != index, case .mapped(let bound, _) = places[other].memory else { return false }
      return bound.overlaps(host) && !(places[other].isInput && places[index].isInput)
    }
  }

  /// Writes row-major bytes to the session's own or the caller's device memory.
  func write(_ bytes: UnsafeRawBufferPointer, to reference: BufferReference) throws {
    try drain()
    let index = try deviceMemory(reference)
    if case .buffer(isReadOnly: true) = places[index].memory {
      throw ExecutionError.unsupported("\(reference)", reason: "the bound buffer is read-only", Origin())
    }
    try queue.write(bytes, to: places[index].buffer)
    if case .own = places[index].memory, !bytes.isEmpty { places[index].memory = .own(isWritten: true) }
    prepared = nil
  }

  /// Reads row-major bytes, wherever the memory is.
  func read(_ bytes: UnsafeMutableRawBufferPointer, from reference: BufferReference) throws {
    try drain()
    let place = places[try place(reference)]
    func check(_ count: Int) throws {
      guard bytes.count <= count else {
        throw OpenCLError.bufferRange(offset: 0, byteCount: bytes.count, bufferBytes: count)
      }
    }
    guard let host = place.host else {
      _ = try deviceMemory(reference)
      // Before the first run there may be no extents.
      let shape = try? shape(of: reference)
      try check(try shape.map { try place.type.encoding.byteCount(shape: $0) } ?? place.buffer.byteCount)
      try queue.read(from: place.buffer, into: bytes)
      return
    }
    let held = RunMemory()
    let row = try place.rowMajorBytes(of: host, try shape(of: reference), held)
    try check(row.count)
    // Traps: never, the count was compared.
    withExtendedLifetime(held) { bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: row.prefix(bytes.count))) }
  }

  /// The extents that a place had in the last run.
  func shape(of reference: BufferReference) throws -> [Int] {
    try places[try place(reference)].type.concreteShape(lastBindings)
  }

  /// The buffer of a place, and the extents it had in the last run.
  func value(of reference: BufferReference) throws -> (buffer: Buffer, shape: [Int]) {
    try drain()
    return (places[try deviceMemory(reference)].buffer, try shape(of: reference))
  }

  private func place(_ reference: BufferReference) throws -> Int {
    if let index = placeOf[reference] { return index }
    throw ExecutionError.unsupported("\(reference)", reason: "the graph has no such input, output or state", Origin())
  }

  private func deviceMemory(_ reference: BufferReference) throws -> Int {
    let index = try place(reference)
    guard places[index].layout == nil else {
      throw ExecutionError.unsupported("\(reference)", reason: "its memory is not row-major", Origin())
    }
    guard places[index].host == nil else {
      throw ExecutionError.unsupported("\(reference)", reason: "it is bound to the host's memory: look there", Origin())
    }
    return index
  }
}
