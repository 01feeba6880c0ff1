/// Nodes made anew in the order of a graph's own: what a pass needs that puts nodes before others.
struct GraphRewriting {
  let graph: Graph
  private var nodes: [Node] = []
  private var origins: [Origin] = []
  /// Where the graph's values are now.
  private var map: [ValueID: ValueID] = [:]

  init(_ graph: Graph) { self.graph = graph }

  /// Where a value of the graph is now: what makes it must have been copied or replaced.
  func moved(_ value: ValueID) -> ValueID { map[value] ?? value }

  /// A node with operands of the new graph.
  mutating func add(_ node: Node, _ origin: Origin) -> ValueID {
    let id = ValueID(node: nodes.count)
    nodes.append(node)
    origins.append(origin)
    return id
  }

  /// The graph's own node, unless it is there already.
  mutating func copy(_ index: Int) {
    guard map[ValueID(node: index)] == nil else { return }
    let node = graph.producer(of: ValueID(node: index))
    copy(index, operands: node.operands.map { moved($0) })
  }

  /// The graph's own node with these operands of the new graph.
  mutating func copy(_ index: Int, operands: [ValueID]) {
    let node = graph.producer(of: ValueID(node: index))
    let id = add(Node(operation: node.operation, operands: operands, results: node.results), graph.origin(of: index))
    for position in node.results.indices {
      map[ValueID(node: index, result: position)] = ValueID(node: id.node, result: position)
    }
  }

  /// A value of the new graph takes the place of the first result of one of the graph's nodes.
  mutating func replace(_ index: Int, by value: ValueID) { map[ValueID(node: index)] = value }

  var result: Graph { graph.rewritten(nodes, origins, map) }
}
