import Foundation
import Heddle
import Testing

/// A folder of `Resources/folders`, and what `make.py` there says of it.
struct FolderFixture: Decodable {
  struct Text: Decodable {
    var text: String
    var ids: [Int]
  }

  struct Tensor: Decodable {
    var shape: [Int]
    /// The sum of the values, and one in which each counts by its place.
    var sums: [Double]
  }

  struct Converted: Decodable {
    var metadata: [String: Value]
    var tensors: [String: Tensor]
  }

  enum Value: Decodable, Equatable {
    case bool(Bool)
    case number(Double)
    case string(String)
    case numbers([Double])
    case strings([String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Bool.self) {
        self = .bool(value)
      } else if let value = try? container.decode(Double.self) {
        self = .number(value)
      } else if let value = try? container.decode(String.self) {
        self = .string(value)
      } else if let value = try? container.decode([Double].self) {
        self = .numbers(value)
      } else if let value = try? container.decode([Bool].self) {
        self = .numbers(value.map { $0 ? 1 : 0 })
      } else {
        self = .strings(try container.decode([String].self))
      }
    }
  }

  var prompt: [Int]
  var decoded: [Int]
  /// Of each position of prompt and decoded tokens.
  var logits: [[Float]]
  var texts: [Text]
  /// What the converter of llama.cpp makes of the folder.
  var converted: Converted

  /// Every folder.
  static let all = [
    "arcee", "bloom", "cohere2", "command-r", "deepseek_v2", "deepseek_v3", "deepseek_v32", "ernie4_5", "exaone4",
    "falcon", "falcon-multi-query", "gemma", "gemma2", "gemma3", "gemma3-images", "glm4", "gpt2", "gpt_bigcode",
    "gpt_neox", "gpt_oss", "granite", "llama", "mistral", "mixtral", "mpt", "nemotron", "olmo", "olmo2", "olmo3",
    "olmoe", "phi", "phi3", "phi3-long", "qwen2", "qwen2_moe", "qwen3", "qwen3-yarn", "qwen3_moe", "seed_oss",
    "smollm3", "stablelm", "starcoder2",
  ]

  static func url(_ family: String) -> URL {
    Bundle.module.bundleURL.appendingPathComponent("Resources/folders/\(family)")
  }

  static func named(_ family: String) throws -> FolderFixture { try resource("folders/\(family)") }

  static func file(_ family: String) throws -> ModelFile { try ModelFile(path: url(family).path) }
}

extension GGUFValue {
  /// As the fixtures have it.
  var asFixture: FolderFixture.Value? {
    switch self {
    case .bool(let value): .bool(value)
    case .string(let value): .string(value)
    case .float32(let value): .number(Double(value))
    case .uint32(let value): .number(Double(value))
    case .array(.string(let values)): .strings(values)
    case .array(.int32(let values)): .numbers(values.map(Double.init))
    case .array(.float32(let values)): .numbers(values.map(Double.init))
    case .array(.bool(let values)): .numbers(values.map { $0 ? 1 : 0 })
    default: nil
    }
  }
}
