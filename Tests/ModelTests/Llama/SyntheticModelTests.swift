import Heddle
import TestSupport
import Testing

/// A small llama on every device against the reference.
@Suite struct SyntheticModelTests {
  @Test(arguments: TestDevices.distinct, SyntheticLlama.Variant.allCases)
  func equalsTheReference(_ device: Device, _ variant: SyntheticLlama.Variant) async throws {
    let file = try SyntheticLlama(variant).file()
    let options = ModelOptions(chunk: 24, hiddenStates: true, allLogits: variant == .untiedWithBiases)
    let backend = try OpenCLBackend(device: device, cache: nil)
    let expected = try await steps(LanguageModel.open(file: file, backend: ReferenceBackend(), options: options))
    let got = try await steps(LanguageModel.open(file: file, backend: backend, options: options))
    for (step, (got, expected)) in zip(got, expected).enumerated() {
      #expect(Set(got.keys) == Set(expected.keys))
      for (name, values) in expected where name != "next_token" {
        let reference = try values.floats()
        let scale = reference.map(abs).max() ?? 0
        #expect(scale > 0.01, "\(name) says nothing")
        for (a, b) in zip(try #require(got[name]).floats(), reference) {
          #expect(abs(a - b) <= 2e-5 * scale, "\(name) of step \(step)")
        }
      }
      // The device's choice is the first greatest of its own logits.
      let logits = try #require(got["logits"]).floats()
      let best = try #require(logits.max())
      #expect(try got["next_token"]?.integers() == [Int32(try #require(logits.firstIndex(of: best)))])
    }
  }

  /// Keys and values are rounded where they are kept, in both; what is near the middle of two may fall either way.
  @Test(arguments: TestDevices.distinct, [CachePrecision.f16, .bf16])
  func `caches of two bytes give what the reference gives`(_ device: Device, _ cache: CachePrecision) async throws {
    let file = try SyntheticLlama().file()
    let options = ModelOptions(chunk: 24, cache: cache)
    let backend = try OpenCLBackend(device: device, cache: nil)
    let model = try await LanguageModel.open(file: file, backend: backend, options: options)
    let encodings = Set(model.graph.states.map(\.type.encoding))
    #expect(encodings == [cache == .f16 ? .float16 : .bfloat16])
    let expected = try await steps(LanguageModel.open(file: file, backend: ReferenceBackend(), options: options))
    let whole = try await steps(LanguageModel.open(file: file, backend: backend, options: ModelOptions(chunk: 24)))
    var isRounded = false
    for (got, (expected, whole)) in zip(try await steps(model), zip(expected, whole)) {
      let reference = try #require(expected["logits"]).floats()
      let scale = try #require(reference.map(abs).max())
      for (a, b) in zip(try #require(got["logits"]).floats(), reference) { #expect(abs(a - b) <= 2e-3 * scale) }
      isRounded = isRounded || got["logits"] != whole["logits"]
    }
    #expect(isRounded)
  }

  /// A prompt in one step, single tokens, a few, and a step as long as may be.
  private func steps(_ model: LanguageModel) async throws -> [NameTable<Tensor>] {
    let session = try model.makeSession(capacity: 64)
    let names = Set(model.graph.outputs.map(\.name))
    var results: [NameTable<Tensor>] = []
    for (step, count) in [5, 1, 1, 3, 24, 1, 24].enumerated() {
      let ids = (0..<count).map { (step * 53 + $0 * 17) % model.configuration.vocabularySize }
      results.append(try await session.step(ids, outputs: names))
    }
    return results
  }
}
