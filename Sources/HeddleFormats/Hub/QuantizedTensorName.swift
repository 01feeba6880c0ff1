import HeddleText

/// A tensor of a layer whose weight another tool quantized.
struct QuantizedTensorName {
  /// What the layer's tensors are called before `.weight` and the like.
  let layer: String
  /// Whether another of the layer's tensors stands for the weight.
  let isAside: Bool

  private static let asides = [
    ".qzeros", ".scales", ".g_idx", ".weight_scale_inv", ".weight_scale", ".weight_zero_point", ".input_scale",
    ".weight_shape", ".weight_g_idx", ".SCB", ".weight_format", ".weight.absmax", ".weight.quant_map",
    ".weight.nested_absmax", ".weight.nested_quant_map",
    ".weight.quant_state.bitsandbytes__nf4",
  ]

  /// Nil for a tensor that is no part of a quantized weight.
  init?(_ tensor: SafetensorsTensor, _ scheme: QuantizationScheme?) {
    guard let scheme else { return nil }
    if let layer = Self.without(Self.main(scheme), tensor), Self.isMain(tensor.dtype, scheme) {
      (self.layer, isAside) = (layer, false)
      return
    }
    for aside in Self.asides {
      guard let layer = Self.without(aside, tensor) else { continue }
      (self.layer, isAside) = (layer, true)
      return
    }
    return nil
  }

  private static func main(_ scheme: QuantizationScheme) -> String {
    switch scheme {
    case .gptq, .awq: ".qweight"
    case .packed: ".weight_packed"
    case .fp8, .int8, .nf4: ".weight"
    }
  }

  /// Layers that were left as they were have other numbers in their weights.
  private static func isMain(_ dtype: SafetensorsDtype, _ scheme: QuantizationScheme) -> Bool {
    switch scheme {
    case .gptq, .awq, .packed: true
    case .fp8: dtype == .f8_e4m3 || dtype == .f8_e5m2
    case .int8: dtype == .i8
    case .nf4: dtype == .u8
    }
  }

  private static func without(_ ending: String, _ tensor: SafetensorsTensor) -> String? {
    tensor.name.without(suffix: ending).flatMap { $0.isEmpty ? nil : $0 }
  }
}
