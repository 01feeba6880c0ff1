// Traps: never, places are found by `placeOf` or by walking them, and lists, launches and durations are counted by the
// plan.
import HeddlePlanning
import OpenCLRuntime

/// The work of a session. Touched by one thread at a time: only inside ``OpenCLSession``'s exclusive section.
final class SessionRunner: @unchecked Sendable {
  private let executable: OpenCLExecutable
  private let graph: Graph
  private let fixed: Bindings
  private let queue: CommandQueue
  private var profilingQueue: CommandQueue?
  private var buffers: SessionBuffers
  /// What a caller may bind, in the graph's order: inputs, states, outputs.
  private var places: [SessionPlace]
  private let placeOf: [BufferReference: Int]
  private let lists: [BoundCommandList]
  /// The last step of which only symbols were said, as long as nothing else is bound.
  private var prepared: PreparedStep?
  /// What the last such step was asked for, and all symbols' values in the last step.
  private var lastRequest = RunRequest(outputs: [])
  private var lastBindings: Bindings
  /// Commands of a run that was given up: the next one waits for them.
  private var draining: (queue: CommandQueue, memory: RunMemory)?
  private let restartable: Bool
  private(set) var mayHaveOverwrittenState = false

  /// What the last run of each list took, for the size of its portions.
  private var durations: [Duration?]

  /// The work handed to the device at once: a cancelled run stops within two such portions.
  private static let portion = Duration.milliseconds(50)
  /// Launches in a portion of a list that has not run yet.
  private static let firstPortion = 64

  init(executable: OpenCLExecutable, fixed: Bindings, queue: CommandQueue?) throws {
    self.executable = executable
    self.fixed = fixed
    lastBindings = fixed
    graph = executable.graph
    self.queue = try queue ?? CommandQueue(context: executable.state.context)
    buffers = try SessionBuffers(executable: executable, fixed: fixed)
    places = buffers.places(of: executable)
    placeOf = Dictionary(
      places.enumerated().map { ($0.element.reference, $0.offset) }, uniquingKeysWith: { first, _ in first })
    let buffers = buffers
    lists = try executable.plan.lists.map { try BoundCommandList($0, executable: executable, buffers: buffers) }
    restartable = graph.updatesStatesByAppending
    durations = lists.map { _ in nil }
    try reset()
  }

  deinit {
    // Commands of a run that was given up still read the host's copies: they outlive this object.
    guard let draining else { return }
    let remains = Remains(queue: draining.queue, memory: draining.memory, lists: lists)
    Handover.run {
      do {
        try remains.queue.finish()
      } catch {
        // A lost device may still write: its host memory is given up with it.
        // Traps: never, it is kept for good.
        _ = Unmanaged.passRetained(remains)
      }
    }
  }

  /// What commands under way still use.
  private final class Remains: @unchecked Sendable {
    let queue: CommandQueue
    let memory: RunMemory
    let lists: [BoundCommandList]

    init(queue: CommandQueue, memory: RunMemory, lists: [BoundCommandList]) {
      self.queue = queue
      self.memory = memory
      self.lists = lists
    }
  }

  // Places

  func reset() throws {
    try drain()
    for state in graph.states {
      guard let index = placeOf[.state(state.name)] else { continue }
      // A caller's buffer may be larger: the rest of it is not the session's.
      let shape = try state.type.concreteShape(fixed)
      try places[index].check(shape)
      let memory = RunMemory()
      try places[index].begin(shape, memory, on: queue)
      try queue.fill(places[index].buffer, pattern: [0, 0], byteCount: try places[index].byteCount(shape))
      let finish = try places[index].end(shape, memory, on: queue)
      try queue.finish()
      finish?()
    }
    try queue.finish()
    mayHaveOverwrittenState = false
  }

  func bind(_ reference: BufferReference, to memory: BoundMemory?) throws -> Residence {
    try drain()
    let index = try place(reference)
    if case .buffer(let buffer, _) = memory, buffer.context !== executable.state.context {
      throw OpenCLError.foreignContext("a bound buffer must be of the backend's own context")
    }
    var place = places[index]
    var residence = Residence.inPlace
    switch memory {
    case .buffer(let buffer, let shape): try place.bind(buffer, shape: shape)
    case .host(let host): residence = try place.bind(host, on: queue)
    case nil: place.unbind()
    }
    let previous = buffers
    buffers[reference] = place.buffer
    prepared = nil
    do {
      for list in lists { try list.rebind(reference, buffers) }
    } catch {
      buffers = previous
      for list in lists { try? list.rebind(reference, buffers) }
      throw error
    }
    let former = places[index]
    places[index] = place
    try former.letGo(on: queue)
    return residence
  }

