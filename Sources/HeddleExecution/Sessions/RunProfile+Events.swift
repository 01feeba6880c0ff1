import HeddlePlanning
import HeddleText

extension RunProfile {
  /// The times of launches of a list.
  init(_ events: [(launch: Int, events: LaunchEvents)], list: CommandList, graph: Graph) throws {
    self.init(
      entries: try events.compactMap { index, events in
        guard let launch = list.launches[at: index] else { return nil }
        let times = try events.times
        return Entry(
          node: launch.node, operation: graph.producer(of: ValueID(node: launch.node)).operation.name,
          label: graph.origin(of: launch.node).label, variant: launch.action.variantName, started: times.started,
          ended: times.ended)
      })
  }
}
