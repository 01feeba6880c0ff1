import HeddleText

/// A model family as hubs keep it: how its configuration becomes the metadata of a GGUF file, and which of its tensors is
/// which.
///
/// Sources: the configurations and the names of tensors of Hugging Face's transformers; GGUF's keys, names and layouts as
/// the converter of llama.cpp writes them (`conversion`, `gguf-py/gguf/tensor_mapping.py`).
struct HubFamily: Sendable {
  /// What `architectures` of `config.json` says.
  let models: [String]
  /// `general.architecture` of its GGUF files.
  let architecture: String
  /// Whether GGUF files have the rows of Wq and Wk in another order: the pairs that turn together as neighbours.
  var turnsNeighbours = false
  /// Whether the output is the embedding where the configuration does not say; nil: where there is no output.
  var isTied: Bool?
  /// Whether layers after the last that is counted are no part of what is computed.
  var leavesLaterLayers = false
  /// What may stand before the names of tensors, and what then stands in its place.
  var prefixes: [(found: String, plain: String)] = []
  let tensors: [HubTensorRule]
  let describe: @Sendable (inout HubDescription) throws(ModelFolderError) -> Void

  /// A tensor's name without what stands before it where a model is part of another.
  func plainName(_ name: String) -> String {
    for (found, plain) in prefixes {
      if let rest = name.without(prefix: found) { return plain + rest }
    }
    return name
  }

  static let all: [HubFamily] = [
    .llama, .mistral, .smollm3, .granite, .qwen2, .qwen3, .olmo2, .olmo3, .gemma, .gemma2, .gemma3, .phi, .phi3,
    .stablelm, .starcoder2, .falcon, .gptNeoX, .gpt2, .gptBigCode, .commandR, .cohere2, .glm4, .ernie45, .seedOSS,
    .exaone4, .olmo, .nemotron, .arcee, .bloom, .mpt, .deepSeek2, .deepSeek3, .deepSeek32, .mixtral, .qwen2moe,
    .qwen3moe, .olmoe, .gptOSS,
  ]
}

extension ModelFile {
  /// Values of `general.architecture` that folders can be read as.
  package static let folderArchitectures = NameSet(HubFamily.all.map(\.architecture))
}

extension HubTensorRule {
  /// Of a decoder by llama's names: what is outside of layers, attention, and two norms.
  static let embedding: [HubTensorRule] = [
    .init("model.embed_tokens", "token_embd"), .init("model.norm", "output_norm"), .init("lm_head", "output"),
    .init("model.layers.*.self_attn.rotary_emb.inv_freq", "", .left),
  ]

  static let attention: [HubTensorRule] = [
    .init("model.layers.*.self_attn.q_proj", "attn_q"), .init("model.layers.*.self_attn.k_proj", "attn_k"),
    .init("model.layers.*.self_attn.v_proj", "attn_v"), .init("model.layers.*.self_attn.o_proj", "attn_output"),
  ]

  static let norms: [HubTensorRule] = [
    .init("model.layers.*.input_layernorm", "attn_norm"),
    .init("model.layers.*.post_attention_layernorm", "ffn_norm"),
  ]

  static let normsAfter: [HubTensorRule] = [
    .init("model.layers.*.post_attention_layernorm", "post_attention_norm"),
    .init("model.layers.*.post_feedforward_layernorm", "post_ffw_norm"),
  ]

  static let headNorms: [HubTensorRule] = [
    .init("model.layers.*.self_attn.q_norm", "attn_q_norm"), .init("model.layers.*.self_attn.k_norm", "attn_k_norm"),
  ]

  static let gated: [HubTensorRule] = [
    .init("model.layers.*.mlp.gate_proj", "ffn_gate"), .init("model.layers.*.mlp.up_proj", "ffn_up"),
    .init("model.layers.*.mlp.down_proj", "ffn_down"),
  ]

  static let plain: [HubTensorRule] = [
    .init("model.layers.*.mlp.up_proj", "ffn_up"), .init("model.layers.*.mlp.down_proj", "ffn_down"),
  ]

  static let llama = embedding + norms + attention + gated
}

extension [HubTensorRule] {
  /// The rules with another change for the norms.
  func countingNormsFromOne() -> [HubTensorRule] {
    map { $0.name.hasSuffix("norm") ? HubTensorRule($0.stem, $0.name, .plusOne) : $0 }
  }
}
