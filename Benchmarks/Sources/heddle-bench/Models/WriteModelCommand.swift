import ArgumentParser
import Foundation
import Heddle
import _KernelCases

/// Writes a model of random weights that is as fast as a trained one of its shape: for comparing speeds where no trained file
/// is at hand.
struct WriteModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write-model", abstract: "Writes a GGUF file of random weights, with experts or without.",
    discussion: """
      The architecture is Qwen3's: qwen3moe with --experts, else qwen3. The tokenizer is another file's. A dense model of as many \
      parameters as one with E experts has a feed-forward E times as wide.
      """)

  @Argument(help: "The file to write.") var output: String
  @Option(help: "A GGUF file whose tokenizer is taken.") var tokenizer: String
  @Option(help: "Layers.") var layers = 8
  @Option(help: "Values of a token between layers.") var width = 1024
  @Option(help: "Values of a feed-forward, or of an expert's.") var inner = 512
  @Option(help: "Query heads of 64 values; a quarter as many are of keys and values.") var heads = 16
  @Option(help: "Experts of a layer; 0 for none.") var experts = 0
  @Option(help: "Experts of a token.") var used = 8
  @Option(help: "The type of the matrices.") var type = "q4_k"

  func validate() throws {
    guard layers > 0, width > 0, inner > 0, heads > 0, heads % 4 == 0, experts >= 0 else {
      throw ValidationError("sizes must be positive, and --heads a multiple of 4")
    }
  }

  func run() async throws {
    guard let encoding = Encoding(name: type) else { throw ValidationError("there is no type '\(type)'") }
    let source = try GGUFFile(path: tokenizer)
    var writer = GGUFWriter()
    try setMetadata(&writer, source.metadata)
    func matrix(_ name: String, _ outputs: Int, _ inputs: Int, count: Int = 1) throws {
      let size = try MatMulSize(encoding, tokens: 1, inputs: inputs, outputs: outputs * count)
      let bytes = try size.opCase().constants.tensor("w").bytes
      let shape = count == 1 ? [outputs, inputs] : [count, outputs, inputs]
      try writer.add(name, try Tensor(encoding: encoding, shape: shape, bytes: bytes.withUnsafeBytes { Array($0) }))
    }
    func floats(_ name: String, _ shape: [Int], _ value: (Int) -> Float = { _ in 1 }) throws {
      try writer.add(name, try Tensor((0..<shape.reduce(1, *)).map(value), shape: shape))
    }
    let vocabulary = try source.metadata.strings("tokenizer.ggml.tokens").count
    try matrix("token_embd.weight", vocabulary, width)
    try floats("output_norm.weight", [width])
    for layer in 0..<layers {
      Progress.show("layer \(layer + 1) of \(layers)")
      let name = { (part: String) in "blk.\(layer).\(part).weight" }
      try floats(name("attn_norm"), [width])
      try matrix(name("attn_q"), heads * 64, width)
      try matrix(name("attn_k"), heads * 16, width)
      try matrix(name("attn_v"), heads * 16, width)
      try matrix(name("attn_output"), width, heads * 64)
      try floats(name("attn_q_norm"), [64])
      try floats(name("attn_k_norm"), [64])
      try floats(name("ffn_norm"), [width])
      if experts == 0 {
        try matrix(name("ffn_gate"), inner, width)
        try matrix(name("ffn_up"), inner, width)
        try matrix(name("ffn_down"), width, inner)
      } else {
        // Neighbouring numbers of a quadratic sequence: gates that differ.
        try floats(name("ffn_gate_inp"), [experts, width]) { place in
          Float((place * place + 7 * place * (layer + 1)) % 1021) / 1021 - 0.5
        }
        try matrix(name("ffn_gate_exps"), inner, width, count: experts)
        try matrix(name("ffn_up_exps"), inner, width, count: experts)
        try matrix(name("ffn_down_exps"), width, inner, count: experts)
      }
    }
    try writer.write(to: output)
    Progress.say("wrote \(output)")
  }

  private func setMetadata(_ writer: inout GGUFWriter, _ source: GGUFMetadata) throws {
    let architecture = experts == 0 ? "qwen3" : "qwen3moe"
    try writer.set("general.architecture", .string(architecture))
    try writer.set("general.name", .string("random weights"))
    func set(_ key: String, _ value: Int) throws { try writer.set("\(architecture).\(key)", .uint32(UInt32(value))) }
    try set("block_count", layers)
    try set("context_length", 16_384)
    try set("embedding_length", width)
    try set("feed_forward_length", inner)
    try set("attention.head_count", heads)
    try set("attention.head_count_kv", heads / 4)
    try set("attention.key_length", 64)
    try set("attention.value_length", 64)
    if experts > 0 {
      try set("expert_count", experts)
      try set("expert_used_count", used)
      try set("expert_feed_forward_length", inner)
    }
    try writer.set("\(architecture).attention.layer_norm_rms_epsilon", .float32(1e-6))
    try writer.set("\(architecture).rope.freq_base", .float32(1_000_000))
    for key in source.keys where key.hasPrefix("tokenizer.") {
      if let value = source[key] { try writer.set(key, value) }
    }
  }
}
