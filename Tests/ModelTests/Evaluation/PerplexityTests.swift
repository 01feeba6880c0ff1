import Foundation
import Heddle
import Synchronization
import TestSupport
import Testing

@testable import HeddleModels

/// Perplexity against an independent implementation, and its windows against a model asked token by token.
@Suite(.serialized) struct PerplexityTests {
  private static let options = ModelOptions(chunk: Perplexity.defaultChunk, allLogits: true)

  @Test func demoModel() async throws {
    let backend = try OpenCLBackend(device: DemoModel.device(), cache: nil)
    let model = try await LanguageModel.open(file: DemoModel.file(), backend: backend, options: Self.options)
    let reference = try PerplexityReference.load()
    for expected in reference.cases {
      let perplexity = try Perplexity(model, text: PerplexityReference.text(), context: expected.context)
      #expect(perplexity.ids == reference.ids)
      let result = try await perplexity.run()
      #expect(result.windowCount == expected.windows)
      #expect(result.scoredTokenCount == expected.scored && expected.losses.count == expected.scored)
      #expect(result.textTokenCount == reference.ids.count)
      // The same float32 weights; logits differ by sums in another order, up to 1e-4 of values about 20.
      for (index, (got, loss)) in zip(result.negativeLogLikelihoods, expected.losses).enumerated() {
        #expect(abs(got - loss) < 5e-4, "scored token \(index) of context \(expected.context)")
      }
      // Such differences have no common sign: in the mean of 250 they nearly vanish.
      #expect(abs(result.meanNegativeLogLikelihood - expected.mean) < 1e-5)
      #expect(abs(result.perplexity / expected.perplexity - 1) < 1e-5)
      #expect(abs(try #require(result.standardError) / expected.standard_error - 1) < 1e-4)
      guard expected.context == 128 else { continue }
      let chunked = try await Perplexity(model, text: PerplexityReference.text(), context: 128, chunk: 15).run()
      #expect(chunked.negativeLogLikelihoods == result.negativeLogLikelihoods)
    }
  }

  /// Activations of eight bits: near the exact ones, and not the same.
  @Test func demoModelOfLevels() async throws {
    let backend = try OpenCLBackend(device: DemoModel.device(), cache: nil)
    var options = Self.options
    options.activations = .int8
    let model = try await LanguageModel.open(file: DemoModel.file(), backend: backend, options: options)
    let reference = try PerplexityReference.load()
    let expected = try #require(reference.cases.first)
    let result = try await Perplexity(model, text: PerplexityReference.text(), context: expected.context).run()
    let ratio = result.perplexity / expected.perplexity
    #expect(abs(ratio - 1) < 0.05 && abs(ratio - 1) > 1e-5, "\(ratio)")
  }

