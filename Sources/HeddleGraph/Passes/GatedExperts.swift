extension Graph {
  /// `f(matmulByExpert(x, g, i)) · matmulByExpert(x, u, i)`, of products with no other use and without biases, becomes one gated
  /// ``MatMulByExpert``, and so do the halves of one product: one launch, for which rows are sorted by expert once. Its weights
  /// are those of both, which a backend packs as one. Every step is rounded either way: the bits stay. M must be a multiple of
  /// 16, so that the halves of a packed weight begin with whole groups of rows.
  public func fusingGatedExperts() -> Graph {
    let uses = useCounts()
    var rewriting = GraphRewriting(self)
    var isChanged = false
    for (index, node) in nodes.enumerated() {
      guard let pair = gatedExperts(node, uses) else {
        rewriting.copy(index)
        continue
      }
      let origin = origin(of: index)
      var weights = pair.weights.map { rewriting.moved($0) }
      if weights.count > 1 {
        let types = pair.weights.map { type(of: $0) }
        let outputs = types.map { $0.extent(1) }.reduce(0, +)
        let joined = types.first.map { $0.replacing(1, outputs) }
        weights = [
          rewriting.add(
            Node(operation: Concatenate(axis: 1), operands: weights, results: [joined].compactMap { $0 }), origin)
        ]
      }
      rewriting.replace(
        index,
        by: rewriting.add(
          Node(
            operation: MatMulByExpert(activation: pair.activation, isGated: true, resident: pair.resident),
            operands: [rewriting.moved(pair.x)] + weights + [rewriting.moved(pair.indices)], results: node.results),
          origin))
      isChanged = true
    }
    return isChanged ? rewriting.result.removingDeadCode() : self
  }

  /// What a gated product by expert takes.
  private struct GatedPair {
    var activation: Activation?
    var resident: Int?
    var x: ValueID
    var indices: ValueID
    /// The gate's and the up product's, or both in one.
    var weights: [ValueID]
  }

  /// The products that a node multiplies, the first under an activation or under none.
  private func gatedExperts(_ node: Node, _ uses: [ValueID: Int]) -> GatedPair? {
    for (activation, gate, up) in gates(node, uses) {
      if let pair = twoProducts(gate, up, activation, uses) ?? halves(gate, up, activation, node, uses) { return pair }
    }
    return nil
  }

  /// Two products of one x and one choice, with weights that can stand one below the other.
  private func twoProducts(
    _ gate: ValueID, _ up: ValueID, _ activation: Activation?, _ uses: [ValueID: Int]
  ) -> GatedPair? {
    guard gate != up, let first = movableExperts(gate, uses), let second = movableExperts(up, uses),
      second.activation == nil, activation == nil || first.activation == nil,
      first.resident == second.resident
    else { return nil }
    let (g, u) = (producer(of: gate), producer(of: up))
    let weight = type(of: g.operand(1))
    guard g.operand(0) == u.operand(0), g.operand(2) == u.operand(2), weight == type(of: u.operand(1)),
      weight.extent(1).constant?.isMultiple(of: 16) == true
    else { return nil }
    return GatedPair(
      activation: activation ?? first.activation, resident: first.resident, x: g.operand(0), indices: g.operand(2),
      weights: [g.operand(1), u.operand(1)])
  }

  /// The halves of one product.
  private func halves(
    _ gate: ValueID, _ up: ValueID, _ activation: Activation?, _ node: Node, _ uses: [ValueID: Int]
  ) -> GatedPair? {
    guard let (product, start) = half(gate, uses), let (other, upStart) = half(up, uses), product == other, start == 0,
      let width = node.result().shape.last?.constant, width.isMultiple(of: 16), upStart == Dimension(width),
      type(of: product).shape.last == Dimension(width) * 2, let whole = movableExperts(product, uses, count: 2),
      whole.activation == nil
    else { return nil }
    let p = producer(of: product)
    return GatedPair(
      activation: activation, resident: whole.resident, x: p.operand(0), indices: p.operand(2), weights: [p.operand(1)])
  }

  /// The product by expert behind a value that has `count` uses, without a bias, with a constant: one that can be computed later.
  private func movableExperts(_ value: ValueID, _ uses: [ValueID: Int], count: Int = 1) -> MatMulByExpert? {
    guard let product = operation(MatMulByExpert.self, of: value), !product.bias, !product.isGated,
      uses[value] == count, constant(producer(of: value).operand(1)) != nil,
      !producer(of: value).operands.contains(where: { showsState($0) })
    else { return nil }
    return product
  }
}
