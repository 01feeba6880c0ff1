import Heddle
import TestSupport
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
    Bad("synthetic.gguf", "part 1 of 3", "llama-gguf-split --merge") {
      ($0.metadata["split.no"], $0.metadata["split.count"]) = (.uint16(0), .uint16(3))
      $0.tensors["blk.1.ffn_up.weight"] = nil
    },
    Bad("synthetic.gguf", "part 2 of 2") {
      $0.metadata = ["split.no": .uint16(1), "split.count": .uint16(2), "split.tensors.count": .int32(20)]
    },
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
    .value("llama.feed_forward_length", .array(.uint32([96])), "layer 1 has none"),
    .value("llama.context_length", .uint32(0), "0"),
    .value("llama.context_length", .uint64(1 << 62), "4611686018427387904"),
    .value("llama.attention.head_count", .uint32(0), "0"),
    .value("llama.attention.head_count", .uint32(7), "7"),
    .value("llama.attention.head_count_kv", .uint32(3), "3", "4"),
    .value("llama.attention.head_count_kv", .uint32(0), "0"),
    .value("llama.attention.head_count_kv", .array(.uint32([2])), "layer 1 has none"),
    .value("llama.attention.key_length", .uint32(0), "0"),
    .value("llama.attention.layer_norm_rms_epsilon", nil),
    .value("llama.attention.layer_norm_rms_epsilon", .float32(-1), "-1"),
    .value("llama.attention.layer_norm_rms_epsilon", .float32(.nan), "nan"),
    .value("llama.rope.dimension_count", .uint32(7), "7", "even"),
    .value("llama.rope.dimension_count", .uint32(18), "18", "16"),
    .value("llama.rope.freq_base", .float32(0), "0"),
    .value("llama.rope.freq_base", .float32(.infinity), "inf"),
    .value("llama.rope.scaling.type", .string("dynamic"), "dynamic", "linear"),
    .value("llama.rope.scaling.factor", .float32(0), "0"),
    Bad("llama.expert_used_count") { $0.metadata["llama.expert_count"] = .uint32(8) },
    Bad("token_embd.weight", "[300, 64]", "[271, 64]") { $0.metadata["llama.vocab_size"] = .uint32(300) },
    .value("tokenizer.ggml.tokens", nil),
    .value("tokenizer.ggml.model", nil),
    .value("tokenizer.ggml.eos_token_id", .int32(-1), "-1", "synthetic.gguf"),
    .value("tokenizer.ggml.eos_token_id", .uint32(271), "271", "0...270", "synthetic.gguf"),
    .value("tokenizer.ggml.bos_token_id", .uint32(.max), "4294967295", "synthetic.gguf"),
    .value("tokenizer.ggml.eot_token_id", .uint32(999), "999", "synthetic.gguf"),
    .value("tokenizer.ggml.eom_token_id", .string("x"), "string", "synthetic.gguf"),
  ]

  /// What would change the results is refused by name and value, and so is what nobody taught us.
  static let results: [Bad] = [
    .value("llama.attention.causal", .bool(false), "false", "true"),
    .value("llama.attention.causal", .uint32(0), "0"),
    .value("llama.rope.scaling.attn_factor", .float32(1.5), "1.5"),
    .value("llama.rope.scaling.yarn_ext_factor", .float32(1), "1"),
    .value("llama.rope.scaling.yarn_attn_factor", .float32(0.5), "0.5"),
    .value("llama.attention.scale", .float32(-0.5), "-0.5"),
    .value("llama.attention.scale", .float32(.nan), "nan"),
    .value("llama.attention.sliding_window", .int32(-1), "-1"),
    .value("llama.attention.sliding_window", .array(.uint32([95])), "array"),
    .value("llama.attention.clamp_kqv", .float32(8), "8"),
    .value("llama.attention.max_alibi_bias", .float32(8), "8"),
    .value("llama.attention.temperature_scale", .float32(0.1), "0.1"),
    .value("llama.final_logit_softcapping", .float32(30), "30"),
    .value("llama.attn_logit_softcapping", .float32(50), "50"),
    .value("llama.logit_scale", .float32(0.0625), "0.0625"),
    .value("llama.embedding_scale", .float32(12), "12"),
    .value("llama.residual_scale", .float32(0.22), "0.22"),
    .value("llama.use_parallel_residual", .bool(true), "true"),
    .value("llama.tensor_data_layout", .string("other"), "other"),
    .value("llama.rope.dimension_sections", .array(.int32([8, 8])), "8"),
    .value("llama.rope.freq_base_swa", .float32(10_000), "10000"),
    .value("llama.attention.key_length_mla", .uint32(8), "8"),
    .value("llama.something.new", .float32(0.5), "0.5"),
    Bad("rope_factors_short.weight") { $0.metadata["llama.rope.scaling.type"] = .string("longrope") },
    Bad("llama.expert_used_count", "9") {
      $0.metadata["llama.expert_count"] = .uint32(8)
      $0.metadata["llama.expert_used_count"] = .uint32(9)
    },
    Bad("blk.0.ffn_gate_inp.weight") {
      $0.metadata["llama.expert_count"] = .uint32(8)
      $0.metadata["llama.expert_used_count"] = .uint32(2)
    },
  ]

  static let tensors: [Bad] = [
    Bad("token_embd.weight") { $0.tensors["token_embd.weight"] = nil },
    Bad("blk.1.ffn_down.weight") { $0.tensors["blk.1.ffn_down.weight"] = nil },
    Bad("blk.0.attn_q.weight", "[64, 64]", "[64, 96]") {
      $0.tensors["blk.0.attn_q.weight"] = $0.tensors["blk.0.ffn_down.weight"]
    },
    Bad("output_norm.weight", "Q8_0") {
      $0.tensors["output_norm.weight"] = try Tensor([Float](repeating: 1, count: 64), as: .q8_0, shape: [64])
    },
    Bad("blk.0.attn_norm.weight", "I32") {
      $0.tensors["blk.0.attn_norm.weight"] = try Tensor([Int32](repeating: 1, count: 64), shape: [64])
    },
    Bad("blk.2.attn_q.weight") { $0.tensors["blk.2.attn_q.weight"] = $0.tensors["blk.0.attn_q.weight"] },
    Bad("blk.0.attn_q_norm.weight") { $0.tensors["blk.0.attn_q_norm.weight"] = try Tensor([Float(1)], shape: [1]) },
  ]

  @Test(arguments: metadata + results + tensors) func refused(_ bad: Bad) async throws {
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
    let attention = try attention(of: SyntheticLlama())
    #expect(attention.rotary?.base == 10_000)
    #expect(attention.rotary?.dimensions == 16)
    #expect(attention.rotary?.frequencyScale == 1)
    #expect(attention.keyLength == 16)
    var llama = try SyntheticLlama()
    llama.metadata["llama.attention.head_count_kv"] = nil
    llama.metadata["llama.rope.scaling.type"] = .string("none")
    llama.metadata["llama.rope.scaling.factor"] = .float32(4)
    let changed = try self.attention(of: llama)
    #expect(changed.keyValueHeadCount == 4)
    #expect(changed.rotary?.frequencyScale == 1)
  }

  /// What the file says of its attention, in all layers alike.
  private func attention(of llama: SyntheticLlama) throws -> GroupedAttention {
    let run = try #require(DecoderDescription(llama.file().metadata).layers.first)
    let attention = if case .grouped(let attention) = run.mixer { attention } else { GroupedAttention?.none }
    return try #require(attention)
  }

  /// Keys that change nothing, at the values that change nothing.
  @Test func harmlessKeys() throws {
    let harmless: [String: GGUFValue] = [
      "attention.causal": .bool(true), "rope.scaling.attn_factor": .float32(1), "attention.scale": .float32(0),
      "attention.sliding_window": .uint32(96), "final_logit_softcapping": .float32(0), "logit_scale": .float32(1),
      "embedding_scale": .float64(1), "residual_scale": .float32(0), "expert_count": .uint32(0),
      "expert_used_count": .uint32(2), "rope.scaling.original_context_length": .uint32(48),
      "rope.scaling.finetuned": .bool(true), "tensor_data_layout": .string("Meta AI original pth"),
      "use_parallel_residual": .bool(false), "pooling_type": .uint32(0),
    ]
    let plain = try DecoderDescription(SyntheticLlama().file().metadata)
    var llama = try SyntheticLlama()
    for (key, value) in harmless { llama.metadata["llama." + key] = value }
    llama.metadata["general.training_tokens"] = .uint64(1)
    llama.metadata["llamas.attention.causal"] = .bool(false)
    #expect(try DecoderDescription(llama.file().metadata) == plain)
    llama.metadata["llama.attention.sliding_window"] = .uint32(0)
    #expect(try DecoderDescription(llama.file().metadata) == plain)
  }

  @Test func specialIDsThatNothingUses() async throws {
    var llama = try SyntheticLlama()
    for name in ["padding", "unknown", "mask", "seperator", "cls"] {
      for value in [GGUFValue.uint32(99_999), .int32(-1), .uint32(.max), .string("none")] {
        llama.metadata["tokenizer.ggml.\(name)_token_id"] = value
        let model = try await LanguageModel.open(file: llama.file(), backend: ReferenceBackend())
        #expect(model.tokenizer.paddingID == nil && model.tokenizer.unknownID == nil)
      }
    }
  }

  @Test func attentionScaleIsUsed() throws {
    var llama = try SyntheticLlama()
    #expect(try attention(of: llama).scale == 0.25)
    llama.metadata["llama.attention.scale"] = .float32(0.125)
    let graph = try DecoderModel(llama.file()).graph()
    let scales = graph.nodes.compactMap { node in
      if let attention = node.operation as? Attention { attention.scale } else { nil }
    }
    #expect(scales == [0.125, 0.125])
  }

  /// Whatever the key of a linear scale is called.
  @Test func linearScales() throws {
    for (type, key) in [
      ("linear", "rope.scaling.factor"), ("linear", "rope.scale_linear"), (nil, "rope.scaling.factor"),
      (nil, "rope.scale_linear"),
    ] as [(String?, String)] {
      var llama = try SyntheticLlama()
      llama.metadata["llama.rope.scaling.type"] = type.map { .string($0) }
      llama.metadata["llama." + key] = .float32(4)
      #expect(try attention(of: llama).rotary?.frequencyScale == 0.25)
    }
  }

  @Test func unsupportedTypeIsNamed() throws {
    var writer = GGUFWriter()
    let llama = try SyntheticLlama()
    for (key, value) in llama.metadata { try writer.set(key, value) }
    for (name, tensor) in llama.tensors where name != "token_embd.weight" { try writer.add(name, tensor) }
    let rows = Synthetic.description.tokens.count
    try writer.add(
      "token_embd.weight", type: .q8_1, shape: [rows, 64], bytes: [UInt8](repeating: 0, count: rows * 72))
    let file = try ModelFile(bytes: writer.serialized())
    let error = #expect(throws: ModelError.self) {
      _ = try DecoderModel(file)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("Q8_1"))
  }

  @Test func graphSurvivesJSON() throws {
    let file = try SyntheticLlama(.untiedWithBiases).file()
    let graph = try DecoderModel(file).graph(hiddenStates: true)
    #expect(try Graph(json: graph.json()) == graph)
    #expect(graph.ranges == ["tokens": 1...96, "past": 0...95, "capacity": 1...96])
    #expect(graph.outputs.map(\.name) == ["hidden.0", "hidden.1", "hidden.2", "logits", "next_token"])
    #expect(graph.origins.contains { $0.label == "blk.1.attn_q" })
    #expect(graph.origins.contains { $0.label == "blk.1.attn_q.weight" })
  }
}
