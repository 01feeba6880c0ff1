import HeddlePlanning
import HeddleText

// What stands at a session's inputs, outputs and states.
extension SessionRunner {
  func reset() throws {
    try drain()
    for state in graph.states {
      guard let index = placeOf[.state(state.name)], unmadeStates[index] == nil else { continue }
      let (shape, initial) = (try state.type.concreteShape(fixed), try initialValue(of: state))
      try places.update(at: index) { try $0.reset(shape, to: initial, on: queue) }
    }
    try makeStates()
    try queue.finish()
    mayHaveOverwrittenState = false
  }

  /// Nil: zeros.
  func initialValue(of state: State) throws -> Tensor? {
    try state.initial.map { try executable.store.tensor($0) }
  }

  func bind(_ place: TensorPlace, to memory: BoundMemory?) throws -> Residence {
    try drain()
    let (index, found) = try find(place)
    let runtime = executable.state.runtime
    if case .device(let memory, _, _, _) = memory { try runtime.checkOwn(memory) }
    if let shape = memory?.shape {
      try graph.checkExtents(shape, of: "\(place)", found.type, fixed: fixed)
    }
    var former = found
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
      places.update(at: index) { $0 = former }
      throw error
    }
    put(bound, at: index)
    let isMade = bound.isBound || bound.own != nil
    unmadeStates[index] = isMade ? nil : graph.states.first { place == .state($0.name) }
    return residence
  }

  /// Whether another place has bytes of this memory and one of the two is written.
  private func sharesBytes(_ host: HostMemory, _ index: Int) -> Bool {
    places.enumerated().contains { other, place in
      guard other != index, case .mapped(let bound, _, _) = place.memory else { return false }
      return bound.overlaps(host) && !(place.isInput && places[at: index]?.isInput == true)
    }
  }

  /// Writes row-major bytes to the session's own or the caller's device memory.
  func write(_ bytes: UnsafeRawBufferPointer, to place: TensorPlace) throws {
    try drain()
    let (index, found) = try deviceMemory(place)
    if case .buffer(_, isReadOnly: true) = found.memory { throw ExecutionError.access(place, .readOnly) }
    var available = found.greatestByteCount
    if case .buffer(let buffer, _) = found.memory { available = buffer.byteCount }
    guard bytes.count <= available else {
      throw ExecutionError.byteCount(place, asked: bytes.count, available: available)
    }
    prepared = nil
    if bytes.isEmpty { return }
    if found.isState { try makeStates() }
    if found.usesOwn { try makeRoom(for: bytes.count, at: index) }
    try queue.write(bytes, to: try find(place).found.required(), offset: 0, waits: true)
    places.update(at: index) { found in
      if case .own(let written) = found.memory { found.memory = .own(writtenByteCount: max(written, bytes.count)) }
    }
  }

  /// Reads row-major bytes, wherever the memory is.
  func read(_ bytes: UnsafeMutableRawBufferPointer, from place: TensorPlace) throws {
    try checkReadable(bytes.count, from: place)
    let (_, found) = try find(place)
    guard let host = found.host else {
      if !bytes.isEmpty { try queue.read(from: try found.required(), into: bytes, waits: true) }
      return
    }
    let held = RunMemory()
    let row = try found.rowMajorBytes(of: host, try shape(of: place), held)
    withExtendedLifetime(held) {
      bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: row.part(from: 0, to: bytes.count)))
    }
  }

  /// Bytes at a place that may be read: none of an output that no run has made.
  private func readableByteCount(_ index: Int, _ found: SessionPlace) -> Int {
    if found.usesOwn, unmadeOutputs.contains(index) { return 0 }
    return found.buffer?.byteCount ?? 0
  }

  /// Throws unless so many row-major bytes of a place can be read: before memory is taken for them.
  func checkReadable(_ byteCount: Int, from place: TensorPlace) throws {
    try drain()
    if case .state = place { try makeStates() }
    let (index, found) = try find(place)
    func check(_ asked: Int, _ available: Int) throws(ExecutionError) {
      guard asked <= available else { throw .byteCount(place, asked: asked, available: available) }
    }
    guard let host = found.host else {
      _ = try deviceMemory(place)
      // Before the first run there may be no extents.
      let count = try (try? shape(of: place)).map { try found.type.encoding.byteCount(shape: $0) }
      // There is none before a run, or after one that failed once it had made room.
      let there = readableByteCount(index, found)
      return try check(byteCount, min(count ?? there, there))
    }
    let shape = try shape(of: place)
    try found.check(shape)
    let count = try found.type.encoding.byteCount(shape: shape)
    // Elements of an input may lie at one place: in a row they are no more than a device's memory.
    try check(count, max(host.bytes.count, executable.state.runtime.hostMemory.largestByteCount))
    try check(byteCount, count)
  }

  func type(of place: TensorPlace) throws(ExecutionError) -> TensorType { try find(place).found.type }

  /// The extents that a place had in the last run.
  func shape(of place: TensorPlace) throws -> [Int] {
    try find(place).found.type.concreteShape(lastBindings)
  }

  /// The device memory of a place, and the extents it had in the last run.
  ///
  /// - Throws: ``ExecutionError/byteCount(_:asked:available:)`` for an output that no run has made,
  ///   ``ExecutionError/boundMemory(_:expected:got:)`` for an input of which less was written than those extents say.
  func value(of place: TensorPlace) throws -> (memory: any DeviceMemory, shape: [Int]) {
    try drain()
    if case .state = place { try makeStates() }
    let (index, found) = try deviceMemory(place)
    let shape = try shape(of: place)
    if found.usesOwn {
      let needed = try found.byteCount(shape)
      if found.isOutput, found.own == nil || unmadeOutputs.contains(index) {
        throw ExecutionError.byteCount(place, asked: needed, available: 0)
      }
      if found.isInput, found.holdsValue { try found.checkWritten(shape) }
      try makeRoom(for: needed, at: index)
    }
    return (try find(place).found.required(), shape)
  }

  private func find(_ place: TensorPlace) throws(ExecutionError) -> (index: Int, found: SessionPlace) {
    if let index = placeOf[place], let found = places[at: index] { return (index, found) }
    throw .unknownPlace(place, known: places.map(\.place))
  }

  private func deviceMemory(_ place: TensorPlace) throws(ExecutionError) -> (index: Int, found: SessionPlace) {
    let (index, found) = try find(place)
    guard found.layout == nil else { throw .notRowMajor(place) }
    guard found.host == nil else { throw .boundToHost(place) }
    return (index, found)
  }
}
