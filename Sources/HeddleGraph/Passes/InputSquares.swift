extension Graph {
  /// The graph with one more output for each of its matrices, `squares.NAME` `[1, K]` float32: how great the inputs of the
  /// matrix's columns are, `Σ_t r[t] · x[t, k]²`, summed over the rows t that it is multiplied with.
  ///
  /// - Matrices are constants `[M, K]` on the right of a matmul of x `[T, K]` float32; NAME is the constant's. Of one that
  ///   is multiplied twice the first product counts.
  /// - r is a new input, `row_weights` `[1, T]` float32: 1 for rows that count, else 0. T is that of the first product; those of
  ///   another count of rows are left out.
  ///
  /// - Parameter isWanted: which constants.
  /// - Throws: ``GraphError`` if the graph has such an input or output already.
  public func addingInputSquares(of isWanted: (ConstantID) -> Bool) throws(GraphError) -> Graph {
    var (nodes, origins, outputs) = (nodes, origins, outputs)
    func add(_ operation: some GraphOperation, _ operands: [ValueID], _ type: TensorType, _ label: String) -> ValueID {
      nodes.append(Node(operation: operation, operands: operands, results: [type]))
      origins.append(Origin(label: label))
      return ValueID(node: nodes.count &- 1)
    }
    var rows: (value: ValueID, count: Dimension)?
    var known: Set<ConstantID> = []
    // Products of one x, such as queries, keys and values, share its squares.
    var sums: [ValueID: ValueID] = [:]
    for node in self.nodes {
      guard let matmul = node.operation as? MatMul, matmul.rightIsTransposed,
        let constant = constant(node.operand(1)), isWanted(constant.id)
      else { continue }
      let x = node.operand(0)
      let type = type(of: x)
      guard type.rank == 2, type.encoding == .float32, rows.map({ $0.count == type.extent(0) }) ?? true,
        known.insert(constant.id).inserted
      else { continue }
      let weights: ValueID
      if let rows {
        weights = rows.value
      } else {
        let weightType = TensorType(.float32, [1, type.extent(0)])
        weights = add(Input(name: "row_weights", type: weightType), [], weightType, "row_weights")
        rows = (weights, type.extent(0))
      }
      let name = "squares.\(constant.id.name)"
      var sum = sums[x]
      if sum == nil {
        let squares = add(Binary(function: .multiply), [x, x], type, name)
        sum = add(
          MatMul(rightIsTransposed: false), [weights, squares], TensorType(.float32, [1, type.extent(1)]), name)
        sums[x] = sum
      }
      guard let sum else { continue }
      outputs.append(NamedValue(name: name, value: sum))
    }
    return try Graph(symbols: symbols, nodes: nodes, outputs: outputs, stateUpdates: stateUpdates, origins: origins)
  }
}
