// Traps: never, inference has checked the count and the ranks of the operands, a view has a stride for each axis, and
// each node has an origin.

/// `rotaryEmbedding`: `Kernels/Elementwise/rotary_embedding_wide.cl` and `rotary_embedding_simt.cl`.
enum RotaryEmbeddingLowering: Lowering {
  typealias Candidate = KernelShape

  /// Pairs whose frequencies the plan keeps in a table.
  private static let maximumPairs = 1 << 16

  static func validate(_ problem: Problem) throws(LoweringError) {
    guard case .rotaryEmbedding(let rotary) = problem.node.operation else { return }
    guard rotary.rotatedDimensions / 2 <= maximumPairs else {
      throw LoweringError("at most \(2 * maximumPairs) dimensions are rotated, got \(rotary.rotatedDimensions)")
    }
  }

  static func plan(_ problem: Problem) -> [KernelShape] {
    guard case .rotaryEmbedding(let rotary) = problem.node.operation else { return [] }
    // A wide item keeps the sines and cosines of a token in registers.
    let pairs = rotary.rotatedDimensions / 2
    return pairs > 0 && pairs % 16 == 0 && pairs <= 128 ? [.wide, .simt] : [.simt]
  }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    guard case .rotaryEmbedding(let rotary) = problem.node.operation else { return [] }
    let x = try encoder.rows(problem.node.operands[0])
    let positions = try encoder.view(problem.node.operands[1])
    let hasFactors = problem.node.operands.count == 3
    let frequencies = TensorView(
      buffer: encoder.literal(rotary.frequencies.isEmpty ? [0] : rotary.frequencies), type: TensorType(.float32, []))
    let factors = hasFactors ? try encoder.contiguous(problem.node.operands[2]) : frequencies
    let y = encoder.destination(problem.result)
    let (tokens, heads, dimension) = (x.type.shape[0], x.type.shape[1], x.type.shape[2])
    var defines = ["PAIR_HALVES": rotary.pairing == .halves ? "1" : "0", "HAS_FACTORS": hasFactors ? "1" : "0"]
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
        .read("x", x, [("t", x.strides[0]), ("h", x.strides[1])]),
        .read("positions", positions, [("stride", positions.strides[0])]), .whole(frequencies.buffer),
        .read("factor", factors), .write("y", y, [("t", y.strides[0]), ("h", y.strides[1])]),
      ], parameters,
      global: candidate == .wide
        ? [tokens] : [dimension.dividedRoundingUp(by: 2).roundedUp(toMultipleOf: 32), heads, tokens],
      local: candidate == .wide ? [1] : [32, 1, 1])
    return [y]
  }
}
