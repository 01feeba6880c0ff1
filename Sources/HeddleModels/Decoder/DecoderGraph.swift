import HeddleGraph
import HeddleText
import HeddleTypes

/// The graph of a decoder: one step of a sequence, from token ids to the logits of the last of them.
///
/// | symbol | range | |
/// |---|---|---|
/// | `tokens` | 1 … chunk | tokens of this step |
/// | `past` | 0 … context − 1 | tokens before them |
/// | `capacity` | 1 … context | tokens a session's caches hold |
/// | `long_factors` | 0 … 1 | whether the capacity is beyond that of short rotary factors, if there are long ones |
/// | of a ``StepOption`` | its own | what the step chooses, if the model has such an option |
///
/// - Input `token_ids` i32 `[tokens]`; states `key_cache.N` `[capacity, G, K]`, `value_cache.N` `[capacity, G, E]` in
///   ``ModelOptions/cache``, or of latents `latent_cache.N` `[capacity, 1, C + R]`, and of an indexer `index_cache.N` `[capacity, D]`.
/// - Outputs `logits` f32 `[1, V]` and `next_token` i32 `[1]`, its argmax; with hidden states also `hidden.N` f32
///   `[1, D]`, the last token after the embedding (0) and after each layer, and of a layer N of experts, from 0, `experts.N` i32
///   and `expert_weights.N` f32, both `[tokens, k]`; with ``ExpertOptions/countsLoad`` also `expert_counts.N` i32 `[E]`; with all logits also `all_logits` f32 `[tokens, V]`.
///
/// Tensors are asked for as the graph grows, under the names that GGUF gives them: `token_embd`, `blk.N.…`,
/// `output_norm`, `output`. The letters are those of ``DecoderDescription`` and its parts.
struct DecoderGraph {
  let builder = GraphBuilder()
  let decoder: DecoderDescription
  let tensors: any TensorSource
  let tokens: Dimension
  let past: Dimension
  let capacity: Dimension
  /// The places that nested sparse weights use, if there are such weights.
  let kept: Dimension?
  /// 1 if the session has room for more tokens than short rotary factors are for, else 0; nil if there are no others.
  let usesLongFactors: Dimension?
  /// How many experts a token uses; nil for all that are chosen.
  let usedExperts: Dimension?
  /// 1 if the step moves biases of experts, else 0; nil if none does.
  let movesBias: Dimension?
  let options: ModelOptions
  let computed = ComputedConstants()
  let chosen = ChosenExperts()
  private var outputs: NameTable<Value> = [:]

  /// What building asks for, of a file that has the tensors of these names.
  static func needs(
    of decoder: DecoderDescription, in file: @escaping (String) -> Bool
  ) throws(ModelError) -> DecoderNeeds {
    let recorder = TensorRecorder(file)
    do {
      var graph = try DecoderGraph(decoder, recorder, ModelOptions(), [])
      try graph.addStep()
      return DecoderNeeds(requests: recorder.requests, computed: graph.computed.values)
    } catch { throw .graph(error) }
  }

  /// - Throws: ``ModelError/invalidOption(_:value:range:)``, ``ModelError/graph(_:)``.
  static func build(
    _ decoder: DecoderDescription, tensors: some TensorSource, _ options: ModelOptions, _ stepOptions: [StepOption]
  ) throws(ModelError) -> Graph {
    guard options.chunk >= 1 else {
      throw .invalidOption("chunk", value: options.chunk, range: 1...max(decoder.contextLength, 1))
    }
    do {
      var graph = try DecoderGraph(decoder, tensors, options, stepOptions)
      try graph.addStep()
      return try graph.builder.build(outputs: graph.outputs)
    } catch { throw .graph(error) }
  }

