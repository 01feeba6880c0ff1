import Foundation
import Heddle
import TestSupport
import Testing

/// A small model of each family with random weights against transformers' own logits (`Resources/families/make.py`).
@Suite struct FamilyTests {
  struct Fixture: Decodable {
    var prompt: [Int]
    var decoded: [Int]
    /// Of each position of prompt and decoded tokens.
    var logits: [[Float]]
  }

  static let families = ModelSupport.architectures
  /// Forms of a family's files beside the one that is called like it.
  static let variants: [String: [String]] = [
    "llama": ["llama-biased", "llama-llama3", "llama-large", "mistral", "mixtral"], "gemma2": ["gemma2-large"],
    "mpt": ["mpt-large"], "qwen2": ["qwen2-yarn"], "phi3": ["phi3-long", "phi3-short"],
    "olmo2": ["olmo2-large", "olmo3"], "stablelm": ["stablelm-parallel"], "command-r": ["command-r-heads"],
    "falcon": ["falcon-new"], "gptneox": ["gptneox-sequential", "gptneox-large"], "exaone4": ["exaone4-window"],
    "deepseek2": ["deepseek2-yarn", "deepseek2-v2", "deepseek2-lite"], "deepseek32": ["deepseek32-yarn"],
  ]
  static let fixtures = families.flatMap { [$0] + (variants[$0] ?? []) }

  func file(_ family: String) throws -> ModelFile {
    let url = Bundle.module.bundleURL.appendingPathComponent("Resources/families/\(family).gguf")
    return try ModelFile(path: url.path)
  }

  @Test(arguments: TestDevices.distinct, fixtures)
  func equalsTransformers(_ device: Device, _ family: String) async throws {
    let fixture: Fixture = try resource("families/\(family)")
    let model = try await LanguageModel.open(
      file: file(family), backend: TestBackends.backend(device), options: ModelOptions(chunk: 32, allLogits: true))
    let kin = [family] + Self.variants.filter { $0.value.contains(family) }.map(\.key)
    #expect(kin.contains(model.configuration.architecture))
    let session = try model.makeSession(capacity: 32)
    func compare(_ outputs: NameTable<Tensor>, _ rows: Range<Int>) throws {
      let got = try #require(outputs["all_logits"]).floats()
      let expected = fixture.logits[rows].flatMap { $0 }
      #expect(got.count == expected.count && (expected.map(abs).max() ?? 0) > 1)
      let error = zip(got, expected).map { abs($0 - $1) }.max() ?? .infinity
      let greatest = expected.map(abs).max() ?? 0
      #expect(error < 1e-4 * greatest, "positions \(rows) on \(device)")
    }
    var position = fixture.prompt.count
    try compare(try await session.step(fixture.prompt, outputs: ["all_logits"]), 0..<position)
    for id in fixture.decoded {
      try compare(try await session.step([id], outputs: ["all_logits"]), position..<position + 1)
      position += 1
    }
    #expect(position == fixture.logits.count)
  }

  /// Logits after a fixture's prompt, by the reference, with a changed file.
  private func logits(
    _ family: String, as other: String? = nil, changing: (String, Tensor) throws -> Tensor = { $1 },
    adding metadata: NameTable<GGUFValue> = [:]
  ) async throws -> [Float] {
    let file = try file(family)
    let architecture = try file.metadata.string("general.architecture")
    var writer = GGUFWriter()
    for key in file.metadata.keys {
      guard let value = file.metadata[key], metadata[key] == nil else { continue }
      let name =
        key.hasPrefix("\(architecture).") ? (other ?? architecture) + key.dropFirst(architecture.count) : key
      try writer.set(name, key == "general.architecture" ? .string(other ?? architecture) : value)
    }
    for (key, value) in metadata { try writer.set(key, value) }
    for tensor in file.tensors {
      try writer.add(tensor.name, changing(tensor.name, file.tensor(named: tensor.name)))
    }
    let changed = try ModelFile(bytes: writer.serialized(), name: "\(family).gguf")
    let model = try await LanguageModel.open(file: changed, backend: ReferenceBackend())
    let fixture: Fixture = try resource("families/\(family)")
    return try await model.makeSession(capacity: 32).logits(after: fixture.prompt)
  }

  private func distance(_ left: [Float], _ right: [Float]) -> Float {
    zip(left, right).map { abs($0 - $1) }.max() ?? 0
  }

  /// No fixture says less than it must: a tensor that were left out would show.
  @Test(arguments: fixtures) func everyTensorMatters(_ family: String) async throws {
    let plain = try await logits(family)
    // Of rotary factors for short and for long contexts one is used.
    let unused = ["phi3-long": "rope_factors_short.weight", "phi3-short": "rope_factors_long.weight"][family]
    for changed in try file(family).tensors.map(\.name) where changed != unused {
      let logits = try await logits(
        family,
        changing: { name, tensor in
          guard name == changed else { return tensor }
          // Not all alike: a normalized head does not see its length. What only chooses changes the choice.
          let chooses = name.hasSuffix("exp_probs_b.bias") || name.contains(".indexer.")
          let values = try tensor.decoded().enumerated().map { chooses ? -$1 : $0 % 3 == 0 ? $1 * 1.5 : $1 }
          return try Tensor(values, shape: tensor.shape)
        })
      #expect(distance(logits, plain) > 5e-3, "\(changed)")
    }
  }

