import Foundation
import HeddleFormats
import HeddleTypes
import TestSupport

/// A file of a llama of one layer with arbitrary weights, whose tokens are the bytes, `zz` and two that are special.
enum TinyModel {
  static let vocabulary = 259
  static let contextLength = 96

  /// A new file in a folder of its own.
  static func write(chatTemplate: String? = nil, matrices: Encoding = .float32) throws -> URL {
    var writer = GGUFWriter()
    let counts = [
      "block_count": 1, "context_length": contextLength, "embedding_length": 32, "feed_forward_length": 64,
      "attention.head_count": 4, "attention.head_count_kv": 2,
    ]
    try writer.set("general.architecture", .string("llama"))
    for (key, value) in counts.sorted(by: { $0.key < $1.key }) {
      try writer.set("llama.\(key)", .uint32(UInt32(value)))
    }
    try writer.set("llama.attention.layer_norm_rms_epsilon", .float32(1e-5))
    try writer.set("tokenizer.ggml.model", .string("gpt2"))
    try writer.set("tokenizer.ggml.pre", .string("gpt-2"))
    try writer.set("tokenizer.ggml.tokens", .array(.string(tokens)))
    try writer.set("tokenizer.ggml.token_type", .array(.int32((0..<vocabulary).map { $0 < 257 ? 1 : 3 })))
    try writer.set("tokenizer.ggml.eos_token_id", .uint32(258))
    try writer.set("tokenizer.ggml.merges", .array(.string(["z z"])))
    if let chatTemplate { try writer.set("tokenizer.chat_template", .string(chatTemplate)) }
    var seed: UInt32 = 1
    for (name, shape) in [
      ("token_embd", [vocabulary, 32]), ("output_norm", [32]), ("blk.0.attn_norm", [32]), ("blk.0.ffn_norm", [32]),
      ("blk.0.attn_q", [32, 32]), ("blk.0.attn_k", [16, 32]), ("blk.0.attn_v", [16, 32]),
      ("blk.0.attn_output", [32, 32]),
      ("blk.0.ffn_gate", [64, 32]), ("blk.0.ffn_up", [64, 32]), ("blk.0.ffn_down", [32, 64]),
    ] {
      let values = (0..<shape.reduce(1, *)).map { _ in
        seed = seed &* 1_664_525 &+ 1_013_904_223
        return Float(seed >> 8) / Float(1 << 24) - 0.5
      }
      try writer.add("\(name).weight", Tensor(values, as: shape.count == 2 ? matrices : .float32, shape: shape))
    }
    let path = try TestDevices.temporaryDirectory("model").appendingPathComponent("tiny.gguf")
    try writer.write(to: path.path)
    return path
  }

  /// Byte-level BPE spells printable bytes as themselves and the others from U+0100 on.
  private static var tokens: [String] {
    var next: UInt32 = 0x100
    let bytes = (UInt32(0)...255).map { byte in
      let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
      defer { next += isPrintable ? 0 : 1 }
      return Unicode.Scalar(isPrintable ? byte : next).map { String(Character($0)) } ?? ""
    }
    return bytes + ["zz", "<s>", "</s>"]
  }
}
