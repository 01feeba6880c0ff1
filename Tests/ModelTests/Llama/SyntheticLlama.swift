import Heddle

@testable import HeddleModels

/// A llama of two layers with random weights, and its file.
struct SyntheticLlama {
  /// What a file may have beside the plain: types, optional tensors, lengths of their own.
  enum Variant: String, CaseIterable, Sendable {
    case tiedBlocks, untiedWithBiases, ownLengths
  }

  var metadata: [String: GGUFValue] = [:]
  var tensors: NameTable<Tensor> = [:]
  private var generator = SplitMix64(seed: 7)

  init(_ variant: Variant = .tiedBlocks) throws {
    let description = Synthetic.description
    let vocabulary = description.tokens.count
    metadata = [
      "general.architecture": .string("llama"), "llama.block_count": .uint32(2), "llama.context_length": .uint32(96),
      "llama.embedding_length": .uint32(64), "llama.feed_forward_length": .uint32(96),
      "llama.attention.head_count": .uint32(4), "llama.attention.head_count_kv": .uint32(2),
      "llama.attention.layer_norm_rms_epsilon": .float32(1e-5),
      "tokenizer.ggml.model": .string("gpt2"), "tokenizer.ggml.pre": .string("gpt-2"),
      "tokenizer.ggml.tokens": .array(.string(description.tokens)),
      "tokenizer.ggml.merges": .array(.string(description.merges)),
      "tokenizer.ggml.token_type": .array(.int32(description.tokenTypes.map(Int32.init))),
      "tokenizer.ggml.bos_token_id": .uint32(UInt32(description.bosID ?? 0)),
      "tokenizer.ggml.eos_token_id": .uint32(UInt32(description.eosID ?? 0)),
    ]
    var (keyLength, valueLength) = (16, 16)
    var (matrix, embedding) = (Encoding.q4_1, Encoding.q8_0)
    switch variant {
    case .tiedBlocks: break
    case .untiedWithBiases:
      (matrix, embedding) = (.bfloat16, .float16)
      metadata["llama.rope.scaling.type"] = .string("linear")
      metadata["llama.rope.scaling.factor"] = .float32(2)
      metadata["llama.rope.freq_base"] = .float32(500)
      try add("output.weight", [vocabulary, 64], .q5_1)
      try add("rope_freqs.weight", [8], .float32, around: 2)
    case .ownLengths:
      (keyLength, valueLength) = (32, 24)
      (matrix, embedding) = (.q5_0, .q4_0)
      metadata["llama.attention.key_length"] = .uint32(32)
      metadata["llama.attention.value_length"] = .uint32(24)
      metadata["llama.rope.dimension_count"] = .uint32(8)
      metadata["llama.vocab_size"] = .uint32(UInt32(vocabulary))
    }
    try add("token_embd.weight", [vocabulary, 64], embedding)
    try add("output_norm.weight", [64], .float32, around: 1)
    for block in 0..<2 {
      for name in ["attn_norm", "ffn_norm"] { try add("blk.\(block).\(name).weight", [64], .float32, around: 1) }
      for (name, outputs, inputs) in [
        ("attn_q", 4 * keyLength, 64), ("attn_k", 2 * keyLength, 64), ("attn_v", 2 * valueLength, 64),
        ("attn_output", 64, 4 * valueLength), ("ffn_gate", 96, 64), ("ffn_up", 96, 64), ("ffn_down", 64, 96),
      ] {
        try add("blk.\(block).\(name).weight", [outputs, inputs], matrix)
        if variant == .untiedWithBiases { try add("blk.\(block).\(name).bias", [outputs], .float32) }
      }
    }
  }

  private mutating func add(_ name: String, _ shape: [Int], _ encoding: Encoding, around center: Float = 0) throws {
    let values = (0..<shape.reduce(1, *)).map { _ in center + Float(generator.nextUnit() - 0.5) * 0.4 }
    tensors[name] = try Tensor(values, as: encoding, shape: shape)
  }

  func file() throws -> ModelFile { try ModelFile(bytes: serialized(), name: "synthetic.gguf") }

  /// The bytes of its file.
  func serialized() throws -> [UInt8] {
    var writer = GGUFWriter()
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { try writer.set(key, value) }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) { try writer.add(name, tensor) }
    return writer.serialized()
  }
}
