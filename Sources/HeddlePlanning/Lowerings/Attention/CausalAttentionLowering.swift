/// `causalAttention`: `Kernels/Attention/causal_wide.cl` and `causal_simt.cl`.
enum CausalAttentionLowering: Lowering {
  enum Candidate: Sendable {
    case wide
    case simt(localSize: Int)
  }

  /// Values of a head that one item may keep, so that they stay in registers.
  private static let maximumValuesPerItem = 16

  // Traps: never, inference has checked the operands' ranks, and a work-group has 64 items at most.
  static func validate(_ problem: Problem) throws(LoweringError) {
    guard let value = problem.operands[2].shape[2].constant, let dimension = problem.operands[0].shape[2].constant
    else { throw LoweringError("head dimensions must be fixed") }
    let limit = maximumValuesPerItem * problem.target.workGroupSize(64)
    guard value <= limit, dimension <= limit else {
      throw LoweringError("head dimensions must be at most \(limit), got \(dimension) and \(value)")
    }
  }

  // Traps: never, inference has checked the operands' ranks.
  static func plan(_ problem: Problem) -> [Candidate] {
    let dimensions = [problem.operands[0].shape[2], problem.operands[2].shape[2]].compactMap(\.constant)
    let simt = Candidate.simt(localSize: problem.target.workGroupSize(64))
    return dimensions.allSatisfy { $0 % 16 == 0 && $0 > 0 && $0 <= 256 } ? [.wide, simt] : [simt]
  }

  static func shape(of candidate: Candidate) -> KernelShape {
    if case .wide = candidate { .wide } else { .simt }
  }

  static func name(of candidate: Candidate) -> String {
    switch candidate {
    case .wide: "wide"
    case .simt(let localSize): "simt \(localSize)"
    }
  }

  // Traps: never, inference has checked the operands' ranks, `validate` the head dimensions, and a work-group has an
  // item.
  static func encode(
    _ candidate: Candidate, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard case .causalAttention(let attention) = problem.node.operation else { return [] }
    let q = try encoder.rows(problem.node.operands[0])
    let k = try encoder.rows(problem.node.operands[1])
    let v = try encoder.rows(problem.node.operands[2])
    let y = encoder.destination(problem.result)
    let (tokens, heads) = (q.type.shape[0], q.type.shape[1])
    let (dimension, valueDimension) = (q.type.shape[2].constant ?? 0, v.type.shape[2].constant ?? 0)
    let headsPerGroup = (heads.constant ?? 0) / max(k.type.shape[1].constant ?? 1, 1)
    var defines = ["SCALE_BITS": KernelReference.define(attention.scale)]
    var parameters: [(String, Dimension)] = [("past", attention.past), ("heads_per_group", Dimension(headsPerGroup))]
    let kernel: KernelReference
    let global: [Dimension]
    let local: [Int]
    switch candidate {
    case .wide:
      defines["DIMENSION"] = "\(dimension)"
      defines["VALUE_DIMENSION"] = "\(valueDimension)"
      kernel = KernelReference(
        source: .file("Attention/causal_wide.cl"), entry: "causal_attention_wide", defines: defines, parameters: [])
      global = [heads, tokens]
      local = [1, 1]
    case .simt(let localSize):
      defines["LOCAL_SIZE"] = "\(localSize)"
      defines["VALUES_PER_ITEM"] = "\(max(1, (valueDimension + localSize - 1) / localSize))"
      parameters += [("dimension", Dimension(dimension)), ("value_dimension", Dimension(valueDimension))]
      kernel = KernelReference(
        source: .file("Attention/causal_simt.cl"), entry: "causal_attention_simt", defines: defines, parameters: [])
      global = [Dimension(localSize), heads, tokens]
      local = [localSize, 1, 1]
    }
    encoder.launch(
      kernel,
      [
        .read("q", q, [("t", q.strides[0]), ("h", q.strides[1])]),
        .read("k", k, [("c", k.strides[0]), ("g", k.strides[1])]),
        .read("v", v, [("c", v.strides[0]), ("g", v.strides[1])]),
        .write("y", y, [("t", y.strides[0]), ("h", y.strides[1])]),
      ], parameters, global: valueDimension == 0 ? [0] : global, local: valueDimension == 0 ? [1] : local)
    return [y]
  }
}
