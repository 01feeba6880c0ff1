import HeddlePlanning

// What stands at a session's inputs, outputs and states.
extension SessionRunner {
  // Traps: never, a place is found by its index.
  func reset() throws {
    try drain()
    for state in graph.states {
      guard let index = placeOf[.state(state.name)], unmadeStates[index] == nil else { continue }
      try places[index].reset(try state.type.concreteShape(fixed), to: try initialValue(of: state), on: queue)
    }
    try makeStates()
    try queue.finish()
    mayHaveOverwrittenState = false
  }

  /// Nil: zeros.
  func initialValue(of state: State) throws -> Tensor? {
    try state.initial.map { try executable.store.tensor($0) }
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
    prepared = nil
    do {
      try former.letGo(on: queue)
    } catch {
      try? bound.letGo(on: queue)
      // The host has again what stays bound.
      try? former.giveBack(on: queue)
      places[index] = former
      throw error
    }
    put(bound, at: index)
    unmadeStates[index] = bound.buffer == nil ? graph.states.first { place == .state($0.name) } : nil
    return residence
  }

  // Traps: never, places are counted where they are walked.
  /// Whether another place has bytes of this memory and one of the two is written.
  private func sharesBytes(_ host: HostMemory, _ index: Int) -> Bool {
    places.indices.contains { other in
      guard other != index, case .mapped(let bound, _, _) = places[other].memory else { return false }
      return bound.overlaps(host) && !(places[other].isInput && places[index].isInput)
    }
  }

  // Traps: never, a place is found by `index(of:)`.
  /// Writes row-major bytes to the session's own or the caller's device memory.
  func write(_ bytes: UnsafeRawBufferPointer, to place: TensorPlace) throws {
    try drain()
    let index = try deviceMemory(place)
    if case .buffer(_, isReadOnly: true) = places[index].memory { throw ExecutionError.access(place, .readOnly) }
    var available = places[index].greatestByteCount
    if case .buffer(let buffer, _) = places[index].memory { available = buffer.byteCount }
    guard bytes.count <= available else {
      throw ExecutionError.byteCount(place, asked: bytes.count, available: available)
    }
    prepared = nil
    if bytes.isEmpty { return }
    try makeStates()
    if places[index].usesOwn { try makeRoom(for: bytes.count, at: index) }
    try queue.write(bytes, to: try places[index].required(), offset: 0, waits: true)
    if case .own(let written) = places[index].memory {
      places[index].memory = .own(writtenByteCount: max(written, bytes.count))
    }
  }

  // Traps: never, a place is found by `index(of:)`, and the count was compared.
  /// Reads row-major bytes, wherever the memory is.
  func read(_ bytes: UnsafeMutableRawBufferPointer, from place: TensorPlace) throws {
    try drain()
    try makeStates()
    let found = places[try index(of: place)]
    func check(_ count: Int) throws(ExecutionError) {
      guard bytes.count <= count else { throw .byteCount(place, asked: bytes.count, available: count) }
    }
    guard let host = found.host else {
      _ = try deviceMemory(place)
      // Before the first run there may be no extents.
      let count = try (try? shape(of: place)).map { try found.type.encoding.byteCount(shape: $0) }
      // There is none before a run, or where a run that failed let it go.
      let there = found.buffer?.byteCount ?? 0
      try check(min(count ?? there, there))
      if !bytes.isEmpty { try queue.read(from: try found.required(), into: bytes, waits: true) }
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
    try makeStates()
    let index = try deviceMemory(place)
    let shape = try shape(of: place)
    if places[index].usesOwn { try makeRoom(for: try places[index].byteCount(shape), at: index) }
    return (try places[index].required(), shape)
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
