import HeddleFormats
import HeddleText

/// What the keys of a file mean that its family does not read. A key that could change what the model computes holds the
/// value that changes nothing, or refuses the file by name: no model is computed without part of its description.
///
/// Source of the names: llama.cpp, `src/llama-arch.cpp`.
private enum FamilyKeys {
  /// Of training, of what no family here does, or of a way of scaling positions that is refused by its type.
  static let harmless: NameSet = [
    "attention.layer_norm_epsilon", "pooling_type", "rope.scaling.finetuned", "rope.scaling.original_context_length",
    "rope.scaling.yarn_beta_fast", "rope.scaling.yarn_beta_slow", "rope.scaling.yarn_log_multiplier",
    "attention.sliding_window_pattern",
  ]

  /// Nothing without experts.
  static let ofExperts: NameSet = [
    "expert_used_count", "expert_shared_count", "expert_feed_forward_length", "expert_shared_feed_forward_length",
    "expert_group_count", "expert_group_used_count", "expert_weights_scale", "expert_weights_norm",
    "expert_gating_func", "moe_every_n_layers", "interleave_moe_layer_step", "leading_dense_block_count",
  ]

  /// What a key must be to change nothing.
  enum Neutral {
    case bool(Bool)
    case number([Double])
    case string(String)

    func allows(_ value: GGUFValue) -> Bool {
      switch (self, value) {
      case (.bool(let wanted), .bool(let value)): value == wanted
      case (.number(let wanted), _): FamilyKeys.number(value).map(wanted.contains) ?? false
      case (.string(let wanted), .string(let value)): value == wanted
      default: false
      }
    }

    var text: String {
      switch self {
      case .bool(let wanted): "\(wanted)"
      case .number(let wanted): wanted.map { $0.formattedWhole }.joined(separator: ", ")
      case .string(let wanted): "'\(wanted)'"
      }
    }
  }

  /// A factor that is 0 is one that is not used.
  static let neutral: NameTable<Neutral> = [
    "expert_count": .number([0]),
    "attention.causal": .bool(true), "use_parallel_residual": .bool(false), "swin_norm": .bool(false),
    "tensor_data_layout": .string("Meta AI original pth"),
    "attention.clamp_kqv": .number([0]), "attention.max_alibi_bias": .number([0]),
    "attn_logit_softcapping": .number([0]), "final_logit_softcapping": .number([0]),
    "router_logit_softcapping": .number([0]), "logit_scale": .number([0, 1]), "embedding_scale": .number([0, 1]),
    "residual_scale": .number([0, 1]), "attention.output_scale": .number([0, 1]),
    "attention.temperature_scale": .number([0]),
    "attention.shared_kv_layers": .number([0]), "nextn_predict_layers": .number([0]),
    "rope.scaling.attn_factor": .number([1]), "rope.scaling.yarn_attn_factor": .number([1]),
    "rope.scaling.yarn_ext_factor": .number([0, -1]),
  ]

  static func number(_ value: GGUFValue) -> Double? {
    switch value {
    case .float32(let value): Double(value)
    case .float64(let value): value
    case .uint8(let value): Double(value)
    case .int8(let value): Double(value)
    case .uint16(let value): Double(value)
    case .int16(let value): Double(value)
    case .uint32(let value): Double(value)
    case .int32(let value): Double(value)
    case .uint64(let value): Double(value)
    case .int64(let value): Double(value)
    case .bool, .string, .array: nil
    }
  }
}

extension FamilyMetadata {
  /// Refuses the keys of the architecture that were not read, unless they change nothing.
  ///
  /// - Throws: ``ModelError/unsupportedValue(key:value:supported:)``.
  func refuseUnread(contextLength: Int) throws(ModelError) {
    let prefix = architecture + "."
    let hasExperts = read.contains("expert_used_count")
    for key in metadata.keys where key.utf8.starts(with: prefix.utf8) {
      let name = String(Substring(key.utf8.dropFirst(prefix.utf8.count)))
      guard !read.contains(name), !FamilyKeys.harmless.contains(name), let value = metadata[key],
        !(FamilyKeys.ofExperts.contains(name) && (!hasExperts || FamilyKeys.number(value) == 0)),
        let supported = supported(name, instead: value, contextLength)
      else { continue }
      throw .unsupportedValue(key: key, value: value.description, supported: supported)
    }
  }

  /// What a key that was not read must be; nil if it is that.
  private func supported(_ name: String, instead value: GGUFValue, _ contextLength: Int) -> String? {
    if name == "attention.sliding_window" {
      // A window that holds the whole context is none.
      if let window = FamilyKeys.number(value), window == 0 || window >= Double(contextLength) { return nil }
      return "0, or no less than the context of \(contextLength)"
    }
    guard let neutral = FamilyKeys.neutral[name] else {
      return "\(architecture) models without this key, which may change what they compute"
    }
    return neutral.allows(value) ? nil : neutral.text
  }
}

extension Double {
  /// A whole number without its fraction.
  fileprivate var formattedWhole: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
