// How a lowering takes its operands.
extension Encoder {
  /// The operand as a strided view; a constant is taken row-major, a concatenation of constants is not taken.
  mutating func view(_ operand: Operand) throws(PlanError) -> TensorView {
    guard let value = operand.value else {
      throw refusal("it has no operand in the role '\(operand.role)'", [operand.type])
    }
    return try view(value)
  }

  mutating func view(_ value: ValueID) throws(PlanError) -> TensorView {
    if let view = views[value] { return view }
    let type = graph.type(of: value)
    guard let constant = graph.constant(value) else {
      throw .unsupported(
        graph.producer(of: value).operation.name, operands: [type], reason: "its value is only a weight",
        graph.origin(of: value.node))
    }
    guard type.encoding.isScalar else {
      throw refusal("a constant in \(type.encoding) can be a weight or encoded, nothing else", [type])
    }
    return TensorView(buffer: use(PackedConstant(rowMajor: constant.id, type)), type: type)
  }

  /// The operand with a contiguous last axis (copied if it has none).
  mutating func rows(_ operand: Operand) throws(PlanError) -> TensorView {
    let view = try view(operand)
    return view.hasContiguousRows ? view : try materialize(view)
  }

  /// The operand with row-major strides (copied if it has others).
  mutating func contiguous(_ operand: Operand) throws(PlanError) -> TensorView {
    let view = try view(operand)
    return view.isContiguous ? view : try materialize(view)
  }

  /// A row-major copy.
  mutating func materialize(_ view: TensorView) throws(PlanError) -> TensorView {
    let copy = temporary(view.type)
    try Copy.encode(from: view, to: copy, into: &self)
    return copy
  }

  /// All axes but the last seen as one, the last contiguous; copied if the strides do not allow it.
  mutating func tokenRows(_ operand: Operand) throws(PlanError) -> TensorView {
    let view = try rows(operand)
    if let collapsed = collapsedToRows(view) { return collapsed }
    let copy = try materialize(view)
    return collapsedToRows(copy) ?? copy
  }

  func collapsedToRows(_ view: TensorView) -> TensorView? {
    var view = view
    while view.type.rank < 2 {
      view.type.shape = [1] + view.type.shape
      view.strides = [1] + view.strides
    }
    return view.collapsing(0, through: view.type.rank &- 2)
  }

  /// The operand in float32: converted into a temporary if it is of another dense encoding.
  mutating func floatView(_ operand: Operand) throws(PlanError) -> TensorView {
    let view = try view(operand)
    guard view.type.encoding != .float32 else { return view }
    let floats = temporary(TensorType(.float32, view.type.shape))
    if view.type.encoding == .q8_dynamic {
      QuantizeActivationsLowering.decode(view, to: floats, into: &self)
      return floats
    }
    try EncodeLowering.convert(view, to: floats, into: &self)
    return floats
  }

  /// ``tokenRows(_:)`` in float32: converted into a temporary if it is of another encoding.
  mutating func floatTokenRows(_ operand: Operand) throws(PlanError) -> TensorView {
    guard operand.type.encoding != .float32 else { return try tokenRows(operand) }
    let floats = try floatView(operand)
    return collapsedToRows(floats) ?? floats
  }

  /// Why the current node cannot be lowered.
  func refusal(_ reason: String, _ operands: [TensorType]) -> PlanError {
    .unsupported(
      graph.producer(of: ValueID(node: node)).operation.name, operands: operands, reason: reason,
      graph.origin(of: node))
  }
}
