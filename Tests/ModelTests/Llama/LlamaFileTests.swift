import Heddle
import Testing

/// Files that are sound GGUF and no sound llama: each gives an error that names the key or the tensor.
@Suite struct LlamaFileTests {
  struct Bad: Sendable, CustomTestStringConvertible {
    var words: [String]
    var change: @Sendable (inout SyntheticLlama) throws -> Void
    var testDescription: String { words.joined(separator: ", ") }

    init(_ words: String..., change: @escaping @Sendable (inout SyntheticLlama) throws -> Void) {
      self.words = words
      self.change = change
    }

    /// A metadata value that does not do.
    static func value(_ key: String, _ value: GGUFValue?, _ words: String...) -> Bad {
      var bad = Bad { $0.metadata[key] = value }
      bad.words = [key] + words
      return bad
    }
  }

  static let metadata: [Bad] = [
    Bad("architecture", "mamba", "llama") { $0.metadata["general.architecture"] = .string("mamba") },
    .value("general.architecture", nil),
    .value("llama.block_count", .uint32(0), "0"),
    .value("llama.block_count", .int32(-1), "-1"),
    .value("llama.block_count", .uint64(1 << 32), "4294967296"),
    .value("llama.block_count", .uint64(.max), "18446744073709551615"),
    .value("llama.block_count", .string("two"), "string"),
    .value("llama.block_count", nil),
    .value("llama.embedding_length", .uint32(0), "0"),
    Bad("llama.attention.head_count", "width of 65") { $0.metadata["llama.embedding_length"] = .uint32(65) },
    .value("llama.feed_forward_length", .array(.uint32([96, 96])), "array"),
    .value("llama.context_length", .uint32(0), "0"),
    .value("llama.context_length", .uint64(1 << 62), "4611686018427387904"),
    .value("llama.attention.head_count", .uint32(0), "0"),
    .value("llama.attention.head_count", .uint32(7), "7"),
    .value("llama.attention.head_count_kv", .uint32(3), "3", "4"),
    .value("llama.attention.head_count_kv", .uint32(0), "0"),
    .value("llama.attention.head_count_kv", .array(.uint32([2, 2])), "array"),
    .value("llama.attention.key_length", .uint32(0), "0"),
    .value("llama.attention.layer_norm_rms_epsilon", nil),
    .value("llama.attention.layer_norm_rms_epsilon", .float32(-1), "-1"),
    .value("llama.attention.layer_norm_rms_epsilon", .float32(.nan), "nan"),
    .value("llama.rope.dimension_count", .uint32(7), "7", "even"),
    .value("llama.rope.dimension_count", .uint32(18), "18", "16"),
    .value("llama.rope.freq_base", .float32(0), "0"),
    .value("llama.rope.freq_base", .float32(.infinity), "inf"),
    .value("llama.rope.scaling.type", .string("yarn"), "yarn", "linear"),
    .value("llama.rope.scaling.factor", .float32(0), "0"),
    .value("llama.expert_count", .uint32(8), "expert"),
    Bad("token_embd.weight", "[300, 64]", "[271, 64]") { $0.metadata["llama.vocab_size"] = .uint32(300) },
    .value("tokenizer.ggml.tokens", nil),
    .value("tokenizer.ggml.model", nil),
    .value("tokenizer.ggml.eos_token_id", .int32(-1), "-1"),
  ]

  static let tensors: [Bad] = [
    Bad("token_embd.weight") { $0.tensors["token_embd.weight"] = nil },
    Bad("blk.1.ffn_down.weight") { $0.tensors["blk.1.ffn_down.weight"] = nil },
    Bad("blk.0.attn_q.weight", "[64, 64]", "[64, 96]") {
      $0.tensors["blk.0.attn_q.weight"] = $0.tensors["blk.0.ffn_down.weight"]
    },
    Bad("output_norm.weight", "Q8_0") {
      $0.tensors["output_norm.weight"] = try encode([Float](repeating: 1, count: 64), as: .blocks(.q8_0), shape: [64])
    },
    Bad("blk.0.attn_norm.weight", "I32") {
      $0.tensors["blk.0.attn_norm.weight"] = try Tensor([Int32](repeating: 1, count: 64), shape: [64])
    },
    Bad("blk.2.attn_q.weight") { $0.tensors["blk.2.attn_q.weight"] = $0.tensors["blk.0.attn_q.weight"] },
    Bad("blk.0.attn_q_norm.weight") { $0.tensors["blk.0.attn_q_norm.weight"] = try Tensor([Float(1)], shape: [1]) },
  ]

  @Test(arguments: metadata + tensors) func refused(_ bad: Bad) async throws {
    var llama = try SyntheticLlama()
    try bad.change(&llama)
    let file = try llama.file()
    let error = await #expect(throws: (any Error).self) {
      _ = try await LanguageModel.open(file: file, backend: ReferenceBackend())
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(error is ModelError)
    for word in bad.words { #expect(text.contains(word), "\(text)") }
  }

  @Test func defaults() throws {
    let configuration = try LlamaConfiguration(SyntheticLlama().file().metadata)
    #expect(configuration.rotaryBase == 10_000)
    #expect(configuration.rotaryDimensions == 16)
    #expect(configuration.rotaryFrequencyScale == 1)
    #expect(configuration.keyLength == 16)
    var llama = try SyntheticLlama()
    llama.metadata["llama.attention.head_count_kv"] = nil
    llama.metadata["llama.rope.scaling.type"] = .string("none")
    llama.metadata["llama.rope.scaling.factor"] = .float32(4)
    let changed = try LlamaConfiguration(llama.file().metadata)
    #expect(changed.keyValueHeadCount == 4)
    #expect(changed.rotaryFrequencyScale == 1)
  }

  @Test func unsupportedTypeIsNamed() throws {
    var writer = GGUFWriter()
    let llama = try SyntheticLlama()
    for (key, value) in llama.metadata { try writer.set(key, value) }
    for (name, tensor) in llama.tensors where name != "token_embd.weight" { try writer.add(name, tensor) }
    let rows = Synthetic.description.tokens.count
    try writer.add(
      "token_embd.weight", type: .iq4_nl, shape: [rows, 64], bytes: [UInt8](repeating: 0, count: rows * 36))
    let file = try ModelFile(bytes: writer.serialized())
    let error = #expect(throws: ModelError.self) {
      _ = try LlamaWeights(file: file, configuration: LlamaConfiguration(file.metadata))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("IQ4_NL"))
  }

  @Test func graphSurvivesJSON() throws {
    let file = try SyntheticLlama(.untiedWithBiases).file()
    let configuration = try LlamaConfiguration(file.metadata)
    let weights = try LlamaWeights(file: file, configuration: configuration)
    let graph = try LlamaGraph.build(configuration, weights: weights, hiddenStates: true)
    #expect(try Graph(json: graph.json()) == graph)
    #expect(graph.ranges == ["tokens": 1...96, "past": 0...95, "capacity": 1...96])
    #expect(graph.outputs.map(\.name) == ["hidden.0", "hidden.1", "hidden.2", "logits", "next_token"])
    #expect(graph.origins.contains { $0.label == "blk.1.attn_q" })
    #expect(graph.origins.contains { $0.label == "blk.1.attn_q.weight" })
  }
}
