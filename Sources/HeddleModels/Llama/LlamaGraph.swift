import HeddleGraph
import HeddleText
import HeddleTypes

/// The graph of a llama model: one step of a sequence, from token ids to the logits of the last of them.
///
/// | symbol | range | |
/// |---|---|---|
/// | `tokens` | 1 … chunk | tokens of this step |
/// | `past` | 0 … context − 1 | tokens before them |
/// | `capacity` | 1 … context | tokens a session's caches hold |
/// | `kept` | 1 … N | places of each span of a nested sparse weight that are used, if the model has such weights |
///
/// - Input `token_ids` i32 `[tokens]`; states `key_cache.N` f32 `[capacity, G, K]`, `value_cache.N` `[capacity, G, E]`.
/// - Outputs `logits` f32 `[1, V]` and `next_token` i32 `[1]`, its argmax; with hidden states also `hidden.N` f32
///   `[1, D]`, the last token after the embedding (0) and after each block; with all logits also `all_logits` f32
///   `[tokens, V]`.
/// - Source: Touvron et al., *LLaMA*, 2023; rotary pairs are neighbours, as GGUF stores llama's heads.
public struct LlamaGraph {
  private let builder = GraphBuilder()
  private let model: LlamaConfiguration
  private let weights: LlamaWeights
  private let tokens: Dimension
  private let past: Dimension
  private let capacity: Dimension
  private let kept: Dimension?
  private var outputs: NameTable<Value> = [:]
  private let hasHiddenStates: Bool
  private let hasAllLogits: Bool

  // Traps: never, a context is 1 or more.
  /// - Parameters:
  ///   - chunk: the most tokens of a step; the context if that is less.
  ///   - hiddenStates: whether the graph gives `hidden.N`, for finding a layer that computes something else.
  ///   - allLogits: whether the graph gives `all_logits`, what each token of the step expects to come next.
  public static func build(
    _ model: LlamaConfiguration, weights: LlamaWeights, chunk: Int = 512, hiddenStates: Bool = false,
    allLogits: Bool = false
  ) throws(ModelError) -> Graph {
    guard chunk >= 1 else { throw .invalidOption("chunk", value: chunk, range: 1...model.contextLength) }
    do {
      var graph = try LlamaGraph(
        model, weights, chunk: min(chunk, model.contextLength), hiddenStates: hiddenStates, allLogits: allLogits)
      return try graph.build()
    } catch let error as GraphError {
      throw .graph(error)
    } catch {
      throw .graph(.unknownState("\(error)"))
    }
  }

  // Traps: never, a chunk, a context and a count of blocks are 1 or more, and a pattern keeps a value at least.
  private init(
    _ model: LlamaConfiguration, _ weights: LlamaWeights, chunk: Int, hiddenStates: Bool, allLogits: Bool
  ) throws(GraphError) {
    self.model = model
    self.weights = weights
    hasHiddenStates = hiddenStates
    hasAllLogits = allLogits
    tokens = try builder.symbol("tokens", in: 1...chunk)
    past = try builder.symbol("past", in: 0...model.contextLength - 1)
    capacity = try builder.symbol("capacity", in: 1...model.contextLength)
    if let pattern = weights.nestedPattern {
      kept = try builder.symbol("kept", in: 1...pattern.keptPerSpan)
    } else {
      kept = nil
    }
  }

  // Traps: never, there is a block at least.
  private mutating func build() throws -> Graph {
    let ids = try builder.input("token_ids", .int32, [tokens])
    let positions = try builder.range(from: past, count: tokens)
    let factors = weights.contains("rope_freqs.weight") ? try vector("rope_freqs.weight") : nil
    var x = try builder.embeddingLookup(table: constant("token_embd.weight"), ids: ids, label: "token_embd")
    try addHidden(0, x)
    for block in 0..<model.blockCount {
      let scope = "blk.\(block)"
      x = try builder.scope(scope) {
        let attended = try attention(normalized(x, scope, "attn_norm"), block, positions, factors)
        let residual = try builder.add(attended, x, label: "attn_residual")
        let fed = try feedForward(normalized(residual, scope, "ffn_norm"), scope)
        return try builder.add(fed, residual, label: "ffn_residual")
      }
      try addHidden(block + 1, x)
    }
    let output = weights.contains("output.weight") ? "output" : "token_embd"
    let norm = try builder.rmsNorm(
      hasAllLogits ? x : lastToken(x), weight: vector("output_norm.weight"), epsilon: model.normEpsilon,
      label: "output_norm")
    var logits = try linear(norm, weight: "\(output).weight", bias: "output.bias", label: "output")
    if hasAllLogits {
      outputs["all_logits"] = logits
      logits = try lastToken(logits)
    }
    outputs["logits"] = logits
    outputs["next_token"] = try builder.argmax(logits)
    return try builder.build(outputs: outputs)
  }

