import HeddleGraph
import HeddleText

/// A checked graph and its constants: there is nothing else to prepare.
struct ReferenceExecutable: Executable {
  let graph: Graph
  let constants: ConstantStore
  let backend: ReferenceBackend

  func makeSession(_ bindings: Bindings) throws -> any Session {
    let ranges = graph.ranges
    for (symbol, value) in bindings {
      guard let range = ranges[symbol] else {
        throw ExecutionError.unknownSymbol(symbol, known: Array(ranges.keys))
      }
      guard range.contains(value) else {
        throw ExecutionError.binding(.outOfRange(symbol, value: value, range: range))
      }
    }
    var states: NameTable<Tensor> = [:]
    for (node, origin) in zip(graph.nodes, graph.origins) {
      guard let state = node.operation as? State else { continue }
      do {
        if let initial = state.initial {
          states[state.name] = try constants.tensor(initial)
          continue
        }
        let shape = try backend.check(state.type, bindings, state, origin)
        let count = try state.type.encoding.byteCount(shape: shape)
        states[state.name] = try Tensor(
          encoding: state.type.encoding, shape: shape, bytes: Array(repeating: 0, count: count))
      } catch let error as TypeError {
        throw ExecutionError.binding(error)
      }
    }
    return ReferenceSession(executable: self, bindings: bindings, initial: states)
  }

  /// Runs every node once and gives all outputs asked for and the states' next values.
  func run(
    _ request: RunRequest, fixed: Bindings, states: NameTable<Tensor>
  ) async throws -> (outputs: NameTable<Tensor>, states: NameTable<Tensor>) {
    let bindings = try graph.resolveBindings(request, fixed: fixed)
    let names = graph.outputs.map(\.name)
    let known = NameSet(names)
    for name in request.outputs ?? [] where !known.contains(name) {
      throw ExecutionError.unknownOutput(name, known: names)
    }
    let lastUses = lastUses
    var values: [[Tensor]] = []
    for (index, node) in graph.nodes.enumerated() {
      try Task.checkCancellation()
      if let deadline = request.deadline, ContinuousClock.now >= deadline { throw ExecutionError.deadlineExceeded }
      await Task.yield()
      let results: [Tensor]
      switch graph.effect(of: node) {
      case .leaf(.input(let name)): results = [request.inputs[name]].compactMap { $0 }
      case .leaf(.constant(let id)): results = [try constants.tensor(id)]
      case .leaf(.state(let name)): results = [states[name]].compactMap { $0 }
      default:
        let operands = node.operands.map { values[$0.node][$0.result] }
        do {
          results = try backend.evaluate(
            node.operation, operands, results: node.results, bindings: bindings, origin: graph.origins[index])
        } catch let error as TypeError {
          throw ExecutionError.binding(error)
        }
      }
      values.append(results)
      for operand in node.operands where lastUses[operand.node] == index { values[operand.node] = [] }
    }
    var outputs: NameTable<Tensor> = [:]
    for output in graph.outputs where request.outputs?.contains(output.name) ?? true {
      outputs[output.name] = values[output.value.node][output.value.result]
    }
    var next = states
    for update in graph.stateUpdates { next[update.name] = values[update.value.node][update.value.result] }
    return (outputs, next)
  }

  /// The last node that reads each node's results; nodes that outlive the run have none.
  private var lastUses: [Int: Int] {
    var uses: [Int: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for operand in node.operands { uses[operand.node] = index }
    }
    for named in graph.outputs + graph.stateUpdates { uses[named.value.node] = nil }
    return uses
  }
}
