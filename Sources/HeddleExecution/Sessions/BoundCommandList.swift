import HeddlePlanning

/// Where the intermediates of a list lie, and the bindings it is so for.
final class ArenaPlacement {
  let range: BindingRange
  let arena: ArenaLayout

  init(range: BindingRange, arena: ArenaLayout) {
    self.range = range
    self.arena = arena
  }
}

/// A command list with its kernels made. Arguments are set once, and again where memory has changed: a run only rewrites
/// the uniforms.
final class BoundCommandList {
  /// What a launch enqueues.
  private enum Command {
    case kernel(any DeviceKernel)
    /// A library takes its buffers and arguments anew with each call.
    case call(any DeviceCall, [any DeviceMemory])
    /// The host fetches experts.
    case fetch(ExpertFetch, [any DeviceMemory])
    /// Only a tape has run it so far: a kernel of its own is made when a run asks for one.
    case taped
  }

  let list: CommandList
  private let executable: DeviceExecutable
  private let experts: SessionExperts?
  private let tapes: [BoundTape]
  private var commands: [Command]
  private var uniforms: any DeviceMemory
  private var placement: ArenaPlacement?
  /// Launches whose arguments are to be set.
  private var stale: Set<Int>
  /// Whether any launch has had arguments.
  private var hasArguments = false
  /// Host copy of the uniforms; writes of it may be under way until the run ends.
  private var values: UnsafeMutableBufferPointer<Int64>
  /// Uniforms and work sizes that change with the bindings.
  private var dynamicValues: [(index: Int, value: Dimension)] = []
  private var globals: [[Int]]
  /// Work-groups of launches behind the parameters, for tapes: three numbers a launch.
  private let extentCount: Int
  private let dynamicGlobals: [(launch: Int, axis: Int, value: Dimension)]
  private var written: Bindings?
  /// The target, if it limits the work-groups of a launch.
  private let groupLimits: TargetProfile?

  init(_ list: CommandList, tapes: [Tape], executable: DeviceExecutable, experts: SessionExperts?) throws {
    self.list = list
    self.experts = experts
    self.executable = executable
    let runtime = executable.state.runtime
    groupLimits = runtime.target.maximumGroupCounts.contains { $0 < .max } ? runtime.target : nil
    self.tapes = try tapes.map { try BoundTape($0, executable: executable) }
    extentCount = tapes.isEmpty ? 0 : 3 &* list.launches.count
    uniforms = try Self.makeUniforms(list.wholeArena, extentCount, runtime)
    commands = try list.launches.enumerated().map { index, launch in
      switch launch.action {
      case .kernel where tapes.contains { $0.launches.contains(index) }: .taped
      case .kernel(let kernel): .kernel(try executable.program(of: kernel).makeKernel(kernel.entry))
      case .call(let call): .call(try runtime.makeCall(call), [])
      case .fetch(let fetch): .fetch(fetch, [])
      }
    }
    stale = Set(commands.indices)
    globals = list.launches.map { $0.global.map { $0.constant ?? 0 } }
    dynamicGlobals = list.launches.enumerated().flatMap { launch in
      launch.element.global.enumerated().filter { $0.element.constant == nil }
        .map { (launch.offset, $0.offset, $0.element) }
    }
    values = .allocate(capacity: 0)
  }

  deinit { values.deallocate() }

  // Traps: never (count-in-memory).
  private static func makeUniforms(
    _ arena: ArenaLayout, _ extentCount: Int, _ runtime: any DeviceRuntime
  ) throws -> any DeviceMemory {
    try runtime.allocate(max(8 * (arena.parameterValues.count &+ extentCount), 16), access: .readOnly)
  }

  // Memory that changes

  /// Where intermediates are to lie for these bindings: where they do if these are among those it is so for and the arena has
  /// room for it. Else as for the whole list if the arena has room for that, or as for all that came so far; else as for
  /// these bindings alone, with room to grow unless that is above the `most` bytes that an arena may have.
  func placement(for bindings: Bindings, arenaByteCount: Int, most: () -> Int) throws -> ArenaPlacement {
    if let placement, placement.range.contains(bindings), placement.arena.byteCount <= arenaByteCount {
      return placement
    }
    let most = most()
    let arenaByteCount = max(arenaByteCount, min(SessionRunner.leastByteCount, most))
    let whole = ArenaPlacement(range: list.range, arena: list.wholeArena)
    if whole.arena.byteCount <= arenaByteCount { return whole }
    let part = list.range.part(around: bindings)
    let alone = ArenaPlacement(range: part, arena: try list.arena(for: part))
    if let placement {
      let wide = part.reaching(placement.range)
      let arena = try list.arena(for: wide)
      if arena.byteCount <= max(arenaByteCount, min(alone.arena.byteCount, most)) {
        return ArenaPlacement(range: wide, arena: arena)
      }
    }
    let ample = alone.arena.byteCount < whole.arena.byteCount ? alone : whole
    if ample.arena.byteCount <= most { return ample }
    let exact = list.range.part(endingAt: bindings)
    return ArenaPlacement(range: exact, arena: try list.arena(for: exact))
  }