  /// Writes to the session's own or the caller's device memory, row-major.
  func write(_ bytes: UnsafeRawBufferPointer, to reference: BufferReference) throws {
    try drain()
    let index = try deviceMemory(reference)
    try queue.write(bytes, to: places[index].buffer)
    if case .own = places[index].memory { places[index].memory = .own(isWritten: true) }
    prepared = nil
  }

  /// Reads row-major bytes, wherever the memory is.
  func read(_ bytes: UnsafeMutableRawBufferPointer, from reference: BufferReference) throws {
    try drain()
    let place = places[try place(reference)]
    guard let host = place.host else {
      try queue.read(from: places[try deviceMemory(reference)].buffer, into: bytes)
      return
    }
    let shape = try place.type.concreteShape(lastBindings)
    let held = RunMemory()
    let row = try place.rowMajorBytes(of: host, shape, held)
    guard bytes.count <= row.count else {
      throw OpenCLError.bufferRange(offset: 0, byteCount: bytes.count, bufferBytes: row.count)
    }
    withExtendedLifetime(held) { bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: row.prefix(bytes.count))) }
  }

  /// The extents that a place had in the last run.
  func shape(of reference: BufferReference) throws -> [Int] {
    try places[try place(reference)].type.concreteShape(lastBindings)
  }

  /// The buffer of a place, and the extents it had in the last run.
  func value(of reference: BufferReference) throws -> (buffer: Buffer, shape: [Int]) {
    try drain()
    let place = places[try deviceMemory(reference)]
    return (place.buffer, try place.type.concreteShape(lastBindings))
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
    switch places[index].memory {
    case .own, .buffer: return index
    case .mapped, .copied:
      throw ExecutionError.unsupported("\(reference)", reason: "it is bound to the host's memory: look there", Origin())
    }
  }

  // Running

  /// Everything about a step that its request decides.
  private struct PreparedStep {
    var requested: Bindings
    var requestedOutputs: Set<String>?
    var bindings: Bindings
    var list: Int
    var wanted: [NamedValue]
    /// Bound places and their extents in this step.
    var bound: [(place: Int, shape: [Int])]
  }

  func run(
    _ request: RunRequest, profiled: Bool, cancellation: RunCancellation?
  ) throws -> (outputs: [String: Tensor], profile: RunProfile?) {
    try run(try prepare(request), request, profiled: profiled, cancellation: cancellation)
  }

  /// The last step again that had nothing but symbols.
  func runAgain(deadline: ContinuousClock.Instant?, cancellation: RunCancellation?) throws {
    let step = try prepared ?? prepare(lastRequest)
    _ = try run(step, RunRequest(deadline: deadline), profiled: false, cancellation: cancellation)
  }

  private func prepare(_ request: RunRequest) throws -> PreparedStep {
    if request.inputs.isEmpty, let prepared, prepared.requested == request.bindings,
      prepared.requestedOutputs == request.outputs
    {
      return prepared
    }
    var elsewhere: [String: [Int]?] = [:]
    for place in places {
      guard case .input(let name) = place.reference else { continue }
      if place.holdsValue { elsewhere.updateValue(place.shape, forKey: name) }
    }
    let bindings = try graph.resolveBindings(request, fixed: fixed, elsewhere: elsewhere)
    let wanted = try wantedOutputs(request)
    var bound: [(place: Int, shape: [Int])] = []
    for (index, place) in places.enumerated() {
      // A tensor of the request would have to be spread out; the caller's memory is.
      if place.layout != nil, !place.isBound {
        throw ExecutionError.unsupported("\(place.reference)", reason: "with a layout it must be bound", Origin())
      }
      guard place.isBound else { continue }
      let shape = try place.type.concreteShape(bindings)
      try place.check(shape)
      bound.append((index, shape))
    }
    guard let list = executable.plan.listIndex(for: bindings) else {
      throw ExecutionError.unsupported("run", reason: "the executable was not compiled for \(bindings)", Origin())
    }
    let step = PreparedStep(
      requested: request.bindings, requestedOutputs: request.outputs, bindings: bindings, list: list, wanted: wanted,
      bound: bound)
    if request.inputs.isEmpty {
      prepared = step
      lastRequest = RunRequest(bindings: request.bindings, outputs: [])
    }
    return step
  }

  private func run(
    _ step: PreparedStep, _ request: RunRequest, profiled: Bool, cancellation: RunCancellation?
  ) throws -> (outputs: [String: Tensor], profile: RunProfile?) {
    try drain(deadline: request.deadline, cancellation: cancellation)
    let queue = try profiled ? profiler() : queue
    let list = lists[step.list]
    var wait = BoundedWait(deadline: request.deadline, cancellation: cancellation)
    mayHaveOverwrittenState = false
    let turn = executable.state.turn
    try turn.take { try wait.check() }
    var isTurn = true
    let memory = RunMemory()
    do {
      try wait.check()
      let start = ContinuousClock.now
      for (index, shape) in step.bound { try places[index].begin(shape, memory, on: queue) }
      for (name, tensor) in request.inputs {
        if let buffer = buffers[.input(name)] { try memory.write(tensor, to: buffer, on: queue) }
      }
      try list.write(step.bindings, to: queue)
      let portion = portionLength(step.list)
      var events: [(launch: Int, events: LaunchEvents)] = []
      var last: Event?
      for launch in list.list.launches.indices {
        if launch > 0, launch % portion == 0 { try wait.next(try queue.marker(), on: queue) }
        mayHaveOverwrittenState = mayHaveOverwrittenState || !restartable
        let isLast = launch == list.list.launches.count - 1
        let made = try list.enqueue(launch, on: queue, timed: profiled || isLast)
        if isLast { last = made?.last }
        if profiled, let made { events.append((launch, made)) }
      }
      for output in step.wanted {
        let type = graph.type(of: output.value)
        try memory.read(output.name, type, step.bindings, from: buffers[.output(output.name)], on: queue)
        last = nil
      }
      var finish: [() -> Void] = []
      for (index, shape) in step.bound {
        if places[index].host != nil { last = nil }
        if let after = try places[index].end(shape, memory, on: queue) { finish.append(after) }
      }
      try wait.last(last, on: queue, isShort: durations[step.list].map { $0 <= Self.portion } ?? false)
      for after in finish { after() }
      mayHaveOverwrittenState = false
      lastBindings = step.bindings
      turn.end()
      isTurn = false
      durations[step.list] = start.duration(to: .now)
      let profile = profiled ? try RunProfile(events, list: list.list, graph: executable.plan.graph) : nil
      return (try memory.tensors(), profile)
    } catch {
      if isTurn { turn.end(after: queue) }
      draining = (queue, memory)
      throw error
    }
  }

  // Traps: never, a run takes less than 2⁶³ portions, and a portion is not 0.
  /// Launches of about ``portion``'s time, judged by the list's last run.
  private func portionLength(_ list: Int) -> Int {
    let count = lists[list].list.launches.count
    guard let duration = durations[list], count > 0 else { return Self.firstPortion }
    if duration <= Self.portion { return count }
    let portions = Int((duration / Self.portion).rounded(.up))
    return max(1, count / max(1, portions) + 1)
  }

  private func wantedOutputs(_ request: RunRequest) throws -> [NamedValue] {
    func isBound(_ name: String) -> Bool { placeOf[.output(name)].map { places[$0].isBound } ?? false }
    guard let names = request.outputs else { return graph.outputs.filter { !isBound($0.name) } }
    for name in names where placeOf[.output(name)] == nil {
      throw ExecutionError.unknownOutput(name, known: graph.outputs.map(\.name))
    }
    return graph.outputs.filter { names.contains($0.name) }
  }

  /// Waits for what a run that was given up left behind, and gives the host its memory back.
  func drain(deadline: ContinuousClock.Instant? = nil, cancellation: RunCancellation? = nil) throws {
    guard let draining else { return }
    var wait = BoundedWait(deadline: deadline, cancellation: cancellation)
    try wait.last(on: draining.queue)
    self.draining = nil
    for index in places.indices { try places[index].giveBack(on: queue) }
  }

  private func profiler() throws -> CommandQueue {
    if queue.profiling { return queue }
    if let profilingQueue { return profilingQueue }
    let made = try CommandQueue(context: executable.state.context, profiling: true)
    profilingQueue = made
    return made
  }
}

extension Graph {
  // Traps: never, the graph is validated: an append has operands, which are values of nodes before it.
  /// Every state update is a chain of appends to that state, and nothing but appends reads an earlier link of it: a step
  /// that fails can be run again.
  var updatesStatesByAppending: Bool {
    stateUpdates.allSatisfy { update in
      var earlier: Set<ValueID> = []
      var value = update.value
      while case .append = nodes[value.node].operation {
        value = nodes[value.node].operands[0]
        earlier.insert(value)
      }
      guard case .state(let state) = nodes[value.node].operation, state.name == update.name else { return false }
      return nodes.allSatisfy { node in
        if case .append = node.operation { return !node.operands.dropFirst().contains(where: earlier.contains) }
        return !node.operands.contains(where: earlier.contains)
      }
    }
  }
}
