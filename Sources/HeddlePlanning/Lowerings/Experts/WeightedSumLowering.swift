/// `weightedSum`: `Kernels/Experts/weighted_sum.cl`.
enum WeightedSumLowering: Lowering {
  typealias Candidate = KernelShape

  /// Values that one wide item computes: the row of one token still occupies several cores.
  private static let valuesPerItem = 256

  static func plan(_ problem: Problem<WeightedSum>) -> [KernelShape] { [.wide, .simt] }

  static func encode(
    _ candidate: KernelShape, _ problem: Problem<WeightedSum>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.rows(problem["x"])
    let weights = try encoder.contiguous(problem["weights"])
    let result = encoder.destination(problem.result)
    let y = encoder.collapsedToRows(result) ?? result
    let (tokens, width) = (x.type.extent(0), x.type.extent(2))
    encoder.launch(
      KernelReference(
        source: .file("Experts/weighted_sum.cl"), entry: "weighted_sum_\(candidate.rawValue)",
        defines: candidate == .wide ? ["VALUES_PER_ITEM": "\(valuesPerItem)"] : [:], parameters: []),
      [
        .read("x", x, [("t", x.stride(0)), ("j", x.stride(1))]), .read("weights", weights),
        .write("y", y, [("stride", y.stride(0))]),
      ],
      [("parts", x.type.extent(1)), ("width", width)],
      global: candidate == .wide
        ? [width.dividedRoundingUp(by: valuesPerItem), tokens] : [width.roundedUp(toMultipleOf: 64), tokens],
      local: candidate == .wide ? [1, 1] : [64, 1], itemsAreIndependent: true)
    return [result]
  }
}
