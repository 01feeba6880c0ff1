import Heddle
import TestSupport
import Testing

/// The demo model against an independent implementation.
@Suite(.serialized) struct DemoModelTests {
  @Test(arguments: TestDevices.all) func shortPromptOnEveryDevice(_ device: Device) async throws {
    let model = try await DemoModel.shared(on: device)
    let reference = try #require(try DemoReference.load().first)
    try await compareLogits(model, reference)
  }

  @Test func everyPrompt() async throws {
    let model = try await DemoModel.shared(on: DemoModel.device())
    for reference in try DemoReference.load() { try await compareLogits(model, reference) }
  }

  @Test func hiddenStatesOfEveryLayer() async throws {
    let model = try await DemoModel.shared(on: DemoModel.device())
    for reference in try DemoReference.load() {
      guard let layers = reference.hidden_last_token_first8_per_layer else { continue }
      #expect(layers.count == model.configuration.layerCount + 1)
      let names = layers.indices.map { "hidden.\($0)" }
      let session = try model.makeSession(capacity: 256)
      let outputs = try await session.extend(reference.prompt_ids, outputs: Set(names))
      for (layer, expected) in layers.enumerated().dropLast() {
        let got = try #require(outputs[names[layer]]).floats()
        let scale = expected.map(abs).max() ?? 1
        // float32 sums in another order; the reference is written with five decimals.
        for (a, b) in zip(got, expected) { #expect(abs(a - b) < 2e-5 + 2e-5 * scale, "after layer \(layer)") }
      }
    }
  }

  @Test func greedyTexts() async throws {
    let model = try await DemoModel.shared(on: DemoModel.device())
    for reference in try DemoReference.load() {
      let options = GenerationOptions(maximumTokens: reference.greedy_ids.count)
      var ids: [Int] = []
      for try await event in try TextGeneration(model, prompt: reference.prompt_ids, options: options).events() {
        if case .token(let token) = event { ids.append(token.id) }
      }
      let sure = reference.greedy_margin.firstIndex { $0 < 0.1 } ?? reference.greedy_ids.count
      #expect(ids.prefix(sure) == reference.greedy_ids.prefix(sure), "\(reference.prompt)")
    }
  }

  /// Keys and values in blocks of eight bits: logits, of magnitudes up to 20, are off by some tenths at most.
  @Test func aCacheInBlocks() async throws {
    let device = try DemoModel.device()
    let backend = try await DemoModel.backend(on: device)
    let model = try await LanguageModel.open(
      file: DemoModel.file(), backend: backend, options: ModelOptions(cache: .q8_0))
    #expect(Set(model.graph.states.map(\.type.encoding)) == [.q8_0])
    var greatest: Float = 0
    for reference in try DemoReference.load() {
      let session = try model.makeSession(capacity: 256)
      let logits = try await session.logits(after: reference.prompt_ids)
      for (index, expected) in reference.logits_every_1024.enumerated() {
        greatest = max(greatest, abs(logits[index * 1024] - expected))
      }
    }
    #expect(greatest > 1e-3 && greatest < 0.5, "off by \(greatest)")
  }

  private func compareLogits(_ model: LanguageModel, _ reference: DemoReference.Case) async throws {
    #expect(model.promptIDs(reference.prompt) == reference.prompt_ids)
    let session = try model.makeSession(capacity: 256)
    let logits = try await session.logits(after: reference.prompt_ids)
    #expect(logits.count == 49152)
    let best = logits.indices.sorted { logits[$0] > logits[$1] }.prefix(1)
    #expect(best.first == reference.top8_ids.first)
    for (id, expected) in zip(reference.top8_ids, reference.top8_logits) {
      #expect(abs(logits[id] - expected) < 1e-3, "logit \(id) of \(reference.prompt.debugDescription)")
    }
    for (index, expected) in reference.logits_every_1024.enumerated() {
      #expect(abs(logits[index * 1024] - expected) < 1e-3, "logit \(index * 1024)")
    }
  }
}
