import HeddleText
import HeddleTypes

/// Takes the next token from a step's outputs: the device's own choice when greedy, else a sample of the logits.
struct TokenChooser {
  /// A token, and what the model thought of it and of others, where that is wanted.
  struct Choice {
    var id: Int
    var logProbability: Float?
    var top: [TokenLogProbability] = []
  }

  private var sampler: Sampler
  private let vocabulary: Int
  /// How many of the most probable tokens are told of; nil for none, nor of the chosen one.
  private let topCount: Int?

  init(_ sampler: Sampler, vocabulary: Int, topCount: Int?) {
    self.sampler = sampler
    self.vocabulary = vocabulary
    self.topCount = topCount
  }

  /// Whether the device's argmax is all that is wanted, of which four bytes come back.
  private var isDevicesChoice: Bool {
    topCount == nil && sampler.options.temperature == 0 && !sampler.options.hasPenalties
  }

  /// What a step must bring back.
  var outputs: Set<String> { isDevicesChoice ? ["next_token"] : ["logits"] }

  /// Takes notice of tokens before the first choice.
  mutating func observe(_ ids: [Int]) { sampler.observe(ids) }

  mutating func choose(_ outputs: NameTable<Tensor>, position: Int) throws -> Choice {
    if isDevicesChoice {
      return Choice(id: try ModelOutput.nextToken(outputs, vocabulary: vocabulary, position: position))
    }
    let logits = try ModelOutput.logits(outputs, position: position)
    do throws(SamplingError) {
      let id = try sampler.sample(logits)
      sampler.observe(CollectionOfOne(id))
      guard let topCount else { return Choice(id: id) }
      let probabilities = try LogProbabilities(logits)
      return Choice(id: id, logProbability: probabilities[id], top: probabilities.top(topCount))
    } catch {
      throw ModelError.sampling(error)
    }
  }
}
