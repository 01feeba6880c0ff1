/// Tensors one after the other along one axis; all other axes equal.
///
/// Block-quantized tensors can be concatenated along any axis but the last, whose blocks stay whole; sparse ones along the
/// first if rows that share a pattern stay together, those of blocks not at all.
public struct Concatenate: GraphOperation {
  public static let description = OperationDescription(
    "concatenate", family: "Layout", "tensors one after the other along an axis, all other axes equal",
    operands: [.init("operands", "[…] of one encoding", isRepeated: true)], members: [.init("axis", .integer)],
    result: "[…] like the operands")

  public var axis: Int

  public init(axis: Int) { self.axis = axis }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let first = try operands["operands"]
    guard first.shape.indices.contains(axis) else { throw .attribute("axis", "\(axis) is not an axis of \(first)") }
    if first.encoding.blockSize > 1, axis == first.rank &- 1 {
      throw .attribute("axis", "\(axis) is the axis of \(first) that holds its blocks")
    }
    if let format = first.encoding.sparse { try requireWholeGroups(format, operands) }
    var total: Dimension = 0
    for type in operands.types {
      let expected = first.replacing(axis, type.rank == first.rank ? type.extent(axis) : 0)
      guard type == expected else { throw .type("operands must differ in axis \(axis) only, got \(first) and \(type)") }
      total = total + type.extent(axis)
    }
    return [first.replacing(axis, total)]
  }

  /// Rows that share a pattern must stay together, and blocks are counted over the whole tensor.
  private func requireWholeGroups(_ format: SparseFormat, _ operands: Operands) throws(InferenceError) {
    guard axis == 0 else { throw .attribute("axis", "sparse tensors are concatenated along axis 0 only, got \(axis)") }
    if case .block = format.pattern.kind { throw .type("tensors of sparse blocks cannot be concatenated") }
    guard Concatenate.canJoin(operands.types) else {
      throw .type(
        "all but the last must have a multiple of \(format.pattern.rowsPerGroup) rows, got \(operands.types)")
    }
  }

  /// Whether the rows of weights of one encoding can stand one below the other.
  static func canJoin(_ types: [TensorType]) -> Bool {
    guard let format = types.first?.encoding.sparse else { return true }
    if case .block = format.pattern.kind { return false }
    return types.dropLast().allSatisfy { type in
      type.shape.dropLast().reduce(Dimension(1), *).constant?.isMultiple(of: format.pattern.rowsPerGroup) == true
    }
  }
}

extension GraphBuilder {
  /// ``Concatenate``
  public func concatenate(
    _ operands: [Value], axis: Int, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Concatenate(axis: axis), operands, label, file, line)
  }
}
