import HeddleText

/// `attention`: `Kernels/Attention/prompt_wide.cl`, `tokens_wide.cl` with `merge_wide.cl`, and `attention_simt.cl`. The wide
/// ones give the same bits.
enum AttentionLowering: Lowering {
  enum Candidate: Sendable {
    /// Many queries: an item owns all keys of so many tokens.
    case prompt(tokens: Int)
    /// Few queries: an item owns a chunk of keys for so many tokens.
    case tokens(Int)
    case simt(localSize: Int)
  }

  /// Values of a head that one item may keep, so that they stay in registers.
  private static let maximumValuesPerItem = 16

  static func validate(_ problem: Problem<Attention>) throws(LoweringError) {
    guard let value = problem.operation.valueLength ?? problem["values"].type.extent(-1).constant,
      let dimension = problem["queries"].type.extent(2).constant
    else { throw LoweringError("head dimensions must be fixed") }
    let limit = maximumValuesPerItem &* problem.target.workGroupSize(64)
    guard value <= limit, dimension <= limit else {
      throw LoweringError("head dimensions must be at most \(limit), got \(dimension) and \(value)")
    }
  }

  /// The few tokens that share a pass over the cache: more are a prompt.
  private static let fewTokens = 16
  /// Tokens of different sequences share no keys: more of them are few.
  private static let fewTokensOfSequences = 64

  static func plan(_ problem: Problem<Attention>) -> [Candidate] {
    let heads = AttentionHeads(problem)
    let simt = Candidate.simt(localSize: problem.target.workGroupSize(64))
    guard heads.fitsWide else { return [simt] }
    let tokens = problem.maximum(problem["queries"].type.extent(0))
    let few = problem.operation.takes.sequences ? fewTokensOfSequences : fewTokens
    if tokens <= few, heads.leavesLittle(tokens: tokens, keys: problem.maximum(keys(problem))),
      let shared = heads.tokensOfChunk(atMost: tokens)
    {
      return [.tokens(shared), simt]
    }
    return [.prompt(tokens: problem.operation.takes.selection ? heads.tokensOfSelection : heads.tokensOfPrompt), simt]
  }

  /// The keys up to the last that a query can see: of a causal mask, as runs check, no more than there are.
  private static func keys(_ problem: Problem<Attention>) -> Dimension {
    if problem.operation.isWithinCapacity { return problem.operation.past + queryTokens(problem) }
    let rows = problem["keys"].type.extent(-3)
    return problem.operation.takes.pages ? problem["pages"].type.extent(1) * rows : rows
  }

  static func shape(of candidate: Candidate) -> KernelShape {
    if case .simt = candidate { .simt } else { .wide }
  }

  static func name(of candidate: Candidate) -> String {
    switch candidate {
    case .prompt(let tokens): "prompt \(tokens)"
    case .tokens(let tokens): "tokens \(tokens)"
    case .simt(let localSize): "simt \(localSize)"
    }
  }

  static func encode(
    _ candidate: Candidate, _ problem: Problem<Attention>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let q = try encoder.rows(problem["queries"])
    let k = try encoder.rows(problem["keys"])
    let v = if problem.operation.valueLength == nil { try encoder.rows(problem["values"]) } else { k }
    let y = encoder.destination(problem.result)
    let roles = try AttentionArguments(problem, into: &encoder)
    func rows(_ name: String, _ view: TensorView) -> Argument {
      let axes = problem.operation.takes.isPlural ? ["n", "c", "g"] : ["c", "g"]
      return .read(name, view, zip(axes, heads(view)).map { ($0, $1) })
    }
    let reads: [Argument] = [
      .read("q", q, [("t", q.stride(0)), ("h", q.stride(1))]), rows("k", k), rows("v", v),
    ]
    var writes = [Argument.write("y", y, [("t", y.stride(0)), ("h", y.stride(1))])]
    if let type = problem.results.dropFirst().first {
      let sums = encoder.destination(type, result: 1)
      writes.append(.write("l", sums, [("t", sums.stride(0)), ("h", sums.stride(1))]))
    }
    switch candidate {
    case .prompt(let tokens): encodePrompt(problem, tokens: tokens, reads, roles, writes, &encoder)
    case .tokens(let tokens): encodeTokens(problem, tokens: tokens, reads, roles, writes, &encoder)
    case .simt(let localSize): encodeSIMT(problem, localSize: localSize, reads, roles, writes, &encoder)
    }
    return writes.map(\.view)
  }

  /// The strides of all axes but the last: in elements, or in bytes of blocks.
  private static func heads(_ view: TensorView) -> [Dimension] {
    if view.type.encoding.isScalar { return Array(view.strides.dropLast()) }
    return view.type.shape.indices.dropFirst().map { axis in
      TensorType(view.type.encoding, Array(view.type.shape.dropFirst(axis))).byteCount
    }
  }