  private func attention(_ x: Value, _ block: Int, _ positions: Value, _ factors: Value?) throws -> Value {
    let scope = "blk.\(block)"
    let (heads, groups) = (Dimension(model.headCount), Dimension(model.keyValueHeadCount))
    let (keyLength, valueLength) = (Dimension(model.keyLength), Dimension(model.valueLength))
    let rotary = RotaryEmbedding(
      base: model.rotaryBase, rotatedDimensions: model.rotaryDimensions, pairing: .interleaved,
      frequencyScale: model.rotaryFrequencyScale)
    func turned(_ name: String, _ heads: Dimension) throws -> Value {
      let flat = try linear(x, weight: "\(scope).\(name).weight", bias: "\(scope).\(name).bias", label: name)
      return try builder.rotaryEmbedding(
        builder.reshape(flat, to: [tokens, heads, keyLength]), positions: positions, factors: factors, rotary,
        label: "\(name)_rope")
    }
    let queries = try turned("attn_q", heads)
    let keys = try turned("attn_k", groups)
    let values = try builder.reshape(
      linear(x, weight: "\(scope).attn_v.weight", bias: "\(scope).attn_v.bias", label: "attn_v"),
      to: [tokens, groups, valueLength])
    let keyCache = try cache("key_cache.\(block)", groups, keyLength, adding: keys)
    let valueCache = try cache("value_cache.\(block)", groups, valueLength, adding: values)
    let attended = try builder.attention(
      queries: queries, keys: keyCache, values: valueCache, past: past,
      scale: model.attentionScale, label: "attention")
    return try linear(
      builder.reshape(attended, to: [tokens, heads * valueLength]), weight: "\(scope).attn_output.weight",
      bias: "\(scope).attn_output.bias", label: "attn_output")
  }

  /// The state called `name` with this step's rows; the next step finds them.
  private func cache(_ name: String, _ groups: Dimension, _ length: Dimension, adding rows: Value) throws -> Value {
    let state = try builder.state(name, .float32, [capacity, groups, length])
    let next = try builder.append(rows, to: state, at: past, label: "\(name)_append")
    try builder.update(state: name, to: next)
    return next
  }

  private func feedForward(_ x: Value, _ scope: String) throws -> Value {
    func branch(_ x: Value, _ name: String) throws -> Value {
      try linear(x, weight: "\(scope).\(name).weight", bias: "\(scope).\(name).bias", label: name)
    }
    let gate = try builder.unary(.silu, branch(x, "ffn_gate"), label: "ffn_gate_silu")
    let gated = try builder.multiply(gate, branch(x, "ffn_up"), label: "ffn_silu")
    return try branch(gated, "ffn_down")
  }

  private func normalized(_ x: Value, _ scope: String, _ name: String) throws -> Value {
    try builder.rmsNorm(x, weight: vector("\(scope).\(name).weight"), epsilon: model.normEpsilon, label: name)
  }

  /// `x · Wᵀ`, and the bias if the file has one.
  private func linear(_ x: Value, weight: String, bias: String, label: String) throws -> Value {
    let w = try constant(weight)
    let isNested = if case .sparse(let format) = w.type.encoding { format.pattern.isNested } else { false }
    let y = try builder.matmul(x, w, kept: isNested ? kept : nil, label: label)
    guard weights.contains(bias) else { return y }
    return try builder.add(y, vector(bias), label: "\(label)_bias")
  }

  private func constant(_ name: String) throws -> Value {
    // A scope names the block already: "blk.0" + "attn_q.weight".
    let label = name.hasPrefix("blk.") ? name.split(separator: ".").dropFirst(2).joined(separator: ".") : name
    return try builder.constant(ConstantID(name), in: weights.store, label: label)
  }

  /// A constant as float32, whatever the file stores.
  private func vector(_ name: String) throws -> Value {
    let stored = try constant(name)
    return stored.type.encoding == .float32 ? stored : try builder.encode(stored, as: .float32)
  }

  private func lastToken(_ x: Value) throws -> Value { try builder.slice(x, axis: 0, start: tokens - 1, count: 1) }

  // Traps: never, a table counts its entries.
  private mutating func addHidden(_ index: Int, _ x: Value) throws {
    if hasHiddenStates { outputs["hidden.\(index)"] = try lastToken(x) }
  }
}
