import Foundation
import Heddle
import Testing

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
    var valid = try sampler()
    #expect(throws: SamplingError.noLogits) { try valid.sample([]) }
    #expect(throws: SamplingError.notANumber(id: 2)) { try valid.sample([1, .infinity, .nan]) }
    #expect(throws: SamplingError.nothingPossible) { try valid.sample([-.infinity, -.infinity]) }
  }
}
