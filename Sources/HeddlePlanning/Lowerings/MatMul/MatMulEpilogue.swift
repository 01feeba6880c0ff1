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
  mutating func biasArgument(_ problem: Problem<MatMul>, otherwise other: TensorView) throws(PlanError) -> Argument {
    guard problem.operation.epilogue.bias else { return .read("bias", other) }
    return .read("bias", try contiguous(problem["bias"]))
  }

  /// The residual as rows of tokens; without one `other` stands there, unread.
  mutating func residualRows(_ problem: Problem<MatMul>, otherwise other: TensorView) throws(PlanError) -> TensorView {
    guard problem.operation.epilogue.residual else { return other }
    return try tokenRows(problem["residual"])
  }
}
