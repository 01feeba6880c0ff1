// Constants that kernels read in a form of their own.
extension Encoder {
  /// The operand as a packed weight, if it is a constant, or a concatenation of constants along the rows or along those of each
  /// expert.
  mutating func weight(_ operand: Operand) -> (buffer: BufferReference, constant: PackedConstant)? {
    guard let value = operand.value, let packed = graph.packedWeight(value) else { return nil }
    return (use(packed), packed)
  }

  /// The same operand with its rows one after the other; its values must be dense.
  mutating func rowMajorWeight(_ operand: Operand) -> BufferReference? {
    guard let value = operand.value, var packed = graph.packedWeight(value) else { return nil }
    packed.layout = .rowMajor
    // A whole constant is the same however it is used.
    if let id = packed.ids.first, packed.ids.count == 1 { packed = PackedConstant(rowMajor: id, operand.type) }
    return use(packed)
  }
}

extension Graph {
  /// A value that is a constant, or a concatenation of constants along the rows or along those of each expert, as kernels read
  /// weights.
  func packedWeight(_ value: ValueID) -> PackedConstant? {
    let node = producer(of: value)
    let type = type(of: value)
    let parts: [ValueID]
    var turns = 1
    switch node.operation {
    case is Constant: parts = [value]
    case let concatenate as Concatenate where concatenate.axis == 0 && type.rank >= 2: parts = node.operands
    case let concatenate as Concatenate where concatenate.axis == 1 && type.rank == 3:
      guard type.encoding.pattern == nil, let experts = type.extent(0).constant else { return nil }
      (parts, turns) = (node.operands, experts)
    default: return nil
    }
    var ids: [ConstantID] = []
    var rows: [Int] = []
    guard type.encoding != .int32, let rowLength = type.shape.last?.constant ?? (type.rank == 0 ? 1 : nil) else {
      return nil
    }
    for part in parts {
      guard let constant = constant(part) else { return nil }
      ids.append(constant.id)
      rows.append(constant.type.shape.dropLast().reduce(Dimension(1), *).constant ?? 0)
    }
    return PackedConstant(
      ids: ids, layout: .interleavedRows, encoding: type.encoding, rows: rows, rowLength: rowLength,
      turns: turns)
  }

  /// Concatenations that are only ever a packed weight: they are packed, never computed.
  func weightOnlyConcatenations() -> Set<Int> {
    var candidates: Set<Int> = []
    for (index, node) in nodes.enumerated() where node.operation is Concatenate {
      if packedWeight(ValueID(node: index)) != nil { candidates.insert(index) }
    }
    for node in nodes {
      for (position, operand) in node.operands.enumerated() where candidates.contains(operand.node) {
        if !node.operation.takesWeight(at: position, of: operandTypes(of: node)) { candidates.remove(operand.node) }
      }
    }
    for output in outputs + stateUpdates { candidates.remove(output.value.node) }
    return candidates
  }
}
