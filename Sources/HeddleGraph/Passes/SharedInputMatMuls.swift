// Traps: never, the graph is validated: an operation has the operands and results that its inference asks for,
// operands are results of earlier nodes, and each node has an origin.

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
      guard case .matmul(let matmul) = node.operation, matmul == MatMul(kept: matmul.kept),
        isConstantMatrix(node.operands[1])
      else { continue }
      let encoding = type(of: node.operands[1]).encoding
      groups[Key(x: node.operands[0], encoding: encoding, kept: matmul.kept), default: []].append(index)
    }
    let merged = groups.values.filter { group in
      group.count > 1 && Concatenate.canJoin(group.map { type(of: nodes[$0].operands[1]) })
    }
    guard !merged.isEmpty else { return self }
    let groupOf = Dictionary(
      merged.flatMap { group in group.map { ($0, group) } }, uniquingKeysWith: { first, _ in first })

    var result: [Node] = []
    var resultOrigins: [Origin] = []
    var map: [ValueID: ValueID] = [:]
    var products: [Int: ValueID] = [:]
    func add(_ node: Node, _ origin: Origin) -> ValueID {
      result.append(node)
      resultOrigins.append(origin)
      return ValueID(node: result.count - 1)
    }
    func copy(_ index: Int) {
      guard map[ValueID(node: index)] == nil else { return }
      var node = nodes[index]
      node.operands = node.operands.map { map[$0] ?? $0 }
      let id = add(node, origins[index])
      for position in node.results.indices {
        map[ValueID(node: index, result: position)] = ValueID(node: id.node, result: position)
      }
    }
    for index in nodes.indices {
      guard let group = groupOf[index] else {
        copy(index)
        continue
      }
      let types = group.map { type(of: nodes[$0].operands[1]) }
      let node = nodes[index]
      var product = node.results[0]
      product.shape[product.rank - 1] = types.map(\.shape[0]).reduce(0, +)
      if products[group[0]] == nil {
        // Later weights are leaves: they can be taken before their place.
        for member in group { copy(nodes[member].operands[1].node) }
        let x = map[node.operands[0]] ?? node.operands[0]
        let weights = group.map { map[nodes[$0].operands[1]] ?? nodes[$0].operands[1] }
        let labels = group.compactMap { origins[$0].label }
        var origin = origins[index]
        origin.label = labels.isEmpty ? nil : labels.joined(separator: " + ")
        var weight = types[0]
        weight.shape[0] = product.shape[product.rank - 1]
        let joined = add(
          Node(operation: .concatenate(Concatenate(axis: 0)), operands: weights, results: [weight]), origin)
        products[group[0]] = add(
          Node(operation: node.operation, operands: [x, joined], results: [product]), origin)
      }
      guard let whole = products[group[0]], let place = group.firstIndex(of: index) else { continue }
      let slice = Slice(
        axis: product.rank - 1, start: types[..<place].map(\.shape[0]).reduce(0, +), count: types[place].shape[0])
      map[ValueID(node: index)] = add(
        Node(operation: .slice(slice), operands: [whole], results: node.results), origins[index])
    }
    return rewritten(result, resultOrigins, map)
  }

  private func isConstantMatrix(_ value: ValueID) -> Bool {
    guard case .constant = nodes[value.node].operation else { return false }
    return type(of: value).rank == 2
  }
}
