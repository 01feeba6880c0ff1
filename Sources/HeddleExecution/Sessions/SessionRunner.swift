import HeddleHost
import HeddlePlanning
import HeddleText

/// The work of a session. Touched by one thread at a time: only inside ``DeviceSession``'s exclusive section.
final class SessionRunner: @unchecked Sendable {
  let executable: DeviceExecutable
  let graph: Graph
  let fixed: Bindings
  let queue: any DeviceQueue
  private var timedQueue: (any DeviceQueue)?
  var buffers: SessionBuffers
  /// Nil if all experts are on the device.
  let experts: SessionExperts?
  /// What a caller may bind, in the graph's order: inputs, states, outputs.
  var places: [SessionPlace]
  let placeOf: [TensorPlace: Int]
  let lists: [BoundCommandList]
  /// States that have neither a caller's memory nor, yet, the session's own, by their places.
  var unmadeStates: [Int: State] = [:]
  /// Outputs whose memory is the session's own and newer than any run that finished, by their places: they have no value.
  var unmadeOutputs: Set<Int> = []
  /// The last step of which only symbols were said, as long as nothing else is bound.
  var prepared: PreparedStep?
  /// What the last such step was asked for, and all symbols' values in the last step.
  private var lastRequest = RunRequest(outputs: [])
  private(set) var lastBindings: Bindings
  /// Commands of a run that was given up: the next one waits for them.
  private var draining: (queue: any DeviceQueue, memory: RunMemory)?
  /// The most bytes that intermediates need.
  let greatestArenaByteCount: Int
  private let restartable: Bool
  var mayHaveOverwrittenState = false

  /// What the last run of each list took, and with which symbols, for the size of its portions.
  private var timings: [(bindings: Bindings, duration: Duration)?]

  init(executable: DeviceExecutable, fixed: Bindings, queue: (any DeviceQueue)?) throws {
    self.executable = executable
    self.fixed = fixed
    lastBindings = fixed
    graph = executable.graph
    self.queue = try queue ?? executable.state.runtime.makeQueue(isTimed: false)
    let experts = executable.expertRows.isEmpty ? nil : try SessionExperts(executable)
    self.experts = experts
    buffers = SessionBuffers(executable: executable, experts: experts)
    places = try SessionPlace.places(of: executable, fixed: fixed)
    placeOf = Dictionary(
      places.enumerated().map { ($0.element.place, $0.offset) }, uniquingKeysWith: { first, _ in first })
    lists = try zip(executable.plan.lists, executable.plan.tapes).map {
      try BoundCommandList($0, tapes: $1, executable: executable, experts: experts)
    }
    greatestArenaByteCount = executable.plan.lists.map(\.arenaByteCount).max() ?? 0
    restartable = graph.updatesStatesByWriting
    timings = lists.map { _ in nil }
    for state in graph.states {
      if let index = placeOf[.state(state.name)] { unmadeStates[index] = state }
    }
    try reset()
  }

  deinit {
    // Commands of a run that was given up still read the host's copies: they outlive this object.
    guard let draining else { return }
    let remains = Remains(queue: draining.queue, memory: draining.memory, lists: lists, places: places)
    Handover.run {
      do {
        try remains.queue.finish()
      } catch {
        // A lost device may still write: its host memory is given up with it.
        // Traps: never (kept-for-good).
        _ = Unmanaged.passRetained(remains)
      }
    }
  }

  /// What commands under way still use.
  private final class Remains: @unchecked Sendable {
    let queue: any DeviceQueue
    let memory: RunMemory
    let lists: [BoundCommandList]
    /// With the owners of bound memory.
    let places: [SessionPlace]

    init(queue: any DeviceQueue, memory: RunMemory, lists: [BoundCommandList], places: [SessionPlace]) {
      self.queue = queue
      self.memory = memory
      self.lists = lists
      self.places = places
    }
  }

  /// Everything about a step that its request decides.
  struct PreparedStep {
    var requested: Bindings
    var requestedOutputs: NameSet?
    var bindings: Bindings
    var list: Int
    var wanted: [NamedValue]
    /// Bound places and their extents in this step.
    var bound: [(place: Int, shape: [Int])]
    /// Places that need memory of the session's own, and how many bytes of it.
    var own: [(place: Int, byteCount: Int)]
  }

