/// The heads of an attention, and what of them an item of a wide kernel has room for.
struct AttentionHeads {
  /// Keys that are weighed together, at fixed places: see `Kernels/Attention/chunk.cl`.
  static let chunk = 64

  let queries: Int
  let groups: Int
  let dimension: Int
  let valueDimension: Int
  let keyEncoding: Encoding
  let valueEncoding: Encoding
  /// Whether values are the first of each key's.
  let valuesAreKeys: Bool

  init(_ problem: Problem<Attention>) {
    let (q, k) = (problem["queries"].type, problem["keys"].type)
    let v = problem.operation.valueLength == nil ? problem["values"].type : k
    queries = q.extent(1).constant ?? 0
    groups = k.extent(-2).constant ?? 0
    dimension = q.extent(2).constant ?? 0
    valueDimension = problem.operation.valueLength ?? v.extent(-1).constant ?? 0
    keyEncoding = k.encoding
    valueEncoding = v.encoding
    valuesAreKeys = problem.operation.valueLength != nil
  }

  /// Query heads that share a head of keys.
  var queriesPerGroup: Int { queries / max(groups, 1) }

  /// The greatest head dimension of wide kernels: a latent of 512 and 64 that are turned.
  private static let greatestDimension = 576

  /// Wide kernels walk both head dimensions in vectors of 8, and keep all queries of a group and a token on a stack.
  var fitsWide: Bool {
    [dimension, valueDimension].allSatisfy { $0 > 0 && $0 <= AttentionHeads.greatestDimension && $0.isMultiple(of: 8) }
      && (1...128).contains(queriesPerGroup)
  }

  /// Floats that an item may keep: on the stack, and for the most part in the second-level cache.
  private static let room = 40 << 10

  /// What `tokens_wide.cl` keeps of a token: queries, scores and sums of all heads.
  private var floatsOfChunkToken: Int {
    let (product, isGreat) = queries.multipliedReportingOverflow(
      by: dimension &+ AttentionHeads.chunk &+ valueDimension)
    return isGreat ? .max : product
  }

  /// Tokens of an item of `tokens_wide.cl`, one if they are great; nil if there are too many heads for one.
  func tokensOfChunk(atMost tokens: Int) -> Int? {
    let fitting = AttentionHeads.room / max(floatsOfChunkToken, 1)
    if fitting == 0, floatsOfChunkToken <= 4 &* AttentionHeads.room { return 1 }
    return fitting > 0 ? max(1, min(tokens, fitting)) : nil
  }

  /// Whether what `tokens_wide.cl` leaves of each chunk is little: no more than the keys and values that it read, or 64 MiB for
  /// the most keys there may be.
  func leavesLittle(tokens: Int, keys: Int) -> Bool {
    let (rows, areMany) = tokens.multipliedReportingOverflow(by: queries)
    let (floats, isGreat) = rows.multipliedReportingOverflow(by: valueDimension &+ 2)
    let isBound = keys < Int(Int32.max)
    guard isBound, !areMany, !isGreat else { return false }
    let (read, isMore) = (AttentionHeads.chunk &* (dimension &+ (valuesAreKeys ? 0 : valueDimension)))
      .multipliedReportingOverflow(by: groups)
    if isMore || floats <= read { return true }
    let chunks = keys.dividedRoundingUp(by: AttentionHeads.chunk)
    let (all, isTooMuch) = floats.multipliedReportingOverflow(by: chunks)
    return !isTooMuch && all <= 16 << 20
  }

  /// Tokens of an item of `prompt_wide.cl`: a hundred queries share what a chunk of keys costs, fewer where head dimensions
  /// are great.
  var tokensOfPrompt: Int {
    let ofChunk = AttentionHeads.chunk &* (dimension &+ max(dimension, valueDimension))
    let rows = min(96, max(24, (AttentionHeads.room &- ofChunk) / max(dimension &+ valueDimension, 1)))
    return max(1, rows / max(queriesPerGroup, 1))
  }

  /// ``tokensOfPrompt`` where tokens select keys: a power of two, so that an item's are of one block of queries that select alike.
  var tokensOfSelection: Int {
    var tokens = 1
    while tokens < 64, 2 &* tokens <= tokensOfPrompt { tokens = 2 &* tokens }
    return tokens
  }

  /// The defines of `Kernels/Attention/chunk.cl` beside those of scores.
  var chunkDefines: [String: String] { ["CHUNK": "\(AttentionHeads.chunk)", "VALUE_DIMENSION": "\(valueDimension)"] }

  /// The defines that say which keys count and how: of `Kernels/Attention/weights.cl` and `log_sums.cl`.
  static func scoreDefines(_ operation: Attention, writesLogSums: Bool) -> [String: String] {
    var defines = ["MASK": operation.mask.kernelExpression].merging(logSumDefines(writesLogSums)) { $1 }
    if let cap = operation.softCap { defines["SOFT_CAP_BITS"] = KernelReference.define(cap) }
    return defines
  }

  /// The define of `Kernels/Attention/log_sums.cl`.
  static func logSumDefines(_ areWritten: Bool) -> [String: String] { ["LOG_SUM_EXP": areWritten ? "1" : "0"] }

  /// The defines of `Kernels/Attention/stored.cl`.
  var storedDefines: [String: String] {
    ["KEY": AttentionHeads.stored(keyEncoding), "VALUE": AttentionHeads.stored(valueEncoding)]
  }

  /// How `Kernels/Attention/stored.cl` calls an encoding of a cache.
  static func stored(_ encoding: Encoding) -> String {
    switch encoding {
    case .float32: "float"
    case .float16: "half"
    case .bfloat16: "ushort"
    default: encoding.name
    }
  }

  /// The defines of `Kernels/Attention/tiles.cl` that follow from the problem.
  func defines(_ problem: Problem<Attention>, writesLogSums: Bool) -> [String: String] {
    let scores = AttentionHeads.scoreDefines(problem.operation, writesLogSums: writesLogSums)
    let roles = problem.operation.takes.defines
    return chunkDefines.merging(storedDefines) { $1 }.merging(scores) { $1 }.merging(roles) { $1 }.merging([
      "DIMENSION": "\(dimension)", "HEADS_PER_GROUP": "\(queriesPerGroup)",
      "SCALE_BITS": KernelReference.define(problem.operation.scale),
      "X86_ASSEMBLY": problem.target.features.contains(TargetProfile.byteMultiply) ? "1" : "0",
    ]) { $1 }
  }
}

extension AttentionMask {
  /// The expression that `Kernels/Attention/mask.cl` takes, without a space: `(CAUSAL()&WINDOW(64L))|(FIRST(4L))`.
  var kernelExpression: String {
    if alternatives.isEmpty { return "0" }
    return alternatives.map { rules in
      let calls = rules.map { "\($0.word.uppercased())(\($0.extent.map { "\($0)L" } ?? ""))" }
      return "(" + (calls.isEmpty ? ["FULL()"] : calls).joined(separator: "&") + ")"
    }.joined(separator: "|")
  }
}
