import HeddleText

// Traps: never, the graph is validated: operands and results are values of its nodes, each node has an origin, and
// views have operands.

// Where a list's outputs and states end up.
extension Encoder {
  /// Outputs whose node writes memory of its own are born in the output's buffer.
  mutating func assignOutputDestinations() {
    for output in graph.outputs where destinations[output.value] == nil {
      let node = graph.nodes[output.value.node]
      switch node.operation {
      case .input, .constant, .parameter, .state, .reshape, .transpose, .slice, .append: continue
      case .convert(let convert) where graph.type(of: node.operands[0]).encoding == convert.encoding: continue
      default:
        let home = home(.output(output.name), graph.type(of: output.value))
        // Kernels write row-major; other layouts are copied to at the end.
        if home.isContiguous { destinations[output.value] = home }
      }
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

  /// Nodes that read a state, directly or through views and appends, must not read a version after its successor was
  /// written in the same place.
  private func checkVersions(of state: String) throws(PlanError) {
    // The version each value shows: how many appends in place lie behind it.
    var versions: [ValueID: Int] = [:]
    var written = 0
    for (index, node) in graph.nodes.enumerated() {
      for operand in node.operands {
        if let version = versions[operand], version != written { throw .staleState(state, graph.origins[index]) }
      }
      let id = ValueID(node: index)
      guard views[id]?.buffer == .state(state) else { continue }
      if inPlaceAppends[index] == state { written += 1 }
      versions[id] = written
    }
    for named in graph.outputs + graph.stateUpdates {
      if let version = versions[named.value], version != written {
        throw .staleState(state, graph.origins[named.value.node])
      }
    }
  }
}

extension Graph {
  /// The appends on the way from each updated state to its next value.
  func inPlaceAppends() -> [Int: String] {
    var appends: [Int: String] = [:]
    for update in stateUpdates {
      var chain: [Int] = []
      var node = update.value.node
      walk: while true {
        switch nodes[node].operation {
        case .append: chain.append(node)
        case .reshape, .transpose, .slice, .convert: break
        case .state(let state) where state.name.hasSameBytes(as: update.name):
          for append in chain { appends[append] = state.name }
          break walk
        default: break walk
        }
        node = nodes[node].operands[0].node
      }
    }
    return appends
  }

  /// Concatenations that are only ever a packed weight: they are packed, never computed.
  func weightOnlyConcatenations() -> Set<Int> {
    var candidates: Set<Int> = []
    for (index, node) in nodes.enumerated() {
      if case .concatenate = node.operation, Encoder.packedWeight(ValueID(node: index), in: self) != nil {
        candidates.insert(index)
      }
    }
    for node in nodes {
      for (position, operand) in node.operands.enumerated() where candidates.contains(operand.node) {
        switch node.operation {
        case .matmul(let matmul)
        where position == 1 && matmul.rightIsTransposed && type(of: operand).rank == 2:
          continue
        case .embeddingLookup where position == 0: continue
        case .convert(let convert)
        where type(of: operand).encoding != .float32 && type(of: operand).encoding != convert.encoding:
          continue
        default: candidates.remove(operand.node)
        }
      }
    }
    for output in outputs + stateUpdates { candidates.remove(output.value.node) }
    return candidates
  }
}
