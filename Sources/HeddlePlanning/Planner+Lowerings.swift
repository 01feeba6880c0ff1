// The one place where operations meet their lowerings: a line each. Both switches are total, so an operation without a
// lowering does not compile.
extension Planner {
  // Traps: never, a product has two operands.
  func lower(_ problem: Problem, _ options: PlanOptions, _ encoder: inout Encoder) throws(PlanError) -> [TensorView] {
    switch problem.node.operation {
    case .input, .state, .parameter, .constant: return []
    case .range: return try lower(IndexRangeLowering.self, problem, options, &encoder)
    case .convert: return try lower(ConvertLowering.self, problem, options, &encoder)
    case .prune: return try lower(PruneLowering.self, problem, options, &encoder)
    case .embeddingLookup: return try lower(EmbeddingLookupLowering.self, problem, options, &encoder)
    case .rmsNorm: return try lower(RMSNormLowering.self, problem, options, &encoder)
    case .matmul(let matmul):
      let isPacked =
        matmul.rightIsTransposed && problem.operands[1].rank == 2
        && Encoder.packedWeight(problem.node.operands[1], in: encoder.graph) != nil
      if problem.operands[1].encoding.pattern != nil, isPacked {
        return try lower(SparseMatMul.self, problem, options, &encoder)
      }
      return isPacked
        ? try lower(PackedMatMul.self, problem, options, &encoder)
        : try lower(StridedMatMul.self, problem, options, &encoder)
    case .rotaryEmbedding: return try lower(RotaryEmbeddingLowering.self, problem, options, &encoder)
    case .append: return try lower(AppendLowering.self, problem, options, &encoder)
    case .causalAttention: return try lower(CausalAttentionLowering.self, problem, options, &encoder)
    case .gatedSiLU, .elementwise: return try lower(Binary.self, problem, options, &encoder)
    case .unary: return try lower(UnaryLowering.self, problem, options, &encoder)
    case .softmax: return try lower(SoftmaxLowering.self, problem, options, &encoder)
    case .argmax: return try lower(ArgMaxLowering.self, problem, options, &encoder)
    case .reshape, .transpose, .slice: return try lower(Views.self, problem, options, &encoder)
    case .concatenate: return try lower(ConcatenateLowering.self, problem, options, &encoder)
    case .custom(let custom):
      guard let kernel = customKernels[custom.name] else {
        throw unsupported(problem, encoder, "no kernel is registered under '\(custom.name)'")
      }
      return try kernel.encode(custom, problem, into: &encoder)
    }
  }

  // Traps: never, a product has two operands.
  func validate(_ problem: Problem) throws(LoweringError) {
    switch problem.node.operation {
    case .input, .state, .parameter, .constant: break
    case .range: try IndexRangeLowering.validate(problem)
    case .convert: try ConvertLowering.validate(problem)
    case .prune: try PruneLowering.validate(problem)
    case .embeddingLookup: try EmbeddingLookupLowering.validate(problem)
    case .rmsNorm: try RMSNormLowering.validate(problem)
    case .matmul(let matmul):
      let isFixed = problem.operands[1].shape.allSatisfy { $0.constant != nil }
      if problem.operands[1].encoding.pattern != nil {
        try SparseMatMul.validate(problem)
      } else if matmul.rightIsTransposed, problem.operands[1].rank == 2, isFixed {
        try PackedMatMul.validate(problem)
      } else {
        try StridedMatMul.validate(problem)
      }
    case .rotaryEmbedding: try RotaryEmbeddingLowering.validate(problem)
    case .append: try AppendLowering.validate(problem)
    case .causalAttention: try CausalAttentionLowering.validate(problem)
    case .gatedSiLU, .elementwise: try Binary.validate(problem)
    case .unary: try UnaryLowering.validate(problem)
    case .softmax: try SoftmaxLowering.validate(problem)
    case .argmax: try ArgMaxLowering.validate(problem)
    case .reshape, .transpose, .slice: try Views.validate(problem)
    case .concatenate: try ConcatenateLowering.validate(problem)
    case .custom(let custom):
      guard let kernel = customKernels[custom.name] else {
        throw LoweringError("no kernel is registered under '\(custom.name)'")
      }
      _ = try kernel.launch(custom, problem)
    }
  }

  /// Validates, takes the candidate the options ask for, and encodes it.
  private func lower<L: Lowering>(
    _ lowering: L.Type, _ problem: Problem, _ options: PlanOptions, _ encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    do {
      try L.validate(problem)
    } catch {
      throw unsupported(problem, encoder, error.reason)
    }
    let candidates = L.plan(problem)
    let shapes = [options.shape].compactMap { $0 } + target.preferredShapes + KernelShape.allCases
    for shape in shapes {
      var allowed = candidates.filter { L.shape(of: $0) == shape && !L.hasOwnOrder($0) }
      guard !allowed.isEmpty else { continue }
      if options.numerics == .relaxed { allowed += candidates.filter { L.hasOwnOrder($0) } }
      let chosen = try choose(L.self, allowed, problem, options, &encoder)
      // Traps: never, `choose` gives an index of what it is given.
      return try L.encode(allowed[chosen], problem, into: &encoder)
    }
    throw unsupported(problem, encoder, "no kernel fits the device")
  }

  // Traps: never, each node has an origin.
  private func unsupported(_ problem: Problem, _ encoder: Encoder, _ reason: String) -> PlanError {
    .unsupported(
      problem.node.operation.name, operands: problem.operands, reason: reason, encoder.graph.origins[problem.index])
  }
}
