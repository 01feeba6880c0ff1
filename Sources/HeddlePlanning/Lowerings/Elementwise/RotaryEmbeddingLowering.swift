/// `rotaryEmbedding`: `Kernels/Elementwise/rotary_embedding_wide.cl` and `rotary_embedding_simt.cl`.
enum RotaryEmbeddingLowering: Lowering {
  typealias Candidate = KernelShape

  /// Pairs whose frequencies the plan keeps in a table.
  private static let maximumPairs = 1 << 16

  static func validate(_ problem: Problem<RotaryEmbedding>) throws(LoweringError) {
    let rotated = problem.operation.rotatedDimensions
    guard rotated / 2 <= maximumPairs else {
      throw LoweringError("at most \(2 * maximumPairs) dimensions are rotated, got \(rotated)")
    }
  }

  static func plan(_ problem: Problem<RotaryEmbedding>) -> [KernelShape] {
    // A wide item keeps the sines and cosines of a token in registers.
    let pairs = problem.operation.rotatedDimensions / 2
    return pairs > 0 && pairs % 16 == 0 && pairs <= 128 ? [.wide, .simt] : [.simt]
  }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem<RotaryEmbedding>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let rotary = problem.operation
    let x = try encoder.rows(problem["x"])
    let positions = try encoder.view(problem["positions"])
    let hasFactors = problem["factors"].value != nil
    let frequencies = TensorView(
      buffer: encoder.literal(rotary.frequencies.isEmpty ? [0] : rotary.frequencies), type: TensorType(.float32, []))
    let factors = hasFactors ? try encoder.contiguous(problem["factors"]) : frequencies
    let y = encoder.destination(problem.result)
    let (tokens, heads, dimension) = (x.type.extent(0), x.type.extent(1), x.type.extent(2))
    var defines = [
      "PAIR_HALVES": rotary.pairing == .halves ? "1" : "0", "HAS_FACTORS": hasFactors ? "1" : "0",
      "MAGNITUDE_BITS": KernelReference.define(rotary.magnitude),
    ]
    var parameters = [("heads", heads), ("dimension", dimension)]
    if candidate == .wide {
      defines["PAIRS"] = "\(rotary.rotatedDimensions / 2)"
    } else {
      parameters.append(("pairs", Dimension(rotary.rotatedDimensions / 2)))
    }
    encoder.launch(
      KernelReference(
        source: .file("Elementwise/rotary_embedding_\(candidate.rawValue).cl"),
        entry: "rotary_embedding_\(candidate.rawValue)",
        defines: defines, parameters: []),
      [
        .read("x", x, [("t", x.stride(0)), ("h", x.stride(1))]),
        .read("positions", positions, [("stride", positions.stride(0))]), .whole(frequencies.buffer),
        .read("factor", factors), .write("y", y, [("t", y.stride(0)), ("h", y.stride(1))]),
      ], parameters,
      global: candidate == .wide
        ? [tokens] : [dimension.dividedRoundingUp(by: 2).roundedUp(toMultipleOf: 32), heads, tokens],
      local: candidate == .wide ? [1] : [32, 1, 1], itemsAreIndependent: true)
    return [y]
  }
}
