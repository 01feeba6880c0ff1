import HeddlePlanning
import OpenCLRuntime

/// A graph compiled for a device: its plan, built programs and packed constants. Sessions share it.
public final class OpenCLExecutable: Executable {
  public let graph: Graph
  /// How the graph runs: printable data.
  public let plan: Plan
  let state: DeviceState
  let programs: [KernelReference: Program]
  let constants: [PackedConstant: Buffer]
  let literals: [Buffer]
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
    let (kernels, calls) = (Set(plan.lists.flatMap(\.kernels)), plan.lists.flatMap(\.libraryCalls))
    // Traps: never, both are in memory.
    let total = kernels.count + calls.count
    func building(_ done: Int) throws { try progress(CompileProgress(stage: .building, done: done, total: total)) }
    programs = try state.build(plan.lists.flatMap(\.kernels), progress: building)
    // Traps: never, a call's index is below their number.
    try state.prepare(calls) { try building(kernels.count + $0) }
    try building(total)
    var packed: [PackedConstant: Buffer] = [:]
    func packing() throws {
      try progress(CompileProgress(stage: .packing, done: packed.count, total: plan.constants.count))
    }
    for constant in plan.constants {
      try packing()
      packed[constant] = try state.packed(constant, from: store)
    }
    try packing()
    constants = packed
    let queue = try CommandQueue(context: state.context)
    // Traps: never, a literal is in memory already.
    literals = try plan.literals.map { literal in
      let buffer = try Buffer(context: state.context, byteCount: max(16, 4 * literal.floats.count), access: .readOnly)
      try queue.write(literal.floats, to: buffer)
      return buffer
    }
  }

  // Traps: never, the context's ledger has added them without overflow.
  /// Bytes of the packed constants.
  public var constantByteCount: Int { constants.values.reduce(0) { $0 + $1.byteCount } }

  public func makeSession(_ bindings: Bindings) throws -> any Session {
    try makeOpenCLSession(bindings)
  }

  /// - Parameters:
  ///   - bindings: values of the symbols in state shapes.
  ///   - queue: the queue to enqueue on, of the backend's context, such as an adopted one; nil for one of its own.
  public func makeOpenCLSession(_ bindings: Bindings = [:], queue: CommandQueue? = nil) throws -> OpenCLSession {
    if let queue, queue.context !== state.context { throw OpenCLError.foreignContext("the session's queue") }
    return try OpenCLSession(executable: self, fixed: bindings, queue: queue)
  }
}
