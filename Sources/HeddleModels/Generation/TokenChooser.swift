import HeddleText
import HeddleTypes

/// Takes the next token from a step's outputs: the device's own choice when greedy, else a sample of the logits.
struct TokenChooser {
  private var sampler: Sampler
  private let vocabulary: Int
  private let isGreedy: Bool

  init(_ sampler: Sampler, vocabulary: Int) {
    self.sampler = sampler
    self.vocabulary = vocabulary
    isGreedy = sampler.options.temperature == 0
  }

  /// What a step must bring back.
  var outputs: Set<String> { isGreedy ? ["next_token"] : ["logits"] }

  mutating func choose(_ outputs: NameTable<Tensor>, position: Int) throws -> Int {
    if isGreedy { return try ModelOutput.nextToken(outputs, vocabulary: vocabulary, position: position) }
    let logits = try ModelOutput.logits(outputs, position: position)
    do { return try sampler.sample(logits) } catch { throw ModelError.sampling(error) }
  }
}
