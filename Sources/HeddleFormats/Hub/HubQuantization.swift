import HeddleText

/// How another tool quantized the weights of a folder: `quantization_config` of `config.json`.
///
/// What says how activations were quantized beside the weights is left out: they are computed with as they come.
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
      let isInt8 = try settings.bool("load_in_8bit", default: false)
      // Of files of eight bits it says nothing.
      let type = "bnb_4bit_quant_type"
      if isInt8 { _ = settings.value(type) } else { try settings.require(type, oneOf: ["nf4"]) }
      scheme = isInt8 ? .int8 : .nf4
    case "compressed-tensors": scheme = try Self.compressed(&settings)
    // Of experts, whose tensors have names of their own for it.
    case "mxfp4": scheme = nil
    default:
      throw settings.unsupported(
        "quant_method", quoted(method), "'gptq', 'awq', 'fp8', 'bitsandbytes', 'compressed-tensors', 'mxfp4'")
    }
    try settings.refuseUnread(Self.harmless)
  }

  /// Keys that change nothing of what the stored weights stand for: how they were found, how other tools compute with them,
  /// and what the tensors themselves tell, such as which layers were left as they were.
  private static let harmless: NameSet = [
    // The layers.
    "modules_to_not_convert", "modules_to_convert", "modules_in_block_to_quantize", "ignored_layers", "ignore",
    "llm_int8_skip_modules", "lm_head", "dynamic", "block_name_to_quantize", "module_name_preceding_first_block",
    // Their tensors.
    "desc_act", "scale_fmt", "expert_dtype", "sym", "zero_point", "static_groups", "pack_dtype",
    "bnb_4bit_use_double_quant", "bnb_4bit_quant_storage", "load_in_4bit", "_load_in_4bit", "_load_in_8bit",
    "quant_storage",
    // How they were found.
    "damp_percent", "act_group_aware", "damp_auto_increment", "true_sequential", "dataset", "tokenizer", "batch_size",
    "pad_token_id", "model_seqlen", "max_input_length", "cache_block_outputs", "mse", "meta", "quantization_status",
    "global_compression_ratio", "model_name_or_path", "model_file_base_name",
    // How others compute with them.
    "activation_scheme", "dequantize", "bnb_4bit_compute_dtype", "llm_int8_enable_fp32_cpu_offload",
    "llm_int8_has_fp16_weight", "llm_int8_threshold", "backend", "exllama_config", "use_exllama", "disable_exllama",
    "use_cuda_fp16", "is_marlin_format", "do_fuse", "modules_to_fuse", "fuse_max_seq_len", "fuse_max_batch_size",
  ]

  private static func gptq(_ settings: inout HubConfig) throws(ModelFolderError) -> QuantizationScheme {
    // The newer of two names; some files have both.
    let declared = try settings.string("format", default: "gptq")
    let format = try settings.string("checkpoint_format", default: declared)
    guard format == "gptq" || format == "gptq_v2" else {
      throw settings.unsupported("checkpoint_format", quoted(format), "'gptq', 'gptq_v2'")
    }
    return .gptq(
      bits: try settings.integer("bits"), groupSize: try groupSize(&settings),
      format == "gptq" ? .version1 : .version2)
  }

  private static func awq(_ settings: inout HubConfig) throws(ModelFolderError) -> QuantizationScheme {
    let declared = try settings.string("format", default: "gemm")
    let version = try settings.string("version", default: declared)
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
    // Its version is that of the tool.
    _ = settings.value("version")
    if var sparsity = try settings.object("sparsity_config") { try sparsity.require("format", oneOf: ["dense"]) }
    // Turns activations and weights.
    if let transform = try settings.object("transform_config"), !transform.isEmpty {
      throw settings.unsupported("transform_config", "there", "none")
    }
    let bits = try bits(&settings)
    let format = try settings.string("format")
    switch format {
    case "float-quantized": return .fp8(block: nil)
    case "int-quantized": return .int8
    case "pack-quantized": return .packed(bits: bits ?? 4)
    default:
      throw settings.unsupported("format", quoted(format), "'float-quantized', 'int-quantized', 'pack-quantized'")
    }
  }

  /// `num_bits` of the weights of all `config_groups`; what else they say the tensors say too.
  private static func bits(_ settings: inout HubConfig) throws(ModelFolderError) -> Int? {
    var found: Int?
    guard var groups = try settings.object("config_groups") else { return nil }
    for key in groups.keys {
      guard var group = try groups.object(key), var weights = try group.object("weights") else { continue }
      let bits = try weights.integer("num_bits")
      if let found, found != bits { throw weights.unsupported("num_bits", bits, "\(found), as in the other group") }
      found = bits
    }
    return found
  }
}