  func run(
    _ request: RunRequest, profiled: Bool, cancellation: RunCancellation?
  ) throws -> (outputs: NameTable<Tensor>, profile: RunProfile?) {
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
    var elsewhere: NameTable<[Int]?> = [:]
    for place in places {
      guard case .input(let name) = place.place else { continue }
      if place.holdsValue { elsewhere.updateValue(place.shape, forKey: name) }
    }
    let bindings = try graph.resolveBindings(request, fixed: fixed, elsewhere: elsewhere)
    let wanted = try wantedOutputs(request)
    var bound: [(place: Int, shape: [Int])] = []
    var own: [(place: Int, byteCount: Int)] = []
    for (index, place) in places.enumerated() {
      if place.host != nil, case .input(let name) = place.place, request.inputs[name] != nil {
        throw ExecutionError.boundToHost(place.place)
      }
      // A tensor of the request would have to be spread out; the caller's memory is.
      if place.layout != nil, !place.isBound {
        throw ExecutionError.notRowMajor(place.place)
      }
      let shape = try place.type.concreteShape(bindings)
      if place.usesOwn { own.append((index, try place.byteCount(shape))) }
      guard place.isBound else {
        if case .input(let name) = place.place, request.inputs[name] == nil { try place.checkWritten(shape) }
        continue
      }
      try place.check(shape)
      bound.append((index, shape))
    }
    guard let list = executable.plan.listIndex(for: bindings) else {
      throw ExecutionError.notPlanned(bindings)
    }
    let step = PreparedStep(
      requested: request.bindings, requestedOutputs: request.outputs, bindings: bindings, list: list, wanted: wanted,
      bound: bound, own: own)
    if request.inputs.isEmpty {
      prepared = step
      lastRequest = RunRequest(bindings: request.bindings, outputs: [])
    }
    return step
  }

  private func run(
    _ step: PreparedStep, _ request: RunRequest, profiled: Bool, cancellation: RunCancellation?
  ) throws -> (outputs: NameTable<Tensor>, profile: RunProfile?) {
    try drain(deadline: request.deadline, cancellation: cancellation)
    let queue = try profiled ? makeTimed() : queue
    // What others enqueued before comes first.
    if queue !== self.queue { try self.queue.finish() }
    guard let list = lists[at: step.list] else { throw ExecutionError.notPlanned(step.bindings) }
    var wait = BoundedWait(deadline: request.deadline, cancellation: cancellation)
    // Outputs of earlier runs go where there is more room: what can be refused is refused before.
    try wait.check()
    try list.size(for: step.bindings)
    // Times of launches are those of launches.
    let usesTapes = !profiled
    try makeRoom(for: step, in: list, usesTapes: usesTapes)
    mayHaveOverwrittenState = false
    let runtime = executable.state.runtime
    try runtime.takeTurn { try wait.check() }
    var isTurn = true
    let memory = RunMemory()
    do {
      try wait.check()
      experts?.begin()
      let start = ContinuousClock.now
      for (index, shape) in step.bound { try places.update(at: index) { try $0.begin(shape, memory, on: queue) } }
      for (name, tensor) in request.inputs {
        overwritten(.input(name))
        if let buffer = buffers[TensorPlace.input(name)] { try memory.write(tensor, to: buffer, on: queue) }
      }
      try list.write(step.bindings, to: queue)
      if usesTapes { try list.bindTapes(buffers, on: queue) }
      let expected = expectedDuration(step)
      var portions = RunPortions(count: list.list.launches.count, expected: expected)
      var portionStart = start
      var events: [(launch: Int, events: LaunchEvents)] = []
      // Its own event, unless reading or giving memory back comes after it.
      let endsWithLaunch = step.wanted.isEmpty && step.bound.allSatisfy { places[at: $0.place]?.host == nil }
      var last: (any DeviceEvent)?
      let count = list.list.launches.count
      var launch = 0
      while launch < count {
        if portions.ends(before: launch), try wait.next(try queue.makeMarker(), on: queue) {
          let now = ContinuousClock.now
          portions.completed(in: portionStart.duration(to: now))
          portionStart = now
        }
        mayHaveOverwrittenState = mayHaveOverwrittenState || !restartable
        let taped = usesTapes ? min(list.tapedCount(from: launch), portions.rest(from: launch)) : 0
        let next = launch &+ max(1, taped)
        let isLast = endsWithLaunch && next == count
        // The host reads what was computed before, but never beyond a deadline.
        if list.fetches(launch) { try wait.last(on: queue) }
        let made =
          taped > 0
          ? try list.enqueueTaped(launch..<max(launch, next), on: queue, event: isLast)
          : try list.enqueue(launch, on: queue, event: isLast, timed: profiled) { try wait.check() }
        if isLast { last = made?.last }
        if profiled, let made { events.append((launch, made)) }
        launch = next
      }
      for output in step.wanted {
        let type = graph.type(of: output.value)
        try memory.read(output.name, type, step.bindings, from: buffers[TensorPlace.output(output.name)], on: queue)
      }
      var finish: [() -> Void] = []
      for (index, shape) in step.bound {
        let after = try places.update(at: index) { try $0.end(shape, memory, on: queue) }
        if let after = after ?? nil { finish.append(after) }
      }
      try wait.last(last, on: queue, isShort: expected.map { $0 <= RunPortions.duration } ?? false)
      for after in finish { after() }
      mayHaveOverwrittenState = false
      lastBindings = step.bindings
      unmadeOutputs = []
      runtime.endTurn()
      isTurn = false
      timings.update(at: step.list) { $0 = (step.bindings, start.duration(to: .now)) }
      let profile = profiled ? try RunProfile(events, list: list.list, graph: executable.plan.graph) : nil
      return (try memory.tensors(), profile)
    } catch {
      experts?.giveUp()
      if isTurn { runtime.endTurn(after: queue) }
      draining = (queue, memory)
      throw error
    }
  }

