import HeddlePlanning

extension RunProfile {
  // Traps: never, launches are the list's own, nodes the graph's, and each node has an origin.
  /// The times of launches of a list.
  init(_ events: [(launch: Int, events: LaunchEvents)], list: CommandList, graph: Graph) throws {
    self.init(
      entries: try events.map { index, events in
        let launch = list.launches[index]
        let times = try events.times
        return Entry(
          node: launch.node, operation: graph.nodes[launch.node].operation.name,
          label: graph.origins[launch.node].label, variant: launch.action.variantName, started: times.started,
          ended: times.ended)
      })
  }
}
