import HeddleText

/// One node as its lowering sees it: the operation with its members, its operands by role, and the target.
struct Problem<Operation> {
  var index: Int
  var operation: Operation
  /// By role, in order; a repeated role's operands one after the other.
  var operands: [Operand]
  var results: [TensorType]
  var target: TargetProfile
  /// The range of bindings the list is for.
  var ranges: SymbolRanges
  /// What the backend has registered for custom operations.
  var customKernels: [String: CustomKernel] = [:]

  /// The operand in a role. A role that the operation does not have here gives an operand that no encoder takes.
  subscript(_ role: String) -> Operand { operands.first { $0.role == role } ?? Operand(role: role) }

  /// The type of the only result, or of the first.
  var result: TensorType { results.first ?? TensorType(.float32, []) }

  var types: [TensorType] { operands.map(\.type) }

  /// The greatest value of a dimension in this range, at most 2³¹ − 1: enough to choose a tile, and safe to add to.
  func maximum(_ dimension: Dimension) -> Int {
    min((try? dimension.bounds(ranges).upperBound) ?? .max, Int(Int32.max))
  }
}

/// One operand of a problem.
struct Operand {
  var role: String
  /// Nil: the node has no such operand, or there is no graph, only a question.
  var value: ValueID?
  var type = TensorType(.float32, [])
  /// Whether it is a constant, or constants one below the other: what can be packed.
  var isConstant = false
}

extension Problem where Operation == any GraphOperation {
  /// A node of a graph.
  init(_ index: Int, _ node: Node, in graph: Graph, target: TargetProfile, ranges: SymbolRanges) {
    self.init(
      index: index, operation: node.operation,
      operands: zip(Self.roles(node.operation, node.operands.count), node.operands).map { role, value in
        Operand(
          role: role, value: value, type: graph.type(of: value), isConstant: graph.packedWeight(value) != nil)
      }, results: node.results, target: target, ranges: ranges)
  }

  /// An operation on operands of these types, of which those that may be weights are constants if their shapes are fixed.
  init(
    _ operation: any GraphOperation, _ types: [TensorType], results: [TensorType], target: TargetProfile,
    ranges: SymbolRanges
  ) {
    self.init(
      index: 0, operation: operation,
      operands: zip(Self.roles(operation, types.count), types.enumerated()).map { role, operand in
        Operand(
          role: role, type: operand.element,
          isConstant: operation.takesWeight(at: operand.offset, of: types)
            && operand.element.shape.allSatisfy { $0.constant != nil })
      }, results: results, target: target, ranges: ranges)
  }

  /// The role of each of so many operands: the last role is repeated.
  private static func roles(_ operation: any GraphOperation, _ count: Int) -> [String] {
    let names = operation.roles.map(\.name)
    return names + [String](filled: names.last ?? "", count: count &- names.count)  // Traps: never (clamped-count).
  }

  /// The same problem, if its operation is of this type.
  func typed<Typed: GraphOperation>(_: Typed.Type) -> Problem<Typed>? {
    guard let typed = operation as? Typed else { return nil }
    return Problem<Typed>(
      index: index, operation: typed, operands: operands, results: results, target: target, ranges: ranges,
      customKernels: customKernels)
  }
}

extension Problem {
  /// Throws unless the rows of a weight are whole blocks.
  func requireWholeBlocks(_ weight: TensorType) throws(LoweringError) {
    guard let width = weight.shape.last?.constant, !width.isMultiple(of: weight.encoding.blockSize) else { return }
    throw LoweringError("rows must be a multiple of \(weight.encoding.blockSize), got \(weight)")
  }
}
