import HeddleFormats
import HeddleTypes

/// The tensors of a llama model by the names that GGUF gives them, each checked for its shape and type.
///
/// D width, F feed-forward width, H query heads, G key-value heads, K key length, E value length, V vocabulary:
///
/// | tensor | shape |
/// |---|---|
/// | `token_embd.weight` | [V, D] |
/// | `blk.N.attn_norm.weight`, `blk.N.ffn_norm.weight`, `output_norm.weight` | [D] |
/// | `blk.N.attn_q.weight` / `attn_k.weight` / `attn_v.weight` | [H·K, D] / [G·K, D] / [G·E, D] |
/// | `blk.N.attn_output.weight` | [D, H·E] |
/// | `blk.N.ffn_gate.weight`, `blk.N.ffn_up.weight` / `blk.N.ffn_down.weight` | [F, D] / [D, F] |
/// | `output.weight`, `token_embd.weight` if absent | [V, D] |
/// | `rope_freqs.weight`, optional | [rotary dimensions / 2] |
///
/// Each matrix may have a `.bias` of its outputs. The matrices of blocks may be sparse.
public struct LlamaWeights: Sendable {
  /// The tensors the model uses, without a copy.
  public let store: ConstantStore
  private let names: Set<String>

  /// - Throws: ``ModelError/missingTensor(_:)``, ``ModelError/tensorShape(_:expected:got:)``,
  ///   ``ModelError/tensorType(_:_:supported:)``, ``ModelError/unexpectedTensor(_:)``.
  public init(file: ModelFile, configuration: LlamaConfiguration) throws(ModelError) {
    try Self.requireTypes(file)
    var encodings: [String: Encoding] = [:]
    for (name, shape, isRequired) in Self.expected(configuration) {
      guard file.contains(name) else {
        if isRequired { throw .missingTensor(name) }
        continue
      }
      let info: ModelTensor
      do { info = try file.info(name) } catch { throw .file(error) }
      guard info.shape == shape else { throw .tensorShape(name, expected: shape, got: info.shape) }
      guard let encoding = info.encoding, Self.supports(encoding, name, shape) else {
        throw .tensorType(name, info.typeName, supported: Self.supported(name))
      }
      encodings[name] = encoding
    }
    for tensor in file.tensors where encodings[tensor.name] == nil && !Self.isIgnored(tensor.name) {
      throw .unexpectedTensor(tensor.name)
    }
    let names = encodings.keys.sorted()
    do { store = try file.constantStore(names: names) } catch { throw .file(error) }
    self.names = Set(names)
    nestedPattern = try Self.nestedPattern(encodings)
  }

  public func contains(_ name: String) -> Bool { names.contains(name) }

  /// The pattern of the weights that are nested; nil if none is.
  public let nestedPattern: SparsityPattern?

  /// One density is bound for all nested weights of a step, so they share a pattern.
  private static func nestedPattern(_ encodings: [String: Encoding]) throws(ModelError) -> SparsityPattern? {
    var patterns: Set<SparsityPattern> = []
    for case let pattern? in encodings.values.map(\.pattern) where pattern.isNested { patterns.insert(pattern) }
    guard patterns.count <= 1 else {
      throw .unsupportedValue(
        key: "nested patterns", value: patterns.map(\.name).sorted().joined(separator: ", "),
        supported: "one for all weights")
    }
    return patterns.first
  }

  private static func supports(_ encoding: Encoding, _ name: String, _ shape: [Int]) -> Bool {
    if encoding.pattern != nil { return isBlockMatrix(name) }
    return Encoding.weights.contains(encoding) && (shape.count == 2 || encoding.blockSize == 1)
  }

  private static func supported(_ name: String) -> [String] {
    Encoding.weights.map { $0.name.uppercased() } + (isBlockMatrix(name) ? ["sparse formats"] : [])
  }

  /// The block of a tensor called `blk.N.…`.
  static func block(of name: String) -> Int? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 2, parts[0] == "blk" else { return nil }
    return Int(parts[1])
  }

  /// Whether a name is that of a matrix of a block, which may be sparse.
  static func isBlockMatrix(_ name: String) -> Bool {
    guard let block = block(of: name) else { return false }
    return blockMatrices.contains { name == "blk.\(block).\($0).weight" }
  }

  private static let blockMatrices = [
    "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down",
  ]

  // Traps: never, heads and their lengths have limits of 24 bits, and there is a block at least.
  /// Every tensor of the family: name, shape, and whether a model cannot be without it.
  private static func expected(_ model: LlamaConfiguration) -> [(String, [Int], Bool)] {
    let queries = model.headCount * model.keyLength
    let keys = model.keyValueHeadCount * model.keyLength
    let values = model.keyValueHeadCount * model.valueLength
    let attended = model.headCount * model.valueLength
    let (width, inner) = (model.width, model.feedForwardWidth)
    var list: [(String, [Int], Bool)] = [
      ("token_embd.weight", [model.vocabularySize, width], true),
      ("output_norm.weight", [width], true),
      ("output.weight", [model.vocabularySize, width], false),
      ("output.bias", [model.vocabularySize], false),
      ("rope_freqs.weight", [model.rotaryDimensions / 2], false),
    ]
    for block in 0..<model.blockCount {
      list.append(("blk.\(block).attn_norm.weight", [width], true))
      list.append(("blk.\(block).ffn_norm.weight", [width], true))
      for (name, outputs, inputs) in [
        ("attn_q", queries, width), ("attn_k", keys, width), ("attn_v", values, width),
        ("attn_output", width, attended), ("ffn_gate", inner, width), ("ffn_up", inner, width),
        ("ffn_down", width, inner),
      ] {
        list.append(("blk.\(block).\(name).weight", [outputs, inputs], true))
        list.append(("blk.\(block).\(name).bias", [outputs], false))
      }
    }
    return list
  }

  /// Tensors of old files that hold what is computed now.
  private static func isIgnored(_ name: String) -> Bool {
    name.hasSuffix("attn_rot_embd.weight") || name == "rope_freqs"
  }
}
