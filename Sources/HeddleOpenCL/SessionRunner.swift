import Dispatch
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
  private let own: SessionBuffers
  private var bound: Set<BufferReference> = []
  private let lists: [BoundCommandList]
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

  init(executable: OpenCLExecutable, fixed: Bindings) throws {
    self.executable = executable
    self.fixed = fixed
    graph = executable.graph
    queue = try CommandQueue(context: executable.state.context)
    buffers = try SessionBuffers(executable: executable, fixed: fixed)
    own = buffers
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
    DispatchQueue.global().async {
      do {
        try remains.queue.finish()
      } catch {
        // A lost device may still write: its host memory is given up with it.
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

  func reset() throws {
    try drain()
    for state in graph.states {
      guard let buffer = buffers[.state(state.name)] else { continue }
      // A caller's buffer may be larger: the rest of it is not the session's.
      let byteCount = try state.type.encoding.byteCount(shape: try state.type.concreteShape(fixed))
      try queue.fill(buffer, pattern: [0, 0], byteCount: byteCount)
    }
    try queue.finish()
    mayHaveOverwrittenState = false
  }

  func bind(_ reference: BufferReference, to buffer: Buffer?) throws {
    try drain()
    guard let home = own[reference] else {
      throw ExecutionError.unsupported("\(reference)", reason: "the graph has no such place", Origin())
    }
    switch reference {
    case .input, .output, .state: break
    default: throw ExecutionError.unsupported("\(reference)", reason: "only inputs, outputs and states bind", Origin())
    }
    if let buffer, buffer.context !== executable.state.context {
      throw OpenCLError.foreignContext("a bound buffer must be of the backend's own context")
    }
    if let buffer {
      // States and outputs are also read: later nodes take an output where it stands.
      let isInput = if case .input = reference { true } else { false }
      if buffer.access == .writeOnly || (buffer.access == .readOnly && !isInput) {
        throw ExecutionError.unsupported("\(reference)", reason: "the bound buffer is \(buffer.access)", Origin())
      }
    }
    let previous = buffers
    buffers[reference] = buffer ?? home
    do {
      for list in lists { try list.rebind(reference, buffers) }
    } catch {
      buffers = previous
      for list in lists { try? list.rebind(reference, buffers) }
      throw error
    }
    if buffer == nil { bound.remove(reference) } else { bound.insert(reference) }
  }

  func run(
    _ request: RunRequest, profiled: Bool, cancellation: Cancellation?
  ) throws -> (outputs: [String: Tensor], profile: RunProfile?) {
    let boundInputs = Set(graph.inputs.map(\.name).filter { bound.contains(.input($0)) })
    let bindings = try graph.resolveBindings(request, fixed: fixed, withoutTensor: boundInputs)
    let wanted = try wantedOutputs(request)
    try checkBoundSizes(bindings)
    guard let index = executable.plan.listIndex(for: bindings) else {
      throw ExecutionError.unsupported("run", reason: "the executable was not compiled for \(bindings)", Origin())
    }
    try drain(deadline: request.deadline, cancellation: cancellation)
    let queue = try profiled ? profiler() : queue
    let list = lists[index]
    var wait = BoundedWait(deadline: request.deadline, cancellation: cancellation)
    mayHaveOverwrittenState = false
    let turn = executable.state.turn
    try turn.take { try wait.check() }
    var isTurn = true
    let memory = RunMemory()
    do {
      let start = ContinuousClock.now
      for input in graph.inputs {
        guard let tensor = request.inputs[input.name], let buffer = buffers[.input(input.name)] else { continue }
        try memory.write(tensor, to: buffer, on: queue)
      }
      try list.write(bindings, to: queue)
      let portion = portionLength(index)
      var events: [(launch: Int, events: LaunchEvents)] = []
      for launch in list.list.launches.indices {
        if launch % portion == 0 {
          if launch == 0 { try wait.check() } else { try wait.next(try queue.marker(), on: queue) }
        }
        mayHaveOverwrittenState = mayHaveOverwrittenState || !restartable
        if let made = try list.enqueue(launch, on: queue, timed: profiled) { events.append((launch, made)) }
      }
      for output in wanted {
        let type = graph.type(of: output.value)
        try memory.read(output.name, type, bindings, from: buffers[.output(output.name)], on: queue)
      }
      try wait.last(try queue.marker(), on: queue)
      mayHaveOverwrittenState = false
      turn.end()
      isTurn = false
      durations[index] = start.duration(to: .now)
      let profile = profiled ? try RunProfile(events, list: list.list, graph: executable.plan.graph) : nil
      return (try memory.tensors(), profile)
    } catch {
      if isTurn { turn.end(after: queue) }
      draining = (queue, memory)
      throw error
    }
  }

  /// Launches of about ``portion``'s time, judged by the list's last run.
  private func portionLength(_ list: Int) -> Int {
    let count = lists[list].list.launches.count
    guard let duration = durations[list], count > 0 else { return Self.firstPortion }
    let portions = Int((duration / Self.portion).rounded(.up))
    return max(1, count / max(1, portions) + 1)
  }

  private func wantedOutputs(_ request: RunRequest) throws -> [NamedValue] {
    guard let names = request.outputs else { return graph.outputs.filter { !bound.contains(.output($0.name)) } }
    for name in names where !graph.outputs.contains(where: { $0.name == name }) {
      throw ExecutionError.unknownOutput(name, known: graph.outputs.map(\.name))
    }
    return graph.outputs.filter { names.contains($0.name) }
  }

  /// A caller's buffers must hold what this run reads and writes.
  private func checkBoundSizes(_ bindings: Bindings) throws {
    var types: [(BufferReference, TensorType)] = graph.inputs.map { (.input($0.name), $0.type) }
    types += graph.states.map { (.state($0.name), $0.type) }
    types += graph.outputs.map { (.output($0.name), graph.type(of: $0.value)) }
    for (reference, type) in types where bound.contains(reference) {
      let needed = try type.encoding.byteCount(shape: try type.concreteShape(bindings))
      guard let buffer = buffers[reference], buffer.byteCount >= needed else {
        throw OpenCLError.bufferRange(
          offset: 0, byteCount: needed, bufferBytes: buffers[reference]?.byteCount ?? 0)
      }
    }
  }

  private func drain(deadline: ContinuousClock.Instant? = nil, cancellation: Cancellation? = nil) throws {
    guard let draining else { return }
    var wait = BoundedWait(deadline: deadline, cancellation: cancellation)
    try wait.last(try draining.queue.marker(), on: draining.queue)
    self.draining = nil
  }

  private func profiler() throws -> CommandQueue {
    if let profilingQueue { return profilingQueue }
    let made = try CommandQueue(context: executable.state.context, profiling: true)
    profilingQueue = made
    return made
  }
}

extension Graph {
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