  /// A tensor of a request takes the place of what was written to the session's own memory.
  private func overwritten(_ place: TensorPlace) {
    guard let index = placeOf[place], case .own(let count)? = places[at: index]?.memory, count > 0 else { return }
    places.update(at: index) { $0.memory = .own(writtenByteCount: 0) }
    prepared = nil
  }

  /// What the list's last run took, if no symbol is more than twice what it was then.
  private func expectedDuration(_ step: PreparedStep) -> Duration? {
    guard let last = timings[at: step.list] ?? nil else { return nil }
    let isAlike = step.bindings.allSatisfy { symbol, value in last.bindings[symbol].map { value / 2 <= $0 } ?? false }
    return isAlike ? last.duration : nil
  }

  private func wantedOutputs(_ request: RunRequest) throws -> [NamedValue] {
    func isBound(_ name: String) -> Bool { placeOf[.output(name)].flatMap { places[at: $0]?.isBound } ?? false }
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
    for index in places.indices { try places.update(at: index) { try $0.giveBack(on: queue) } }
    self.draining = nil
  }

  /// A queue whose events know their times.
  private func makeTimed() throws -> any DeviceQueue {
    if queue.isTimed { return queue }
    if let timedQueue { return timedQueue }
    let made = try executable.state.runtime.makeQueue(isTimed: true)
    timedQueue = made
    return made
  }
}

extension Graph {
  /// Every state update is a chain of writes to that state, and nothing but writes reads an earlier link of it: a step
  /// that fails can be run again.
  var updatesStatesByWriting: Bool {
    var earlier: Set<ValueID> = []
    for update in stateUpdates {
      var value = update.value
      while case .writes(let operand) = effect(of: producer(of: value)) {
        value = producer(of: value).operand(operand)
        earlier.insert(value)
      }
      guard case .leaf(.state(let name)) = effect(of: producer(of: value)), name.hasSameBytes(as: update.name) else {
        return false
      }
    }
    return nodes.allSatisfy { node in
      guard node.operands.contains(where: earlier.contains) else { return true }
      let written: Int? = if case .writes(let operand) = effect(of: node) { operand } else { nil }
      return !node.operands.enumerated().contains { $0.offset != written && earlier.contains($0.element) }
    }
  }
}