  /// Tokens of the problem.
  private static func queryTokens(_ problem: Problem<Attention>) -> Dimension { problem["queries"].type.extent(0) }

  private static func encodePrompt(
    _ problem: Problem<Attention>, tokens: Int, _ reads: [Argument], _ roles: AttentionArguments,
    _ writes: [Argument], _ encoder: inout Encoder
  ) {
    let heads = AttentionHeads(problem)
    let rows = queryTokens(problem)
    // Queries, and vectors of 16 keys, whose scores are in registers at a time.
    let (queries, vectors) = problem.target.hasManyRegisters ? (8, 2) : (6, 1)
    let defines = [
      "ROWS": "\(queries)", "VECTORS": "\(vectors)", "TOKENS_PER_ITEM": "\(tokens)",
      "VALUES_ARE_KEYS": heads.valuesAreKeys ? "1" : "0",
    ]
    encoder.launch(
      KernelReference(
        source: .file("Attention/prompt_wide.cl"), entry: "attention_prompt_wide",
        defines: heads.defines(problem, writesLogSums: problem.operation.logSumExp).merging(defines) { $1 },
        parameters: []),
      reads + roles.ofScores + roles.sinks + writes, [("tokens", rows), ("keys", keys(problem))] + roles.parameters,
      global: [Dimension(heads.groups), rows.dividedRoundingUp(by: tokens)], local: [1, 1])
  }

  private static func encodeTokens(
    _ problem: Problem<Attention>, tokens: Int, _ reads: [Argument], _ roles: AttentionArguments,
    _ writes: [Argument], _ encoder: inout Encoder
  ) {
    let heads = AttentionHeads(problem)
    let rows = queryTokens(problem)
    let chunks = keys(problem).dividedRoundingUp(by: AttentionHeads.chunk)
    let all = Dimension(heads.queries)
    let sums = encoder.temporary(TensorType(.float32, [chunks, rows, all, 2]))
    let partials = encoder.temporary(TensorType(.float32, [chunks, rows, all, Dimension(heads.valueDimension)]))
    let defines = ["ROWS": "1", "GROUPS": "\(heads.groups)", "TOKENS_PER_ITEM": "\(tokens)"]
    encoder.launch(
      KernelReference(
        source: .file("Attention/tokens_wide.cl"), entry: "attention_tokens_wide",
        defines: heads.defines(problem, writesLogSums: false).merging(defines) { $1 }, parameters: []),
      reads + roles.ofScores + [.write("sums", sums), .write("partials", partials)],
      [("tokens", rows), ("keys", keys(problem))] + roles.parameters,
      global: [chunks, rows.dividedRoundingUp(by: tokens)], local: [1, 1])
    encoder.launch(
      KernelReference(
        source: .file("Attention/merge_wide.cl"), entry: "attention_merge_wide",
        defines: heads.chunkDefines.merging(
          AttentionHeads.logSumDefines(problem.operation.logSumExp)
        ) { $1 }.merging(["HEADS_PER_ITEM": "\(heads.queriesPerGroup)"]) { $1 }.merging(roles.sinkDefines) { $1 },
        parameters: []),
      [.read("sums", sums), .read("partials", partials)] + roles.sinks + writes,
      [("chunks", chunks), ("tokens", rows), ("heads", all)],
      global: [Dimension(heads.groups), rows], local: [1, 1])
  }

  private static func encodeSIMT(
    _ problem: Problem<Attention>, localSize: Int, _ reads: [Argument], _ roles: AttentionArguments,
    _ writes: [Argument], _ encoder: inout Encoder
  ) {
    let heads = AttentionHeads(problem)
    let isEmpty = heads.valueDimension == 0 && !problem.operation.logSumExp
    let scores = AttentionHeads.scoreDefines(problem.operation, writesLogSums: problem.operation.logSumExp)
    encoder.launch(
      KernelReference(
        source: .file("Attention/attention_simt.cl"), entry: "attention_simt",
        defines: heads.storedDefines.merging(scores) { $1 }.merging(problem.operation.takes.defines) { $1 }.merging([
          "SCALE_BITS": KernelReference.define(problem.operation.scale), "LOCAL_SIZE": "\(localSize)",
          "VALUES_PER_ITEM": "\(max(1, heads.valueDimension.dividedRoundingUp(by: localSize)))",
        ]) { $1 }, parameters: []),
      reads + roles.ofScores + roles.sinks + writes,
      [
        ("keys", keys(problem)), ("heads_per_group", Dimension(heads.queriesPerGroup)),
        ("dimension", Dimension(heads.dimension)), ("value_dimension", Dimension(heads.valueDimension)),
      ] + roles.parameters,
      global: isEmpty ? [0] : [Dimension(localSize), Dimension(heads.queries), queryTokens(problem)],
      local: isEmpty ? [1] : [localSize, 1, 1])
  }
}
