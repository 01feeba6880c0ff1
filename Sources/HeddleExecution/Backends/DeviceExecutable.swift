import HeddlePlanning

/// A graph compiled for a device: its plan, built programs and packed constants. Sessions share it.
public final class DeviceExecutable: Executable {
  public let graph: Graph
  /// How the graph runs: printable data.
  public let plan: Plan
  let state: DeviceState
  private let programs: [KernelReference: any DeviceProgram]
  /// Those of tapes, by what they can run.
  private let tapePrograms: [[Tape.Function]: any DeviceProgram]
  let constants: [PackedConstant: any DeviceMemory]
  let literals: [any DeviceMemory]
  /// Of each of the plan's caches of experts, where the rows of each of its weights are.
  let expertRows: [[ExpertRows]]
  /// Keeps the bytes that packing borrowed, and the identity under which packed copies are shared.
  let store: ConstantStore

  init(
    source: Graph, plan: Plan, constants store: ConstantStore, state: DeviceState,
    progress: CompileProgress.Handler
  ) throws {
    graph = source
    self.plan = plan
    self.state = state
    self.store = store
    for (node, origin) in zip(source.nodes, source.origins) {
      for constant in node.constants {
        let stored = try store.type(constant.id)
        guard stored == constant.type else {
          throw GraphError.wrongResults(node.operation.name, expected: [stored], got: [constant.type], origin)
        }
      }
    }
    let (kernels, calls) = (plan.kernelsBesideTapes, plan.lists.flatMap(\.libraryCalls))
    let tapes = UniqueList(plan.tapes.joined().map(\.functions)).elements
    let total = kernels.count &+ calls.count &+ tapes.reduce(0) { $0 &+ $1.count }
    func building(_ done: Int) throws { try progress(CompileProgress(stage: .building, done: done, total: total)) }
    programs = try state.build(kernels, progress: building)
    try state.prepare(calls) { try building(kernels.count &+ $0) }
    var done = kernels.count &+ calls.count
    var tapePrograms: [[Tape.Function]: any DeviceProgram] = [:]
    for functions in tapes {
      try building(done)
      tapePrograms[functions] = try state.link(functions)
      done &+= functions.count
    }
    self.tapePrograms = tapePrograms
    try building(total)
    var packed: [PackedConstant: any DeviceMemory] = [:]
    func packing() throws {
      try progress(CompileProgress(stage: .packing, done: packed.count, total: plan.constants.count))
    }
    for constant in plan.constants {
      try packing()
      packed[constant] = try state.packed(constant, from: store)
    }
    try packing()
    constants = packed
    let packing = ConstantPacking(state: state, store: store)
    expertRows = try plan.expertCaches.map { cache in
      try cache.weights.map { try ExpertRows($0, experts: cache.experts, packing) }
    }
    // No run builds them.
    _ = try state.build(expertRows.joined().map(\.kernel))
    let runtime = state.runtime
    let queue = try runtime.makeQueue(isTimed: false)
    literals = try plan.literals.map { literal in
      let memory = try runtime.allocate(max(16, 4 &* literal.floats.count), access: .readOnly)
      try literal.floats.withUnsafeBytes { try queue.write($0, to: memory, offset: 0, waits: true) }
      return memory
    }
  }

  /// What the executable was compiled through.
  package var runtime: any DeviceRuntime { state.runtime }

  /// The program of a kernel of the plan. Those that only tapes run are built when a run asks for launches of their own.
  func program(of kernel: KernelReference) throws -> any DeviceProgram {
    if let program = programs[kernel] { return program }
    guard let program = try state.build([kernel])[kernel] else {
      throw ExecutionError.unsupported(kernel.variantName, reason: "it is no kernel of the plan", Origin())
    }
    return program
  }

  /// The program that walks a tape of the plan.
  func program(of tape: Tape) throws(ExecutionError) -> any DeviceProgram {
    guard let program = tapePrograms[tape.functions] else {
      throw .unsupported("tape", reason: "it is none of the plan", Origin())
    }
    return program
  }

  /// Bytes of the packed constants, without experts that sessions fetch.
  public var constantByteCount: Int { constants.values.reduce(0) { $0 &+ $1.byteCount } }

  public func makeSession(_ bindings: Bindings) throws -> any Session { try makeDeviceSession(bindings) }

  /// - Parameter bindings: values of the symbols in state shapes.
  public func makeDeviceSession(_ bindings: Bindings = [:]) throws -> DeviceSession {
    try makeDeviceSession(bindings, queue: nil)
  }

  /// - Parameter queue: the queue to enqueue on, such as an adopted one; nil for one of its own.
  package func makeDeviceSession(_ bindings: Bindings, queue: (any DeviceQueue)?) throws -> DeviceSession {
    try DeviceSession(executable: self, fixed: bindings, queue: queue, thread: .makeOwn())
  }
}