  private init(
    _ decoder: DecoderDescription, _ tensors: any TensorSource, _ options: ModelOptions, _ stepOptions: [StepOption]
  ) throws(GraphError) {
    self.decoder = decoder
    self.tensors = tensors
    self.options = options
    let context = max(decoder.contextLength, 1)
    tokens = try builder.symbol("tokens", in: 1...max(min(options.chunk, context), 1))
    past = try builder.symbol("past", in: 0...context - 1)
    capacity = try builder.symbol("capacity", in: 1...context)
    var chosen: [Symbol: Dimension] = [:]
    for option in stepOptions { chosen[option.symbol] = try builder.symbol(option.symbol.name, in: option.range) }
    kept = chosen[.kept]
    usedExperts = chosen[.usedExperts]
    movesBias = chosen[.movesBias]
    let hasLongFactors = decoder.shortFactors.map { $0.presence == .required || tensors.has(Self.shortFactors) }
    usesLongFactors = hasLongFactors == true ? try builder.symbol(Symbol.longFactors.name, in: 0...1) : nil
  }

  private mutating func addStep() throws(GraphError) {
    let ids = try builder.input("token_ids", .int32, [tokens])
    let positions = try builder.range(from: past, count: tokens)
    var x = try builder.embeddingLookup(table: embedding(), ids: ids, label: "token_embd")
    x = try scaled(x, decoder.embedding.scale, "embedding_scale")
    if let norm = decoder.embedding.norm { x = try normalized(x, norm, "token_embd_norm", nil) }
    if let rows = decoder.embedding.positions {
      let table = try require("position_embd.weight", [rows, decoder.width])
      x = try builder.add(x, builder.embeddingLookup(table: table, ids: positions, label: "position_embd"))
    }
    try addHidden(0, x)
    var layer = 0
    for run in decoder.layers {
      for _ in 0..<max(run.count, 0) {
        x = try builder.scope("blk.\(layer)") { () throws(GraphError) in try layered(x, run, layer, positions) }
        if let latest = chosen.latest, latest.layer == layer { addExperts(latest) }
        layer &+= 1
        try addHidden(layer, x)
      }
    }
    try addLogits(x)
  }

  private mutating func addExperts(_ latest: ChosenExperts.Layer) {
    if options.hiddenStates {
      outputs["experts.\(latest.layer)"] = latest.indices
      outputs["expert_weights.\(latest.layer)"] = latest.weights
    }
    if options.experts.countsLoad { outputs["\(Self.countsPrefix)\(latest.layer)"] = latest.counts }
  }

  private static let countsPrefix = "expert_counts."

  /// The layer whose counts an output of this name has.
  static func layer(ofCounts name: String) -> Int? {
    name.hasPrefix(countsPrefix) ? Int(name.dropFirst(countsPrefix.count)) : nil
  }

  private mutating func addLogits(_ x: Value) throws(GraphError) {
    let last = options.allLogits ? x : try lastToken(x)
    let norm = try normalized(last, decoder.outputNorm, "output_norm", nil)
    let head = decoder.output
    let own = try tensor("output.weight", [decoder.vocabularySize, decoder.width], head.matrix)
    let matrix = if let own { own } else { try embedding() }
    var logits = try biased(
      builder.matmul(norm, matrix, label: "output"), "output", decoder.vocabularySize, head.bias, nil)
    logits = try capped(scaled(logits, head.scale, "logit_scale"), head.softCap, "logit_cap")
    if options.allLogits {
      outputs["all_logits"] = logits
      logits = try lastToken(logits)
    }
    outputs["logits"] = logits
    outputs["next_token"] = try builder.argmax(logits)
  }

  private func embedding() throws(GraphError) -> Value {
    try require("token_embd.weight", [decoder.vocabularySize, decoder.width])
  }

  private func lastToken(_ x: Value) throws(GraphError) -> Value {
    try builder.slice(x, axis: 0, start: tokens - 1, count: 1)
  }

  private mutating func addHidden(_ index: Int, _ x: Value) throws(GraphError) {
    if options.hiddenStates { outputs["hidden.\(index)"] = try lastToken(x) }
  }
}
