import HeddlePlanning

// What stands at a session's inputs, outputs and states.
extension SessionRunner {
  // Traps: never, a place is found by its index.
  func reset() throws {
    try drain()
    for state in graph.states {
      guard let index = placeOf[.state(state.name)] else { continue }
      let initial = try state.initial.map { try executable.store.tensor($0) }
      try places[index].reset(try state.type.concreteShape(fixed), to: initial, on: queue)
    }
    try queue.finish()
    mayHaveOverwrittenState = false
  }

  // Traps: never, a place is found by `index(of:)`.
  func bind(_ place: TensorPlace, to memory: BoundMemory?) throws -> Residence {
    try drain()
    let index = try index(of: place)
    let runtime = executable.state.runtime
    if case .device(let memory, _, _, _) = memory { try runtime.checkOwn(memory) }
    if let shape = memory?.shape {
      try graph.checkExtents(shape, of: "\(place)", places[index].type, fixed: fixed)
    }
    var former = places[index]
    var bound = former
    var residence = Residence.inPlace
    switch memory {
    case .device(let memory, let layout, let shape, let isReadOnly):
      try bound.bind(memory, layout: layout, shape: shape, isReadOnly: isReadOnly)
    case .host(let host):
      residence = try bound.bind(host, sharesBytes: sharesBytes(host, index), on: queue, of: runtime)
    case nil: bound.unbind()
    }
    let previous = buffers
    buffers[place] = bound.buffer
    prepared = nil
    let reference = BufferReference(place)
    do {
      for list in lists { try list.rebind(reference, buffers) }
      try former.letGo(on: queue)
    } catch {
      buffers = previous
      for list in lists { try? list.rebind(reference, buffers) }
      try? bound.letGo(on: queue)
      // The host has again what stays bound.
      try? former.giveBack(on: queue)
      places[index] = former
      throw error
    }
    places[index] = bound
    return residence
  }

  // Traps: never, places are counted where they are walked.
  /// Whether another place has bytes of this memory and one of the two is written.
  private func sharesBytes(_ host: HostMemory, _ index: Int) -> Bool {
    places.indices.contains { other in
      guard other != index, case .mapped(let bound, _) = places[other].memory else { return false }
      return bound.overlaps(host) && !(places[other].isInput && places[index].isInput)
    }
  }

  // Traps: never, a place is found by `index(of:)`.
  /// Writes row-major bytes to the session's own or the caller's device memory.
  func write(_ bytes: UnsafeRawBufferPointer, to place: TensorPlace) throws {
    try drain()
    let index = try deviceMemory(place)
    if case .buffer(isReadOnly: true) = places[index].memory { throw ExecutionError.access(place, .readOnly) }
    let available = places[index].buffer.byteCount
    guard bytes.count <= available else {
      throw ExecutionError.byteCount(place, asked: bytes.count, available: available)
    }
    try queue.write(bytes, to: places[index].buffer, offset: 0, waits: true)
    if case .own = places[index].memory, !bytes.isEmpty { places[index].memory = .own(isWritten: true) }
    prepared = nil
  }

  // Traps: never, a place is found by `index(of:)`, and the count was compared.
  /// Reads row-major bytes, wherever the memory is.
  func read(_ bytes: UnsafeMutableRawBufferPointer, from place: TensorPlace) throws {
    try drain()
    let found = places[try index(of: place)]
    func check(_ count: Int) throws(ExecutionError) {
      guard bytes.count <= count else { throw .byteCount(place, asked: bytes.count, available: count) }
    }
    guard let host = found.host else {
      _ = try deviceMemory(place)
      // Before the first run there may be no extents.
      let shape = try? shape(of: place)
      try check(try shape.map { try found.type.encoding.byteCount(shape: $0) } ?? found.buffer.byteCount)
      try queue.read(from: found.buffer, into: bytes, waits: true)
      return
    }
    let held = RunMemory()
    let row = try found.rowMajorBytes(of: host, try shape(of: place), held)
    try check(row.count)
    withExtendedLifetime(held) { bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: row.prefix(bytes.count))) }
  }

  // Traps: never, a place is found by `index(of:)`.
  func type(of place: TensorPlace) throws(ExecutionError) -> TensorType { places[try index(of: place)].type }

  // Traps: never, a place is found by `index(of:)`.
  /// The extents that a place had in the last run.
  func shape(of place: TensorPlace) throws -> [Int] {
    try places[try index(of: place)].type.concreteShape(lastBindings)
  }

  // Traps: never, a place is found by `index(of:)`.
  /// The device memory of a place, and the extents it had in the last run.
  func value(of place: TensorPlace) throws -> (memory: any DeviceMemory, shape: [Int]) {
    try drain()
    return (places[try deviceMemory(place)].buffer, try shape(of: place))
  }

  private func index(of place: TensorPlace) throws(ExecutionError) -> Int {
    if let index = placeOf[place] { return index }
    throw .unknownPlace(place, known: places.map(\.place))
  }

  // Traps: never, a place is found by `index(of:)`.
  private func deviceMemory(_ place: TensorPlace) throws(ExecutionError) -> Int {
    let index = try index(of: place)
    guard places[index].layout == nil else { throw .notRowMajor(place) }
    guard places[index].host == nil else { throw .boundToHost(place) }
    return index
  }
}
