import HeddleText

/// How another tool quantized the weights of a folder: `quantization_config` of `config.json`.
struct HubQuantization {
  /// Nil for weights that are not quantized.
  private(set) var scheme: QuantizationScheme?

  init(_ config: inout HubConfig) throws(ModelFolderError) {
    guard var settings = try config.object("quantization_config") else { return }
    let method = try settings.string("quant_method")
    switch method {
    case "gptq": scheme = try Self.gptq(&settings)
    case "awq": scheme = try Self.awq(&settings)
    case "fp8":
      try settings.require("fmt", oneOf: ["e4m3", "float8_e4m3fn"])
      scheme = .fp8(block: try Self.block(&settings))
    case "bitsandbytes":
      try settings.require("load_in_8bit", is: false)
      try settings.require("bnb_4bit_quant_type", oneOf: ["nf4"])
      scheme = .nf4
    case "compressed-tensors": scheme = try Self.compressed(&settings)
    default:
      throw settings.unsupported(
        "quant_method", quoted(method), "'gptq', 'awq', 'fp8', 'bitsandbytes', 'compressed-tensors'")
    }
  }

  private static func gptq(_ settings: inout HubConfig) throws(ModelFolderError) -> QuantizationScheme {
    let format = try settings.string("checkpoint_format", default: "gptq")
    guard format == "gptq" || format == "gptq_v2" else {
      throw settings.unsupported("checkpoint_format", quoted(format), "'gptq', 'gptq_v2'")
    }
    return .gptq(
      bits: try settings.integer("bits"), groupSize: try groupSize(&settings),
      format == "gptq" ? .version1 : .version2)
  }

  private static func awq(_ settings: inout HubConfig) throws(ModelFolderError) -> QuantizationScheme {
    let version = try settings.string("version", default: "gemm")
    guard version.lowercased() == "gemm" else { throw settings.unsupported("version", quoted(version), "'gemm'") }
    try settings.require("bits", is: 4)
    return .awq(groupSize: try groupSize(&settings))
  }

  /// Nil for −1: one group.
  private static func groupSize(_ settings: inout HubConfig) throws(ModelFolderError) -> Int? {
    let size = try settings.integer("group_size", in: -1...HubConfig.sizes.upperBound, default: 128)
    if size == -1 { return nil }
    guard size > 0 else { throw settings.invalid("group_size", size, "a group has 1 input or more, or -1 for all") }
    return size
  }

  private static func block(_ settings: inout HubConfig) throws(ModelFolderError) -> QuantizationScheme.ScaleBlock? {
    guard settings.has("weight_block_size") else { return nil }
    let sizes = try settings.numbers("weight_block_size").compactMap { Int(exactly: $0) }
    guard sizes.count == 2, let rows = sizes.first, let columns = sizes.last, rows > 0, columns > 0 else {
      throw settings.invalid("weight_block_size", "\(sizes)", "two sizes above 0 are needed")
    }
    return QuantizationScheme.ScaleBlock(rows: rows, columns: columns)
  }

  private static func compressed(_ settings: inout HubConfig) throws(ModelFolderError) -> QuantizationScheme {
    let format = try settings.string("format")
    switch format {
    case "float-quantized": return .fp8(block: nil)
    case "int-quantized": return .int8
    default: throw settings.unsupported("format", quoted(format), "'float-quantized', 'int-quantized'")
    }
  }
}
