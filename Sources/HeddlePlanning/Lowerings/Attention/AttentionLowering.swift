import HeddleText

/// `attention`: `Kernels/Attention/causal_wide.cl` and `causal_simt.cl`.
enum AttentionLowering: Lowering {
  enum Candidate: Sendable {
    case wide
    case simt(localSize: Int)
  }

  /// Values of a head that one item may keep, so that they stay in registers.
  private static let maximumValuesPerItem = 16

  static func validate(_ problem: Problem<Attention>) throws(LoweringError) {
    guard let value = problem["values"].type.extent(2).constant,
      let dimension = problem["queries"].type.extent(2).constant
    else { throw LoweringError("head dimensions must be fixed") }
    let limit = maximumValuesPerItem &* problem.target.workGroupSize(64)
    guard value <= limit, dimension <= limit else {
      throw LoweringError("head dimensions must be at most \(limit), got \(dimension) and \(value)")
    }
  }

  static func plan(_ problem: Problem<Attention>) -> [Candidate] {
    let dimensions = ["queries", "values"].compactMap { problem[$0].type.extent(2).constant }
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

  static func encode(
    _ candidate: Candidate, _ problem: Problem<Attention>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let attention = problem.operation
    let q = try encoder.rows(problem["queries"])
    let k = try encoder.rows(problem["keys"])
    let v = try encoder.rows(problem["values"])
    let y = encoder.destination(problem.result)
    let (tokens, heads) = (q.type.extent(0), q.type.extent(1))
    let (dimension, valueDimension) = (q.type.extent(2).constant ?? 0, v.type.extent(2).constant ?? 0)
    let headsPerGroup = (heads.constant ?? 0) / max(k.type.extent(1).constant ?? 1, 1)
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
      defines["VALUES_PER_ITEM"] = "\(max(1, valueDimension.dividedRoundingUp(by: localSize)))"
      parameters += [("dimension", Dimension(dimension)), ("value_dimension", Dimension(valueDimension))]
      kernel = KernelReference(
        source: .file("Attention/causal_simt.cl"), entry: "causal_attention_simt", defines: defines, parameters: [])
      global = [Dimension(localSize), heads, tokens]
      local = [localSize, 1, 1]
    }
    encoder.launch(
      kernel,
      [
        .read("q", q, [("t", q.stride(0)), ("h", q.stride(1))]),
        .read("k", k, [("c", k.stride(0)), ("g", k.stride(1))]),
        .read("v", v, [("c", v.stride(0)), ("g", v.stride(1))]),
        .write("y", y, [("t", y.stride(0)), ("h", y.stride(1))]),
      ], parameters, global: valueDimension == 0 ? [0] : global, local: valueDimension == 0 ? [1] : local)
    return [y]
  }
}
