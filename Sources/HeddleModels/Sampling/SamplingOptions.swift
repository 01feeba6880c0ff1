/// How the next token is chosen from a model's logits.
///
/// In this order: repetition, frequency and presence penalties, temperature, ``topK``, ``topP``, ``minP``, a draw. It is the
/// order of transformers' `generate` (`GenerationMixin._get_logits_processor`, transformers 5.24); llama.cpp's samplers put
/// the temperature last (`common_params_sampling`, llama.cpp b11434), so that `topP` and `minP` count before it.
public struct SamplingOptions: Hashable, Sendable, Codable {
  /// Divides the logits: below 1 sharpens, above 1 flattens. 0 takes the greatest logit, always.
  public var temperature: Float

  /// Keeps this many of the greatest logits; nil keeps all.
  public var topK: Int?

  /// Keeps the fewest tokens whose probabilities reach this sum, the most probable first; nil keeps all.
  public var topP: Float?

  /// Keeps tokens that have at least this part of the most probable one's probability; nil keeps all.
  public var minP: Float?

  /// Divides the logits above 0 of tokens that were there, and multiplies those below (Keskar et al., *CTRL*, 2019, with
  /// both signs as all implementations have it); above 1 makes them less likely. Nil leaves them.
  public var repetitionPenalty: Float?

  /// How many of the last tokens, of prompt and answer together, the penalties look at; nil for all.
  public var repetitionWindow: Int?

  /// Taken from a token's logit for each time that it was there; nil for nothing.
  public var frequencyPenalty: Float?

  /// Taken from a token's logit if it was there; nil for nothing.
  public var presencePenalty: Float?

  /// Equal seeds give equal choices for equal logits. Nil draws a seed from the system.
  public var seed: UInt64?

  public init(
    temperature: Float = 0, topK: Int? = nil, topP: Float? = nil, minP: Float? = nil, repetitionPenalty: Float? = nil,
    repetitionWindow: Int? = nil, frequencyPenalty: Float? = nil, presencePenalty: Float? = nil, seed: UInt64? = nil
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.repetitionWindow = repetitionWindow
    self.frequencyPenalty = frequencyPenalty
    self.presencePenalty = presencePenalty
    self.seed = seed
  }

  /// Throws for a temperature that is negative or not finite, a `topK` or a window below 1, a `topP` outside (0, 1], a
  /// `minP` outside 0…1, a repetition penalty that is not above 0, and a penalty that is not finite.
  public func validate() throws(SamplingError) {
    guard temperature.isFinite, temperature >= 0 else { throw .invalidTemperature(temperature) }
    if let topK, topK < 1 { throw .invalidTopK(topK) }
    if let topP, !(topP > 0 && topP <= 1) { throw .invalidTopP(topP) }
    if let minP, !(minP >= 0 && minP <= 1) { throw .invalidMinP(minP) }
    if let penalty = repetitionPenalty, !(penalty > 0 && penalty.isFinite) {
      throw .invalidPenalty("repetition", penalty)
    }
    if let penalty = frequencyPenalty, !penalty.isFinite { throw .invalidPenalty("frequency", penalty) }
    if let penalty = presencePenalty, !penalty.isFinite { throw .invalidPenalty("presence", penalty) }
    if let window = repetitionWindow, window < 1 { throw .invalidWindow(window) }
  }

  /// Whether tokens that were there count.
  var hasPenalties: Bool {
    (repetitionPenalty ?? 1) != 1 || (frequencyPenalty ?? 0) != 0 || (presencePenalty ?? 0) != 0
  }
}
