import HeddleText

/// A layer whose weight another tool quantized, as far as names, dtypes and shapes tell: nothing is read, and no tensor is known to
/// fit the others.
public struct QuantizedLayer: Hashable, Sendable {
  /// What its tensors are called before `.qweight`, `.weight` and the like.
  public let name: String
  /// `GPTQ, 4 bits, groups of 128`: for people.
  public let scheme: String
}

extension SafetensorsCheckpoint {
  /// The layers with weights that other tools quantized, in the order of their tensors.
  public var quantizedLayers: [QuantizedLayer] {
    tensors.compactMap { tensor, _ in
      guard let (layer, part) = tensor.name.parted(atLast: ".") else { return nil }
      let parts = LayerTensors(source: self, layer: String(layer))
      let scheme: String? =
        switch (part, tensor.dtype) {
        case ("qweight", .i32): parts.schemeOfWords(tensor)
        case ("weight", .f8_e4m3), ("weight", .f8_e5m2):
          parts.scales.map { "FP8 (\(tensor.dtype == .f8_e4m3 ? "e4m3" : "e5m2")), scales \($0)" }
        case ("weight_packed", .i32): parts.scales.map { "packed, scales \($0)" }
        case ("weight", .i8): parts.scales.map { "int8, scales \($0)" }
        case ("weight", .u8) where parts.contains("weight.quant_state.bitsandbytes__nf4"):
          parts.contains("weight.nested_absmax") ? "NF4, scales quantized" : "NF4"
        default: nil
        }
      return scheme.map { QuantizedLayer(name: String(layer), scheme: $0) }
    }
  }
}

extension LayerTensors {
  private func shape(_ part: String) -> [Int]? { try? source.info("\(layer).\(part)").shape }

  /// The shape of the scales.
  fileprivate var scales: String? {
    (shape("weight_scale_inv") ?? shape("weight_scale") ?? shape("SCB")).map { $0.isEmpty ? "[]" : "\($0)" }
  }

  /// GPTQ has a column of words for each output, AWQ one for eight.
  fileprivate func schemeOfWords(_ weight: SafetensorsTensor) -> String? {
    guard let scales = shape("scales"), let zeros = shape("qzeros"), scales.count == 2, zeros.count == 2,
      let groups = scales.first, let outputs = scales.last, let zeroWords = zeros.last, weight.shape.count == 2,
      let lines = weight.shape.first, let words = weight.shape.last
    else { return nil }
    let perWord = outputs.divided(by: zeroWords)
    let isAWQ = words == zeroWords && perWord == 8
    guard isAWQ || words == outputs, [4, 8, 16].contains(perWord) else { return nil }
    let (inputs, overflow) = lines.multipliedReportingOverflow(by: isAWQ ? 1 : perWord)
    let size = overflow ? 0 : inputs.dividedRoundingUp(by: groups)
    let isSorted = contains("g_idx") && !isAWQ ? ", g_idx" : ""
    return "\(isAWQ ? "AWQ" : "GPTQ"), \(32.divided(by: perWord)) bits, groups of \(size)\(isSorted)"
  }
}
