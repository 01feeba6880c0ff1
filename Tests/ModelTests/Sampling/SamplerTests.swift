import Foundation
import Heddle
import Testing

@testable import HeddleModels

@Suite struct SamplerTests {
  private func sampler(
    _ temperature: Float = 1, topK: Int? = nil, topP: Float? = nil, seed: UInt64 = 42
  ) throws -> Sampler {
    try Sampler(SamplingOptions(temperature: temperature, topK: topK, topP: topP, seed: seed))
  }

  private func draws(_ count: Int, _ logits: [Float], from sampler: Sampler) throws -> [Int] {
    var sampler = sampler
    return try (0..<count).map { _ in try sampler.sample(logits) }
  }

  /// Draws against `probabilities` by chi square. The bound is that of one in a million, for these few degrees.
  private func expectDistribution(_ probabilities: [Double], _ logits: [Float], from sampler: Sampler) throws {
    let count = 20_000
    var counts = [Int](repeating: 0, count: logits.count)
    for id in try draws(count, logits, from: sampler) { counts[id] += 1 }
    var chiSquare = 0.0
    for (seen, probability) in zip(counts, probabilities) {
      guard probability > 0 else {
        #expect(seen == 0)
        continue
      }
      let expected = probability * Double(count)
      chiSquare += (Double(seen) - expected) * (Double(seen) - expected) / expected
    }
    #expect(chiSquare < 40, "\(counts)")
  }

  private let weights: [Double] = [1, 4, 2, 2, 0, 1]
  private var logits: [Float] { weights.map { Float(log($0)) } }

  @Test func distributions() throws {
    try expectDistribution(weights.map { $0 / 10 }, logits, from: sampler())
    try expectDistribution([0, 0.5, 0.25, 0.25, 0, 0], logits, from: sampler(topK: 3))
    // Of the two with weight 2 the lower id stays.
    try expectDistribution([0, 2 / 3, 1 / 3, 0, 0, 0], logits, from: sampler(topK: 2))
    try expectDistribution([0, 2 / 3, 1 / 3, 0, 0, 0], logits, from: sampler(topP: 0.55))
    try expectDistribution([0, 0.5, 0.25, 0.25, 0, 0], logits, from: sampler(topP: 0.75))
    // top-p counts within top-k: 4/8 reaches one half.
    try expectDistribution([0, 1, 0, 0, 0, 0], logits, from: sampler(topK: 3, topP: 0.5))
    let squares = weights.map { $0 * $0 / 26 }
    try expectDistribution(squares, logits, from: sampler(0.5))
    let roots = weights.map { $0.squareRoot() }
    try expectDistribution(roots.map { $0 / roots.reduce(0, +) }, logits, from: sampler(2))
  }

  private struct Case: Decodable {
    var logits: [Float]
    var seen: [Int]
    var options: SamplingOptions
    var probabilities: [Double]
  }

