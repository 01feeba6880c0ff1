import HeddleFormats
import HeddleText
import HeddleTypes

// Which tensor has which type: the rules of `llama-quantize`, for its presets that are made here; of Heddle's own presets all have
// one type but the output.
extension QuantizationPreset {
  /// Whether a tensor is quantized at all: matrices, but no norms, no routers, and nothing that is small or looked up by place.
  static func isQuantized(_ info: ModelTensor) -> Bool {
    let name = info.name
    let parts = [
      "_norm.weight", "ffn_gate_inp.weight", "altup", "laurel", "per_layer_model_proj", "ssm_conv1d",
      "shortconv.conv.weight", "attn_rel_b.weight", ".position_embd",
    ]
    return name.hasSuffix("weight") && info.shape.count(where: { $0 > 1 }) >= 2 && info.shape.count >= 2
      && !parts.contains { name.contains($0) } && name != "position_embd.weight" && name != "token_types.weight"
  }

  /// The type of a tensor that is quantized, before it is fitted to its rows.
  func encoding(of info: ModelTensor, _ facts: QuantizedModelFacts) -> Encoding {
    guard !encoding.isScalar else { return encoding }
    let name = info.name
    let isOutput = name == "output.weight" || (!facts.hasOutput && name == "token_embd.weight")
    guard fileType != nil else { return isOutput ? .int8_g128 : encoding }
    if isOutput {
      let isWhole = (info.shape.last ?? 1).isMultiple(of: encoding.blockSize)
      return named(isOneOf("MXFP4_MOE") || !isWhole || encoding == .q8_0 ? "q8_0" : "q6_k")
    }
    if isOneOf("MXFP4_MOE") { return named(info.shape.count > 2 ? "mxfp4" : "q8_0") }
    if name.contains("attn_v.weight") { return values(info, facts) }
    if name.contains("attn_k.weight") { return facts.expertCount == 8 ? .q8_0 : encoding }
    if name.contains("ffn_down") { return down(info, facts) }
    if name.contains("attn_output.weight") { return attentionOutput(facts) }
    if name.contains("attn_qkv.weight") {
      if isOneOf("Q3_K_M", "Q3_K_L") { return named("q4_k") }
      if isOneOf("Q4_K_M") { return named("q5_k") }
      if isOneOf("Q5_K_M") { return named("q6_k") }
    }
    return encoding
  }

  private func named(_ name: String) -> Encoding { Encoding(name: name) ?? encoding }

  private func values(_ info: ModelTensor, _ facts: QuantizedModelFacts) -> Encoding {
    if facts.expertCount == 8 { return .q8_0 }
    let layer = QuantizedModelFacts.layer(info.name)
    let place = facts.valueLayers.firstIndex { $0 == layer } ?? 0
    let isGrouped = facts.queriesPerKey >= 4
    let chosen: String
    switch name {
    case "Q2_K": chosen = isGrouped ? "q4_k" : "q3_k"
    case "Q2_K_S": chosen = isGrouped ? "q4_k" : "q2_k"
    case "Q3_K_M": chosen = place < 2 ? "q5_k" : "q4_k"
    case "Q3_K_L": chosen = "q5_k"
    case "IQ4_NL", "IQ4_XS": chosen = isGrouped ? "q5_k" : encoding.name
    case "Q4_K_M", "Q5_K_M":
      chosen = QuantizedModelFacts.usesMoreBits(place, of: facts.valueLayers.count) ? "q6_k" : encoding.name
    case "Q4_K_S": chosen = place < 4 ? "q5_k" : "q4_k"
    default: chosen = encoding.name
    }
    return named(facts.isLargeGrouped && ["q3_k", "q4_k"].contains(chosen) ? "q5_k" : chosen)
  }

  private func down(_ info: ModelTensor, _ facts: QuantizedModelFacts) -> Encoding {
    let (layer, count) = (QuantizedModelFacts.layer(info.name) ?? 0, facts.layerCount)
    let isFalcon = facts.architecture == "falcon"
    let usesMore = QuantizedModelFacts.usesMoreBits(layer, of: count)
    let isEarly = layer < count / 8
    switch name {
    case "Q2_K": return named("q3_k")
    case "Q2_K_S": return isEarly ? named("q4_k") : encoding
    case "Q3_K_M":
      if layer < count / 16 { return named("q5_k") }
      return !isFalcon || usesMore ? named("q4_k") : encoding
    case "Q3_K_L": return named(isFalcon ? "q4_k" : "q5_k")
    case "Q4_K_M":
      if isFalcon { return layer < count / 16 ? named("q6_k") : usesMore ? named("q5_k") : encoding }
      return usesMore ? named("q6_k") : encoding
    case "IQ4_NL", "IQ4_XS": return isEarly && !facts.hasImportance ? named("q5_k") : encoding
    case "Q5_K_M": return usesMore ? named("q6_k") : encoding
    case "Q4_K_S": return isEarly && !isFalcon ? named("q5_k") : encoding
    case "Q4_0": return isEarly && facts.hasImportance ? named("q4_1") : encoding
    case "Q5_0": return isEarly && facts.hasImportance ? named("q5_1") : encoding
    default: return encoding
    }
  }

  private func attentionOutput(_ facts: QuantizedModelFacts) -> Encoding {
    if facts.architecture == "falcon" { return isOneOf("Q3_K_L") ? named("q4_k") : encoding }
    if facts.expertCount == 8 {
      return isOneOf("Q2_K", "Q3_K_S", "Q3_K_M", "IQ4_NL", "Q4_K_S", "Q4_K_M", "IQ4_XS") ? named("q5_k") : encoding
    }
    switch name {
    case "Q2_K": return named("q3_k")
    case "Q3_K_M": return named("q4_k")
    case "Q3_K_L": return named("q5_k")
    default: return encoding
    }
  }
}