  @Test(arguments: [(8, false), (7, false), (3, true), (8, true), (16, true)])
  func everyTokenAfterItsOwnWindow(_ context: Int, _ addsBOS: Bool) async throws {
    var llama = try SyntheticLlama()
    llama.metadata["tokenizer.ggml.add_bos_token"] = .bool(addsBOS)
    llama.metadata["tokenizer.ggml.add_eos_token"] = .bool(true)
    let model = try await LanguageModel.open(file: llama.file(), backend: ReferenceBackend(), options: Self.options)
    let plain = try await LanguageModel.open(file: llama.file(), backend: ReferenceBackend())
    let text = "hello world, a12bcd <|a|>"
    let ids = model.tokenizer.encode(text, parseSpecial: false, addBOS: addsBOS, addEOS: false)
    let perplexity = try Perplexity(model, text: text, context: context)
    #expect(perplexity.ids == ids)
    #expect(ids.count % context != 0, "no tokens are left over")
    var expected: [Double] = []
    for start in stride(from: 0, through: ids.count - context, by: context) {
      var window = Array(ids[start..<start + context])
      if addsBOS { window[0] = try #require(model.tokenizer.bosID) }
      for target in context / 2 + 1..<context {
        let logits = try await plain.makeSession(capacity: context).logits(after: Array(window[..<target]))
        let sum = logits.reduce(0) { $0 + exp(Double($1)) }
        expected.append(log(sum) - Double(logits[window[target]]))
      }
    }
    let done = Mutex<[Int]>([])
    let result = try await perplexity.run { count in done.withLock { $0.append(count) } }
    #expect(result.scoredTokenCount == expected.count && !expected.isEmpty)
    for (got, loss) in zip(result.negativeLogLikelihoods, expected) { #expect(abs(got - loss) < 1e-9) }
    #expect(done.withLock { $0.last } == perplexity.runTokenCount)
    // A second run, and steps that end anywhere in a window, change nothing.
    for chunk in [1, 3, 5] {
      let again = try await Perplexity(model, text: text, context: context, chunk: chunk).run()
      #expect(again.negativeLogLikelihoods == result.negativeLogLikelihoods, "chunks of \(chunk)")
    }
    #expect(try await perplexity.run().negativeLogLikelihoods == result.negativeLogLikelihoods)
    let first = try await Perplexity(model, text: text, context: context, windows: 1).run()
    let scored = context - 1 - context / 2
    #expect(first.windowCount == 1 && first.runTokenCount == context - 1)
    #expect(first.negativeLogLikelihoods == Array(result.negativeLogLikelihoods.prefix(scored)))
  }

  /// A model opened for all logits generates as any other.
  @Test func allLogitsLeaveTheOthersAlone() async throws {
    let file = try SyntheticLlama(.untiedWithBiases).file()
    let model = try await LanguageModel.open(file: file, backend: ReferenceBackend(), options: Self.options)
    let plain = try await LanguageModel.open(file: file, backend: ReferenceBackend())
    #expect(plain.graph.outputs.map(\.name) == ["logits", "next_token"])
    #expect(model.graph.outputs.map(\.name) == ["all_logits", "logits", "next_token"])
    for count in [1, 2, 7] {
      let ids = (0..<count).map { ($0 * 37 + 5) % model.configuration.vocabularySize }
      let names: Set = ["logits", "next_token"]
      let outputs = try await model.makeSession(capacity: 8).step(ids, outputs: names)
      #expect(try await plain.makeSession(capacity: 8).step(ids, outputs: names) == outputs, "\(count) tokens")
    }
  }

  @Test func statistics() throws {
    var result = PerplexityResult(
      context: 8, windowCount: 1, textTokenCount: 9, runTokenCount: 7, negativeLogLikelihoods: [1, 2, 3, 4],
      duration: .seconds(2))
    #expect(result.meanNegativeLogLikelihood == 2.5)
    #expect(abs(result.perplexity - 12.182493960703473) < 1e-12)
    // e^2.5 · √(1.25 / 3)
    #expect(abs(try #require(result.standardError) - 7.863766036) < 1e-8)
    #expect(result.tokensPerSecond == 3.5)
    #expect(result.windowMeans == [2.5])
    #expect(result.standardErrorOverWindows == nil)
    result.windowCount = 2
    #expect(result.windowMeans == [1.5, 3.5])
    // e^2.5 · √( ((1.5 − 2.5)² + (3.5 − 2.5)²) / (2 · 1) )
    #expect(abs(try #require(result.standardErrorOverWindows) - 12.182493960703473) < 1e-12)
    result.windowCount = 4
    // Of windows of one token: e^2.5 · √(5 / (4 · 3))
    #expect(abs(try #require(result.standardErrorOverWindows) - 7.863766036) < 1e-8)
    result.negativeLogLikelihoods = [2]
    #expect(result.standardError == nil)
    (result.windowCount, result.negativeLogLikelihoods) = (0, [])
    #expect(result.windowMeans == [] && result.standardErrorOverWindows == nil)
  }

  @Test func extremeLogits() throws {
    func loss(_ logits: [Float], _ token: Int) throws -> Double {
      let tensor = try Tensor([0, 0] + logits, shape: [2, logits.count])
      return try LogitRows(["all_logits": tensor], count: 2, vocabulary: logits.count)
        .negativeLogLikelihood(of: token, row: 1, position: 6)
    }
    #expect(try loss([5, 5], 0) == log(2.0))
    #expect(try loss([1000, 0], 1) == 1000)
    #expect(try loss([-1000, -1000], 1) == log(2.0))
    let most = Float.greatestFiniteMagnitude
    #expect(try loss([most, -most], 0) == 0)
    #expect(try loss([most, -most], 1) == 2 * Double(most))
    for bad in [Float.nan, .infinity, -.infinity] {
      #expect(throws: ModelError.notFinite(token: 1, position: 6)) { _ = try loss([0, bad], 0) }
    }
    for token in [-1, 2] {
      #expect(throws: ModelError.tokenOutOfRange(token, vocabulary: 2)) { _ = try loss([0, 0], token) }
    }
  }
}
