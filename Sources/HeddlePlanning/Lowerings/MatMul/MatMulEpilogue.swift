// Traps: never, inference has checked the count and the ranks of the operands, a view has a stride for each axis, and
// each node has an origin.

// What every matmul kernel needs of its epilogue: `Kernels/MatMul/epilogue.cl`.

extension MatMul.Epilogue {
  /// The defines of `Kernels/MatMul/epilogue.cl`.
  var defines: [String: String] {
    let number =
      switch activation {
      case nil: 0
      case .relu: 1
      case .silu: 2
      case .gelu: 3
      case .geluTanh: 4
      }
    return [
      "EPILOGUE_BIAS": bias ? "1" : "0", "EPILOGUE_ACTIVATION": "\(number)", "EPILOGUE_GATED": isGated ? "1" : "0",
      "EPILOGUE_RESIDUAL": residual ? "1" : "0",
    ]
  }
}

extension Encoder {
  /// The kernel's argument `bias`: contiguous, addressed by `P_bias_offset`. Without one `other` stands there, unread.
  mutating func biasArgument(
    _ epilogue: MatMul.Epilogue, _ node: Node, otherwise other: TensorView
  ) throws(PlanError) -> Argument {
    guard let index = epilogue.biasOperand else { return .read("bias", other) }
    return .read("bias", try contiguous(node.operands[index]))
  }

  /// The residual as rows of tokens; without one `other` stands there, unread.
  mutating func residualRows(
    _ epilogue: MatMul.Epilogue, _ node: Node, otherwise other: TensorView
  ) throws(PlanError) -> TensorView {
    guard let index = epilogue.residualOperand else { return other }
    return try tokenRows(node.operands[index])
  }
}
