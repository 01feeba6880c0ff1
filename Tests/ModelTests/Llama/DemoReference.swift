/// What an independent implementation computes for the demo model (`Resources/smollm2.json`): float32 throughout, on
/// the dequantized weights.
struct DemoReference: Decodable {
  struct Case: Decodable {
    var prompt: String
    var prompt_ids: [Int]
    var greedy_ids: [Int]
    /// How far the second logit is behind at each step. A small margin may fall the other way.
    var greedy_margin: [Float]
    var top8_ids: [Int]
    var top8_logits: [Float]
    var logits_every_1024: [Float]
    /// After the embedding and after each layer; the last is taken after the final norm.
    var hidden_last_token_first8_per_layer: [[Float]]?
  }

  var cases: [Case]

  static func load() throws -> [Case] { try resource("smollm2", as: DemoReference.self).cases }
}
