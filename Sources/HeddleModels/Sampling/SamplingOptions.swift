/// How the next token is chosen from a model's logits.
public struct SamplingOptions: Hashable, Sendable, Codable {
  /// Divides the logits: below 1 sharpens, above 1 flattens. 0 takes the greatest logit, always.
  public var temperature: Float

  /// Keeps this many of the greatest logits; nil keeps all.
  public var topK: Int?

  /// Keeps the fewest tokens whose probabilities reach this sum, the most probable first; nil keeps all.
  public var topP: Float?

  /// Equal seeds give equal choices for equal logits. Nil draws a seed from the system.
  public var seed: UInt64?

  public init(temperature: Float = 0, topK: Int? = nil, topP: Float? = nil, seed: UInt64? = nil) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
  }

  /// Throws for a temperature that is negative or not finite, a `topK` below 1, a `topP` outside (0, 1].
  public func validate() throws(SamplingError) {
    guard temperature.isFinite, temperature >= 0 else { throw .invalidTemperature(temperature) }
    if let topK, topK < 1 { throw .invalidTopK(topK) }
    if let topP, !(topP > 0 && topP <= 1) { throw .invalidTopP(topP) }
  }
}
