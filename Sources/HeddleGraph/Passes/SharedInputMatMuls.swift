extension Graph {
  /// Matmuls of one x with constant weights `[M, K]` of one encoding become one matmul with the concatenation of the
  /// weights, and slices of its result: fewer launches, and each output keeps its own chain, so the bits stay. Sparse
  /// weights only if rows that share a pattern stay together.
  public func mergingSharedInputMatMuls() -> Graph {
    struct Key: Hashable {
      var x: ValueID
      var encoding: Encoding
      var kept: Dimension?
    }
    var groups: [Key: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      guard let matmul = node.operation as? MatMul, matmul == MatMul(kept: matmul.kept),
        constant(node.operand(1))?.type.rank == 2
      else { continue }
      let encoding = type(of: node.operand(1)).encoding
      groups[Key(x: node.operand(0), encoding: encoding, kept: matmul.kept), default: []].append(index)
    }
    let merged = groups.values.filter { group in group.count > 1 && Concatenate.canJoin(weightTypes(group)) }
    guard !merged.isEmpty else { return self }
    let groupOf = Dictionary(
      merged.flatMap { group in group.map { ($0, group) } }, uniquingKeysWith: { first, _ in first })
    var rewriting = Rewriting(graph: self)
    for index in nodes.indices {
      if let group = groupOf[index] {
        rewriting.addSlice(of: group, for: index)
      } else {
        rewriting.nodes.copy(index)
      }
    }
    return rewriting.nodes.result
  }

  /// The types of the weights of these products.
  fileprivate func weightTypes(_ group: [Int]) -> [TensorType] {
    group.map { type(of: producer(of: ValueID(node: $0)).operand(1)) }
  }
}

/// A graph's nodes made anew, with one product for each group.
private struct Rewriting {
  var nodes: GraphRewriting
  /// The product of each group, by the group's first member.
  private var products: [Int: ValueID] = [:]
  private var graph: Graph { nodes.graph }

  init(graph: Graph) { nodes = GraphRewriting(graph) }

  /// The member's part of its group's product.
  mutating func addSlice(of group: [Int], for index: Int) {
    let member = graph.producer(of: ValueID(node: index))
    let types = graph.weightTypes(group)
    let axis = member.result().rank &- 1
    let product = member.result().replacing(axis, types.map { $0.extent(0) }.reduce(0, +))
    guard let first = group.first, let place = group.firstIndex(of: index) else { return }
    let whole = products[first] ?? addProduct(of: group, index, member, product)
    products[first] = whole
    let slice = Slice(
      axis: axis, start: types.prefix(place).map { $0.extent(0) }.reduce(0, +),
      count: graph.type(of: member.operand(1)).extent(0))
    nodes.replace(
      index,
      by: nodes.add(Node(operation: slice, operands: [whole], results: member.results), graph.origin(of: index)))
  }

  private mutating func addProduct(of group: [Int], _ index: Int, _ member: Node, _ product: TensorType) -> ValueID {
    let weights = group.map { graph.producer(of: ValueID(node: $0)).operand(1) }
    // Later weights are leaves: they can be taken before their place.
    for weight in weights { nodes.copy(weight.node) }
    let labels = group.compactMap { graph.origin(of: $0).label }
    var origin = graph.origin(of: index)
    origin.label = labels.isEmpty ? nil : labels.joined(separator: " + ")
    let weight = graph.type(of: member.operand(1)).replacing(0, product.extent(-1))
    let joined = nodes.add(
      Node(operation: Concatenate(axis: 0), operands: weights.map { nodes.moved($0) }, results: [weight]), origin)
    let x = nodes.moved(member.operand(0))
    return nodes.add(Node(operation: member.operation, operands: [x, joined], results: [product]), origin)
  }
}
