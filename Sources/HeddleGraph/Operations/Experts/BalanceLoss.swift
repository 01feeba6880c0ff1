/// `y = weight · E · Σ_e (counts[e] / Σ counts) · mean_t(scores[t, e])`: what training adds to its loss so that experts are used
/// alike.
///
/// - scores `[T, E]` float32, of which a token's sum is 1: the softmax of its logits, or other scores divided by their sum.
///   counts `[E]` int32, as ``ExpertCounts`` gives them. Result `[1]` float32. T tokens, E experts.
/// - The least is `weight`, where all counts and all means are alike. Without tokens, or with no count, the result is 0.
/// - Source: Fedus et al., *Switch Transformers*, 2021, whose weight is 0.01.
public struct BalanceLoss: GraphOperation {
  public static let description = OperationDescription(
    "balanceLoss", family: "Experts", "y = weight · E · Σ_e (counts[e] / Σ counts) · mean_t(scores[t, e])",
    operands: [.init("scores", "[T, E] f32"), .init("counts", "[E] i32")],
    members: [.init("weight", .number, default: "0.01")], result: "[1] f32")

  /// λ.
  public var weight: Float

  public init(weight: Float = 0.01) { self.weight = weight }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let scores = try operands.float32("scores", rank: 2)
    let counts = try operands.int32("counts", rank: 1)
    try operands.equal(scores.extent(1), counts.extent(0), "the experts of scores and of counts")
    try operands.require(counts.extent(0), "experts", atMost: Dimension(Int(Int32.max)))
    guard weight.isFinite else { throw .attribute("weight", "must be finite, got \(weight)") }
    return [TensorType(.float32, [1])]
  }
}

extension BalanceLoss {
  private enum CodingKeys: String, CodingKey, CaseIterable { case weight }

  /// The weight may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    self.init(weight: try members.decodeIfPresent(Float.self, forKey: .weight) ?? 0.01)
  }
}

extension GraphBuilder {
  /// ``BalanceLoss``
  public func balanceLoss(
    _ scores: Value, counts: Value, weight: Float = 0.01, label: String? = nil, file: String = #fileID,
    line: Int = #line
  ) throws(GraphError) -> Value {
    try single(BalanceLoss(weight: weight), [scores, counts], label, file, line)
  }
}