  /// The distributions of transformers' processors in float64 (`make_sampling.py`), and draws from them.
  @Test func distributionsAreThoseOfTransformers() throws {
    let cases: [Case] = try resource("sampling")
    for (number, item) in cases.enumerated() {
      var options = item.options
      options.seed = UInt64(number)
      var sampler = try Sampler(options)
      sampler.observe(item.seen)
      var found = [Double](repeating: 0, count: item.logits.count)
      for (id, probability) in try sampler.distribution(item.logits) { found[id] = probability }
      for (id, wanted) in item.probabilities.enumerated() {
        #expect(abs(found[id] - wanted) < 1e-9, "case \(number), token \(id): \(found[id]), not \(wanted)")
      }
      guard number % 8 == 0 else { continue }
      let count = 20_000
      var counts = [Double](repeating: 0, count: item.logits.count)
      for _ in 0..<count { counts[try sampler.sample(item.logits)] += 1 }
      // Those that are rare are counted together; 60 is beyond one in a million of 23 degrees.
      let often = item.probabilities.indices.filter { item.probabilities[$0] * Double(count) >= 5 }
      let chiSquare = often.reduce(0) { sum, id in
        let expected = item.probabilities[id] * Double(count)
        return sum + (counts[id] - expected) * (counts[id] - expected) / expected
      }
      #expect(chiSquare < 60, "case \(number): \(counts)")
      for id in counts.indices where item.probabilities[id] == 0 { #expect(counts[id] == 0) }
    }
  }

  @Test func penaltiesCountWhatIsInTheWindow() throws {
    func best(_ options: SamplingOptions, _ seen: [Int], _ logits: [Float]) throws -> Int {
      var sampler = try Sampler(options)
      sampler.observe(seen)
      return try sampler.sample(logits)
    }
    let logits: [Float] = [3, 2.5, -1, -1.2]
    #expect(try best(SamplingOptions(repetitionPenalty: 1.5), [0], logits) == 1)
    #expect(try best(SamplingOptions(repetitionPenalty: 1.1), [0], logits) == 0)
    #expect(try best(SamplingOptions(repetitionPenalty: 1.5, repetitionWindow: 2), [0, 2, 3], logits) == 0)
    #expect(try best(SamplingOptions(repetitionPenalty: 1.5, repetitionWindow: 3), [0, 2, 3], logits) == 1)
    #expect(try best(SamplingOptions(repetitionPenalty: 9), [0, 1, 2], logits) == 0)
    #expect(try best(SamplingOptions(repetitionPenalty: 9), [0, 1, 2], [-3, -3, -1, -4]) == 3)
    #expect(try best(SamplingOptions(frequencyPenalty: 0.3), [0, 0], logits) == 1)
    #expect(try best(SamplingOptions(frequencyPenalty: 0.3), [0], logits) == 0)
    #expect(try best(SamplingOptions(presencePenalty: 0.3), [0, 0, 0], logits) == 0)
    #expect(try best(SamplingOptions(presencePenalty: 0.6), [0], logits) == 1)
    #expect(try best(SamplingOptions(presencePenalty: 0.5), [0], logits) == 0)
    // What is certain stays so, and ids that are none are nobody's.
    #expect(try best(SamplingOptions(repetitionPenalty: 9, presencePenalty: 9), [1, 77, -4], [0, .infinity]) == 1)
    // A long sequence in a short window.
    var sampler = try Sampler(SamplingOptions(repetitionWindow: 2, presencePenalty: 9))
    sampler.observe((0..<1000).map { $0 % 3 })
    #expect(try sampler.sample([5, 6, 1]) == 1)
  }

  @Test func logProbabilitiesAreTheLogarithmsOfTheSoftmax() throws {
    let cases: [Case] = try resource("sampling")
    for item in cases.prefix(10) {
      let found = try LogProbabilities(item.logits)
      let sum = item.logits.reduce(0) { $0 + exp(Double($1)) }
      let wanted = item.logits.map { Double($0) - log(sum) }
      for (id, value) in wanted.enumerated() { #expect(abs(Double(try #require(found[id])) - value) < 1e-5) }
      let order = wanted.indices.sorted { wanted[$0] > wanted[$1] }
      #expect(found.top(5).map(\.id) == Array(order.prefix(5)))
      #expect(found.top(99).count == item.logits.count && found.top(0).isEmpty && found.top(-1).isEmpty)
      #expect(found.top(3).map(\.logProbability) == order.prefix(3).map { found[$0] })
    }
    let equal = try LogProbabilities([1, 2, 2, 1, 2])
    #expect(equal.top(4).map(\.id) == [1, 2, 4, 0])
    let certain = try LogProbabilities([0, .infinity, .infinity, -.infinity])
    #expect(certain[1] == Float(-log(2.0)) && certain[0] == -.infinity && certain[3] == -.infinity)
    #expect(certain[4] == nil && certain[-1] == nil)
    let far = try LogProbabilities([-.greatestFiniteMagnitude, .greatestFiniteMagnitude])
    #expect(far[1] == 0)
    #expect(throws: SamplingError.noLogits) { try LogProbabilities([]) }
    #expect(throws: SamplingError.notANumber(id: 1)) { try LogProbabilities([1, .nan]) }
    #expect(throws: SamplingError.nothingPossible) { try LogProbabilities([-.infinity]) }
  }

  @Test func greedyTakesTheLowestOfTheGreatest() throws {
    var greedy = try Sampler(SamplingOptions())
    #expect(try greedy.sample([1, 3, 3, 2]) == 1)
    #expect(try greedy.sample([-.infinity, -5]) == 1)
    #expect(try greedy.sample([0, .infinity, .infinity]) == 1)
    #expect(try greedy.sample([-0.0, 0.0]) == 0)
  }

  @Test func edges() throws {
    #expect(try Set(draws(200, [1, 3, 3, 2], from: sampler(topK: 1))) == [1])
    #expect(try Set(draws(200, [1, 3, 3, 2], from: sampler(topP: .leastNonzeroMagnitude))) == [1])
    #expect(try Set(draws(200, [1, 3, 2.9, 2], from: sampler(.leastNonzeroMagnitude))) == [1])
    #expect(try Set(draws(200, [1, 3, 3, 2], from: sampler(1e-30))) == [1, 2])
    #expect(try Set(draws(200, [7], from: sampler(topK: .max, topP: 1))) == [0])
    #expect(try Set(draws(200, [0, .infinity, 5, .infinity], from: sampler())) == [1, 3])
    #expect(try Set(draws(200, [-.infinity, 0], from: sampler(.greatestFiniteMagnitude, topK: 2))) == [1])
    let far: [Float] = [-.greatestFiniteMagnitude, .greatestFiniteMagnitude]
    #expect(try Set(draws(200, far, from: sampler(topK: 2, topP: 1))) == [1])
    try expectDistribution(weights.map { $0 / 10 }, logits, from: sampler(topK: .max, topP: 1))
  }

  @Test func seedsReproduce() throws {
    let logits = (0..<500).map { Float(($0 * 37) % 101) / 25 }
    for options in [(nil, nil), (40, nil), (nil, 0.9), (40, 0.9)] as [(Int?, Float?)] {
      let first = try draws(100, logits, from: sampler(topK: options.0, topP: options.1, seed: 7))
      let other = try draws(100, logits, from: sampler(topK: options.0, topP: options.1, seed: 8))
      #expect(try draws(100, logits, from: sampler(topK: options.0, topP: options.1, seed: 7)) == first)
      #expect(first != other)
    }
    // The published sequence of seed 1234567.
    var generator = SplitMix64(seed: 1_234_567)
    let published: [UInt64] = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
    #expect((0..<3).map { _ in generator.next() } == published)
  }

  @Test func wrongInputIsNamed() throws {
    for temperature: Float in [-1, .nan, .infinity] {
      #expect(throws: SamplingError.invalidTemperature(temperature)) { try sampler(temperature) }
    }
    for topK in [0, -1, .min] { #expect(throws: SamplingError.invalidTopK(topK)) { try sampler(topK: topK) } }
    for topP: Float in [0, -0.1, 1.01, .nan] {
      #expect(throws: SamplingError.invalidTopP(topP)) { try sampler(topP: topP) }
    }
    for minP: Float in [-0.1, 1.1, .nan] {
      #expect(throws: SamplingError.invalidMinP(minP)) { try Sampler(SamplingOptions(minP: minP)) }
    }
    for penalty: Float in [0, -1, .nan, .infinity] {
      let error = SamplingError.invalidPenalty("repetition", penalty)
      #expect(throws: error) { try Sampler(SamplingOptions(repetitionPenalty: penalty)) }
    }
    #expect(throws: SamplingError.invalidPenalty("frequency", .nan)) {
      try Sampler(SamplingOptions(frequencyPenalty: .nan))
    }
    #expect(throws: SamplingError.invalidPenalty("presence", .infinity)) {
      try Sampler(SamplingOptions(presencePenalty: .infinity))
    }
    for window in [0, -1, .min] {
      #expect(throws: SamplingError.invalidWindow(window)) { try Sampler(SamplingOptions(repetitionWindow: window)) }
    }
    var valid = try sampler()
    #expect(throws: SamplingError.noLogits) { try valid.sample([]) }
    #expect(throws: SamplingError.notANumber(id: 2)) { try valid.sample([1, .infinity, .nan]) }
    #expect(throws: SamplingError.nothingPossible) { try valid.sample([-.infinity, -.infinity]) }
  }
}
