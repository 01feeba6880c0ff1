/// `y[e] = bias[e] + steps · rate · sign(mean(counts) − counts[e])`: the bias of a choice of experts, moved towards an equal load.
///
/// - bias `[E]` float32, counts `[E]` int32 as ``ExpertCounts`` gives them; result `[E]` float32. With the bias as a state
///   and y its next value, each batch of tokens moves it by its own load.
/// - ``steps`` is 1 for a batch that moves the bias and 0 for one that does not, if a bound symbol stands there.
/// - The sign is exact, and that of an expert whose load is the mean is 0.
/// - Source: Wang et al., *Auxiliary-Loss-Free Load Balancing Strategy for Mixture-of-Experts*, 2024; DeepSeek-AI,
///   *DeepSeek-V3 Technical Report*, 2024.
public struct BalanceBias: GraphOperation {
  public static let description = OperationDescription(
    "balanceBias", family: "Experts", "y[e] = bias[e] + steps · rate · sign(mean(counts) − counts[e])",
    operands: [.init("bias", "[E] f32"), .init("counts", "[E] i32")],
    members: [.init("rate", .number), .init("steps", .dimension, default: "1")], result: "[E] f32")

  public var rate: Float
  /// How often the rate is taken, at most 2²⁴.
  public var steps: Dimension

  public init(rate: Float, steps: Dimension = 1) {
    self.rate = rate
    self.steps = steps
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let bias = try operands.float32("bias", rank: 1)
    let counts = try operands.int32("counts", rank: 1)
    try operands.equal(bias.extent(0), counts.extent(0), "the experts of bias and of counts")
    try operands.require(bias.extent(0), "experts", atMost: Dimension(Int(Int32.max)))
    guard rate.isFinite else { throw .attribute("rate", "must be finite, got \(rate)") }
    try operands.require(steps, "the steps", atMost: Dimension(1 << 24))
    return [bias]
  }
}

extension BalanceBias {
  private enum CodingKeys: String, CodingKey, CaseIterable { case rate, steps }

  /// Steps may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    self.init(
      rate: try members.decode(Float.self, forKey: .rate),
      steps: try members.decodeIfPresent(Dimension.self, forKey: .steps) ?? 1)
  }
}

extension GraphBuilder {
  /// ``BalanceBias``
  public func balanceBias(
    _ bias: Value, counts: Value, rate: Float, steps: Dimension = 1, label: String? = nil, file: String = #fileID,
    line: Int = #line
  ) throws(GraphError) -> Value {
    try single(BalanceBias(rate: rate, steps: steps), [bias, counts], label, file, line)
  }
}
