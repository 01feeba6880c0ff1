import HeddleText

// Where a list's outputs and states end up.
extension Encoder {
  /// Outputs whose node writes memory of its own are born in the output's buffer.
  mutating func assignOutputDestinations() {
    for output in graph.outputs where destinations[output.value] == nil {
      guard case .pure = graph.effect(of: graph.producer(of: output.value)) else { continue }
      let home = home(.output(output.name), graph.type(of: output.value))
      // Kernels write row-major; other layouts are copied to at the end.
      if home.isContiguous { destinations[output.value] = home }
    }
  }

  /// Copies outputs that live elsewhere into their buffers.
  mutating func finishOutputs() throws(PlanError) {
    for output in graph.outputs {
      node = output.value.node
      let view = try view(output.value)
      if view.buffer == .output(output.name) { continue }
      try Copy.encode(from: view, to: home(.output(output.name), view.type), into: &self)
    }
  }

  /// Proves that one version of each state is alive at a time.
  func checkStates() throws(PlanError) {
    for state in graph.states { try checkVersions(of: state.name) }
  }

  /// Writes states whose next value lives elsewhere.
  mutating func finishStates() throws(PlanError) {
    for update in graph.stateUpdates {
      node = update.value.node
      let view = try view(update.value)
      let home = home(.state(update.name), view.type)
      let isHome = view.strides == home.strides || (view.isContiguous && home.isContiguous)
      if view.buffer == home.buffer, view.offset == home.offset, isHome { continue }
      if case .state = view.buffer { throw .aliasedState(update.name) }
      try Copy.encode(from: view, to: home, into: &self)
    }
  }

  /// Nodes that read a state, directly or through views and writes, must not read a version after its successor was
  /// written in the same place.
  private func checkVersions(of state: String) throws(PlanError) {
    // The version each value shows: how many writes in place lie behind it.
    var versions: [ValueID: Int] = [:]
    var written = 0
    for (index, node) in graph.nodes.enumerated() {
      for operand in node.operands {
        if let version = versions[operand], version != written { throw .staleState(state, graph.origin(of: index)) }
      }
      let id = ValueID(node: index)
      guard views[id]?.buffer == .state(state) else { continue }
      if inPlaceWrites[index] == state { written &+= 1 }
      versions[id] = written
    }
    for named in graph.outputs + graph.stateUpdates {
      if let version = versions[named.value], version != written {
        throw .staleState(state, graph.origin(of: named.value.node))
      }
    }
  }
}

extension Graph {
  /// The writes on the way from each updated state to its next value, and the state.
  func inPlaceWrites() -> [Int: String] {
    var writes: [Int: String] = [:]
    for update in stateUpdates {
      var chain: [Int] = []
      var value = update.value
      walk: while true {
        let node = producer(of: value)
        switch effect(of: node) {
        case .writes(let operand):
          chain.append(value.node)
          value = node.operand(operand)
        case .view(let operand): value = node.operand(operand)
        case .leaf(.state(let name)) where name.hasSameBytes(as: update.name):
          for write in chain { writes[write] = name }
          break walk
        default: break walk
        }
      }
    }
    return writes
  }
}