  @Test func rulesOfAnotherFamily() async throws {
    // Its heads turn as neighbours then.
    #expect(distance(try await logits("qwen2", as: "llama"), try await logits("qwen2")) > 0.1)
    await #expect(throws: ModelError.missingTensor("blk.0.attn_q.bias")) { try await logits("llama", as: "qwen2") }
    await #expect(throws: ModelError.missingTensor("blk.0.attn_q_norm.weight")) {
      try await logits("llama", as: "qwen3")
    }
    await #expect(throws: ModelError.unexpectedTensor("blk.0.attn_k_norm.weight")) {
      try await logits("qwen3", as: "llama")
    }
  }

  /// What would change the results and is not computed is refused by name, whatever the family.
  @Test(arguments: families) func keysThatAreNotHonoured(_ family: String) async throws {
    var keys: [(String, GGUFValue)] = [
      ("rope.scaling.type", .string("dynamic")), ("something.new", .bool(true)),
    ]
    let ofExperts = try file(family).metadata["\(family).expert_count"] != nil
    // Families without experts refuse them, and those with experts what they do not do with them.
    if ofExperts {
      keys += [
        ("moe_every_n_layers", .uint32(2)), ("expert_used_count", .uint32(99)), ("expert_group_count", .uint32(99)),
      ]
    } else if family != "llama" {
      keys += [("expert_count", .uint32(8))]
    }
    if ["qwen2", "qwen3", "granite", "gptneox"].contains(family) {
      keys += [("attention.sliding_window", .uint32(63)), ("final_logit_softcapping", .float32(30))]
    }
    for (name, value) in keys {
      let error = await #expect(throws: ModelError.self) {
        try await logits(family, adding: ["\(family).\(name)": value])
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains("\(family).\(name)"))
    }
  }

  /// Counts of each layer by themselves.
  @Test func countsOfLayers() async throws {
    let plain = try await logits("llama")
    func counts(_ values: [Int32]) -> GGUFValue { .array(.int32(values)) }
    let keys: NameTable<GGUFValue> = [
      "llama.attention.head_count": counts([4, 4]), "llama.attention.head_count_kv": counts([2, 2]),
      "llama.feed_forward_length": counts([56, 56]),
    ]
    #expect(try await logits("llama", adding: keys) == plain)
    await #expect(throws: ModelError.tensorShape("blk.1.attn_k.weight", expected: [8, 32], got: [16, 32])) {
      try await logits("llama", adding: ["llama.attention.head_count_kv": counts([2, 1])])
    }
    for (values, message) in [
      ([2], "layer 1 has none"), ([2, 3], "not a multiple"), ([2, 0], "layer 1's must be in"),
    ] {
      let error = await #expect(throws: ModelError.self) {
        try await logits("llama", adding: ["llama.attention.head_count_kv": counts(values.map(Int32.init))])
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains(message))
    }
  }

  /// A file may say that the rows of its heads are not reordered.
  @Test func pairingOfFolders() async throws {
    let plain = try await logits("llama")
    func halves(_ name: String, _ tensor: Tensor) throws -> Tensor {
      guard name.hasSuffix("attn_q.weight") || name.hasSuffix("attn_k.weight") else { return tensor }
      let (values, width) = (try tensor.decoded(), tensor.shape[1])
      // Rows 2i and 2i + 1 of a head of eight were rows i and i + 4.
      let rows = (0..<tensor.shape[0]).map { row in row / 8 * 8 + row % 8 % 4 * 2 + row % 8 / 4 }
      return try Tensor(rows.flatMap { values[$0 * width..<($0 + 1) * width] }, shape: tensor.shape)
    }
    let key = "heddle.rotary_pairing"
    let turned = try await logits("llama", changing: halves, adding: [key: .string("halves")])
    #expect(distance(turned, plain) < 1e-5)
    #expect(distance(try await logits("llama", changing: halves), plain) > 0.1)
    await #expect(throws: ModelError.unsupportedValue(key: key, value: "'thirds'", supported: "interleaved, halves")) {
      try await logits("llama", adding: [key: .string("thirds")])
    }
  }

  @Test func descriptionsAreData() throws {
    for family in Self.families {
      let description = try DecoderDescription(file(family).metadata)
      let json = try JSONEncoder().encode(description)
      #expect(try JSONDecoder().decode(DecoderDescription.self, from: json) == description)
      #expect("\(description)".hasPrefix("\(family): "))
    }
  }

  @Test func unknownFamilyNamesThoseThatAreKnown() throws {
    var llama = try SyntheticLlama()
    llama.metadata["general.architecture"] = .string("mamba")
    let file = try llama.file()
    let error = #expect(throws: ModelError.self) { _ = try DecoderDescription(file.metadata) }
    #expect(error == .unsupportedArchitecture("mamba", supported: Self.families))
    #expect(Self.families.starts(with: ["llama", "qwen2", "qwen3"]))
  }
}