  // Traps: never (launches-counted-alike).
  /// Lets go of the memory of launches that use this: their arguments are to be set anew. Earlier runs must be over.
  func forget(_ reference: BufferReference) {
    for tape in tapes { tape.forget(reference) }
    guard hasArguments else { return }
    for (index, launch) in list.launches.enumerated() where launch.buffers.contains(reference) {
      // Also of one that is stale already: it has its former arguments until new ones are set.
      stale.insert(index)
      switch commands[index] {
      case .kernel(let kernel): kernel.clear()
      case .call(let call, _): commands[index] = .call(call, [])
      case .fetch(let fetch, _): commands[index] = .fetch(fetch, [])
      case .taped: break
      }
    }
  }

  /// Makes launches ready for where intermediates lie and for the memory there is. The queue's earlier runs must be over.
  ///
  /// - Parameter usesTapes: whether tapes run what they can; if not, every launch is one.
  // Traps: never (launches-counted-alike).
  func prepare(_ placement: ArenaPlacement, _ buffers: SessionBuffers, usesTapes: Bool) throws {
    for index in stale.sorted() {
      if case .taped = commands[index], let kernel = list.launches[index].kernel {
        if usesTapes { continue }
        commands[index] = .kernel(try executable.program(of: kernel).makeKernel(kernel.entry))
      }
      try setArguments(index, buffers, placement.arena)
      stale.remove(index)
    }
  }

  /// Tells tapes where memory is. The queue's earlier runs must be over, and the turn this thread's.
  func bindTapes(_ buffers: SessionBuffers, on queue: any DeviceQueue) throws {
    guard let arena = placement?.arena else { return }
    for tape in tapes {
      try tape.bind(
        buffers, uniforms, extents: arena.parameterValues.count &+ 3 &* tape.tape.launches.lowerBound,
        blocks: arena.blockOfLaunch, on: queue)
    }
  }

  // Traps: never (count-in-memory).
  /// Lets intermediates lie so from the next run on. The queue's earlier runs must be over.
  func adopt(_ placement: ArenaPlacement, _ runtime: any DeviceRuntime) throws {
    if self.placement === placement { return }
    let constants = placement.arena.parameterValues
    let count = constants.count &+ extentCount
    if uniforms.byteCount < 8 * count { uniforms = try Self.makeUniforms(placement.arena, extentCount, runtime) }
    values.deallocate()
    values = .allocate(capacity: count)
    values.initialize(repeating: 0)
    for (index, value) in constants.enumerated() { values[index] = Int64(value.constant ?? 0) }
    dynamicValues = constants.enumerated().filter { $0.element.constant == nil }.map { ($0.offset, $0.element) }
    stale = Set(commands.indices)
    for tape in tapes { tape.moved() }
    written = nil
    self.placement = placement
  }

  // Traps: never (launches-counted-alike).
  /// Sets every argument of a launch: its buffers, the uniforms, and where its block starts.
  private func setArguments(_ index: Int, _ buffers: SessionBuffers, _ arena: ArenaLayout) throws {
    hasArguments = true
    let launch = list.launches[index]
    let found = try launch.buffers.map { reference in
      guard let buffer = buffers[reference] else {
        throw ExecutionError.unsupported("\(reference)", reason: "it has no memory", Origin())
      }
      return buffer
    }
    switch commands[index] {
    case .taped: break
    case .call(let call, _): commands[index] = .call(call, found)
    case .fetch(let fetch, _): commands[index] = .fetch(fetch, found)
    case .kernel(let kernel):
      for (position, buffer) in found.enumerated() { try kernel.set(position, to: buffer) }
      try kernel.set(found.count, to: uniforms)
      try kernel.set(found.count + 1, to: Int32(clamping: arena.blockOfLaunch[index]))
    }
  }

  // A run

