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

  /// Proves that one version of each state is alive at a time: nodes that read a state, directly or through views and writes,
  /// must not read a version after its successor was written in the same place.
  func checkStates() throws(PlanError) {
    // The version of a state that a value shows: how many writes in place lie behind it.
    var versions: [ValueID: (state: String, number: Int)] = [:]
    var written = NameTable<Int>()
    func check(_ value: ValueID, readBy node: Int) throws(PlanError) {
      guard let version = versions[value], version.number != written[version.state, default: 0] else { return }
      throw .staleState(version.state, graph.origin(of: node))
    }
    for (index, node) in graph.nodes.enumerated() {
      for operand in node.operands { try check(operand, readBy: index) }
      let id = ValueID(node: index)
      guard case .state(let state)? = views[id]?.buffer else { continue }
      if inPlaceWrites[index]?.hasSameBytes(as: state) == true { written[state, default: 0] &+= 1 }
      versions[id] = (state, written[state, default: 0])
    }
    for named in graph.outputs + graph.stateUpdates { try check(named.value, readBy: named.value.node) }
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
