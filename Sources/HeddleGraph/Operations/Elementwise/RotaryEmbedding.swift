import RealModule

/// Rotary position embedding: pairs of a head's values are turned by an angle that grows with the position.
///
/// ```
/// angle = position[t] · frequencyScale · base^(−2i / rotatedDimensions) / factor[i]
/// (y[a], y[b]) = magnitude · (x[a]·cos − x[b]·sin, x[a]·sin + x[b]·cos)
/// ```
///
/// - x `[T, H, D]` float32, positions `[T]` int32, optional factors `[rotatedDimensions / 2]` float32; result like x.
///   T tokens, H heads, D head dimension. Pair i is `(2i, 2i+1)` if ``Pairing/interleaved`` (GGUF's llama), else
///   `(i, i + rotatedDimensions/2)`. Values past ``rotatedDimensions`` are copied.
/// - Frequencies are computed in float64 and rounded once; angle, sine and cosine are float32.
/// - A ``magnitude`` other than 1 belongs to ways of reaching beyond the positions that a model was trained with: *YaRN*.
/// - Source: Su et al., *RoFormer*, 2021; Peng et al., *YaRN*, 2023.
public struct RotaryEmbedding: GraphOperation {
  public static let description = OperationDescription(
    "rotaryEmbedding", family: "Elementwise",
    "pairs of x turned by positions[t] · frequencyScale · base^(−2i / rotatedDimensions) / factors[i], times magnitude",
    operands: [
      .init("x", "[T, H, D] f32"), .init("positions", "[T] i32"),
      .init("factors", "[rotatedDimensions / 2] f32", isOptional: true),
    ],
    members: [
      .init("base", .number), .init("rotatedDimensions", .integer),
      .init("pairing", .choice, choices: Pairing.allCases.map(\.rawValue)),
      .init("frequencyScale", .number, default: "1"), .init("magnitude", .number, default: "1"),
    ], result: "[T, H, D] f32")

  public enum Pairing: String, Hashable, Codable, Sendable, CaseIterable, ChoiceText {
    case interleaved, halves

    static let meaning = "a pairing"
  }

  public var base: Float
  public var rotatedDimensions: Int
  public var pairing: Pairing
  public var frequencyScale: Float
  /// What turned values are multiplied with; those past ``rotatedDimensions`` are not.
  public var magnitude: Float

  public init(
    base: Float, rotatedDimensions: Int, pairing: Pairing, frequencyScale: Float = 1, magnitude: Float = 1
  ) {
    self.base = base
    self.rotatedDimensions = rotatedDimensions
    self.pairing = pairing
    self.frequencyScale = frequencyScale
    self.magnitude = magnitude
  }

  /// `frequencyScale · base^(−2i / rotatedDimensions)` for each pair.
  package var frequencies: [Float] {
    (0..<max(0, rotatedDimensions / 2)).map { index in
      Float(Double(frequencyScale) * .pow(Double(base), -2 * Double(index) / Double(rotatedDimensions)))
    }
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands.float32("x", rank: 3)
    let positions = try operands.int32("positions", rank: 1)
    if operands.given("factors") != nil {
      let factors = try operands.float32("factors", rank: 1)
      try operands.equal(factors.extent(0), Dimension(rotatedDimensions / 2), "the count of factors and of pairs")
    }
    try operands.equal(x.extent(0), positions.extent(0), "the tokens of x and of positions")
    guard let width = x.extent(2).constant else {
      throw .type("the head dimension of x must be fixed, got \(x)")
    }
    guard rotatedDimensions >= 0, rotatedDimensions % 2 == 0, rotatedDimensions <= width else {
      throw .attribute("rotatedDimensions", "must be even and in 0...\(width), got \(rotatedDimensions)")
    }
    guard base > 0, base.isFinite, frequencyScale.isFinite else {
      throw .attribute("base", "must be finite and positive, got \(base) (scale \(frequencyScale))")
    }
    guard magnitude.isFinite else { throw .attribute("magnitude", "must be finite, got \(magnitude)") }
    return [x]
  }
}

extension RotaryEmbedding {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case base, rotatedDimensions, pairing, frequencyScale, magnitude
  }

  /// The scale and the magnitude may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    self.init(
      base: try members.decode(Float.self, forKey: .base),
      rotatedDimensions: try members.decode(Int.self, forKey: .rotatedDimensions),
      pairing: try members.decode(Pairing.self, forKey: .pairing),
      frequencyScale: try members.decodeIfPresent(Float.self, forKey: .frequencyScale) ?? 1,
      magnitude: try members.decodeIfPresent(Float.self, forKey: .magnitude) ?? 1)
  }

  /// A magnitude of 1 is left out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(base, forKey: .base)
    try container.encode(rotatedDimensions, forKey: .rotatedDimensions)
    try container.encode(pairing, forKey: .pairing)
    try container.encode(frequencyScale, forKey: .frequencyScale)
    if magnitude != 1 { try container.encode(magnitude, forKey: .magnitude) }
  }
}

extension GraphBuilder {
  /// ``RotaryEmbedding``
  public func rotaryEmbedding(
    _ x: Value, positions: Value, factors: Value? = nil, _ rotary: RotaryEmbedding, label: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(rotary, [x, positions] + [factors].compactMap { $0 }, label, file, line)
  }
}