  // Traps: never (launches-counted-alike).
  /// Sets the work sizes for these bindings.
  ///
  /// - Throws: ``ExecutionError/grid(_:groups:limits:)`` if a launch would have more work-groups than the device takes.
  func size(for bindings: Bindings) throws {
    if written == bindings { return }
    written = nil
    for (launch, axis, value) in dynamicGlobals { globals[launch][axis] = try value.extent(bindings) }
    if let groupLimits { try checkGroups(groupLimits) }
  }

  /// Writes the uniforms for the bindings that work sizes were set for. The queue's earlier runs must be over.
  func write(_ bindings: Bindings, to queue: any DeviceQueue) throws {
    if written == bindings { return }
    written = nil
    for (index, value) in dynamicValues { values[index] = Int64(try value.value(bindings)) }
    if extentCount > 0 { writeExtents() }
    if !values.isEmpty {
      // Traps: never (count-in-memory).
      try queue.write(UnsafeRawBufferPointer(values), to: uniforms, offset: 0, waits: false)
    }
    written = bindings
  }

  private func writeExtents() {
    var index = values.count &- extentCount
    for (launch, global) in zip(list.launches, globals) {
      let groups = executable.state.runtime.target.groupCounts(global: global, local: launch.local)
      for axis in 0..<3 { values[index &+ axis] = Int64(groups[at: axis] ?? 1) }
      index &+= 3
    }
  }

  private func checkGroups(_ target: TargetProfile) throws(ExecutionError) {
    for (launch, global) in zip(list.launches, globals) where !global.contains(0) {
      let groups = target.groupCounts(global: global, local: launch.local)
      guard target.takes(groups: groups) else {
        throw .grid(launch.action.variantName, groups: groups, limits: target.maximumGroupCounts)
      }
    }
  }

  /// Whether a launch waits for all before it.
  func fetches(_ index: Int) -> Bool { list.launches[at: index]?.fetch != nil }

  /// How many launches from this one on a tape can run as one; 0 if it is no tape's.
  func tapedCount(from index: Int) -> Int {
    guard let tape = tapes.first(where: { $0.tape.launches.contains(index) }) else { return 0 }
    return tape.tape.launches.upperBound &- index
  }

  /// Enqueues launches of one tape as one.
  func enqueueTaped(_ launches: Range<Int>, on queue: any DeviceQueue, event: Bool) throws -> LaunchEvents? {
    guard let tape = tapes.first(where: { $0.tape.launches.contains(launches.lowerBound) }) else { return nil }
    return try tape.enqueue(launches, on: queue, event: event).map { LaunchEvents(last: $0) }
  }

  // Traps: never (launches-counted-alike).
  /// Enqueues one launch; nil if it has nothing to do or no events were asked for: `event` for its end, `timed` for its
  /// times as well.
  ///
  /// - Parameter check: called where the host works long: what it throws ends the launch.
  func enqueue(
    _ index: Int, on queue: any DeviceQueue, event: Bool, timed: Bool, _ check: () throws -> Void
  ) throws -> LaunchEvents? {
    switch commands[index] {
    case .taped: return nil
    case .kernel(let kernel):
      if globals[index].contains(0) { return nil }
      let made = try queue.launch(
        kernel, global: globals[index], local: list.launches[index].local, event: event || timed)
      return made.map { LaunchEvents(last: $0) }
    case .fetch(let fetch, let memories):
      let before = timed ? try queue.makeMarker() : nil
      try experts?.run(fetch, memories, block(of: index), on: queue, check)
      return event || timed ? LaunchEvents(before: before, last: try queue.makeMarker()) : nil
    case .call(let call, let memories):
      let block = block(of: index)
      // A call is several kernels, and its event the last one's.
      let before = timed ? try queue.makeMarker() : nil
      let made = try call.enqueue(memories, block, on: queue, event: event || timed)
      return made.map { LaunchEvents(before: before, last: $0) }
    }
  }

  // Traps: never (launches-counted-alike).
  /// The values of a launch's parameters, on the host.
  private func block(of index: Int) -> UnsafeBufferPointer<Int64> {
    let start = placement?.arena.blockOfLaunch[index] ?? 0
    let end = start + list.launches[index].parameters.count
    return UnsafeBufferPointer(rebasing: UnsafeBufferPointer(values)[start..<end])
  }
}

/// The events that time one launch.
struct LaunchEvents {
  /// Complete when the launch can begin, if it is more than one command.
  var before: (any DeviceEvent)?
  var last: any DeviceEvent

  /// Nanoseconds of the device's own clock.
  var times: (started: Int, ended: Int) {
    get throws {
      let end = try last.times
      return (try before?.times.ended ?? end.started, end.ended)
    }
  }
}
