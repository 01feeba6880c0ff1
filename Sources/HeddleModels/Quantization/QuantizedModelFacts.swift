import HeddleFormats
import HeddleText

/// What of a model decides which tensor has which type.
struct QuantizedModelFacts {
  let architecture: String
  let layerCount: Int
  let expertCount: Int
  /// Query heads of a key head.
  let queriesPerKey: Int
  let hasOutput: Bool
  let hasImportance: Bool
  /// The places of `attn_v` matrices, by layer: their count decides, which is not always that of layers.
  let valueLayers: [Int]

  /// Metadata that are missing or of other types count as a model's without them: nothing is computed with them here.
  init(_ file: ModelFile, hasImportance: Bool) {
    let metadata = file.metadata
    architecture = (try? metadata.string("general.architecture")) ?? ""
    let architecture = architecture
    func count(_ key: String, default fallback: Int) -> Int {
      (try? metadata.integer("\(architecture).\(key)", in: 0...Int(Int32.max), default: fallback)) ?? fallback
    }
    let layers = file.tensors.compactMap { Self.layer($0.name) }
    layerCount = count("block_count", default: (layers.max() ?? -1) &+ 1)
    expertCount = count("expert_count", default: 0)
    let heads = count("attention.head_count", default: 1)
    queriesPerKey = max(0, heads.divided(by: max(1, count("attention.head_count_kv", default: heads))))
    hasOutput = file.contains("output.weight")
    self.hasImportance = hasImportance
    valueLayers = file.tensors.filter { $0.name.contains("attn_v.weight") || $0.name.contains("attn_qkv.weight") }
      .compactMap { Self.layer($0.name) }.sorted()
  }

  /// The N of `blk.N.…`.
  static func layer(_ name: String) -> Int? {
    guard name.hasPrefix("blk.") else { return nil }
    return Int(name.dropFirst(4).prefix { $0 != "." })
  }

  /// Layers whose errors count most: the first eighth, the last, and every third between.
  static func usesMoreBits(_ layer: Int, of count: Int) -> Bool {
    let eighth = count / 8
    return layer < eighth || layer >= max(0, count).multipliedClamped(by: 7) / 8 || (layer &- eighth) % 3 == 2
  }

  /// Of a model of 80 layers with grouped queries `attn_v` is small.
  var isLargeGrouped: Bool { layerCount == 80 && queriesPerKey > 1 }
}

extension Int {
  fileprivate func multipliedClamped(by factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}
