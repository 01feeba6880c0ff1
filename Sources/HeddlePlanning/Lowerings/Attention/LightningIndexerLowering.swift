/// `lightningIndexer`: `Kernels/Attention/lightning_indexer.cl`, or `index_scores.cl` with `index_select.cl`. All give the same bits.
enum LightningIndexerLowering: Lowering {
  struct Candidate: Sendable {
    var shape: KernelShape
    /// Few tokens share a pass over the keys, and have a row of scores each; of more, groups walk tokens with rows of their own.
    var isFew: Bool
  }

  private static let fewTokens = 16
  /// Tokens of a wide item that share a chunk of keys.
  private static let sharingTokens = 4
  /// Keys of a chunk: see `Kernels/Attention/index_wide.cl`.
  private static let chunk = 64
  /// Wide kernels keep a chunk of keys on the stack.
  private static let greatestDimension = 576

  static func plan(_ problem: Problem<LightningIndexer>) -> [Candidate] {
    let dimension = problem["queries"].type.extent(2).constant ?? 0
    let isFew = problem.maximum(problem["queries"].type.extent(0)) <= fewTokens
    let fitsWide = dimension.isMultiple(of: 8) && dimension <= greatestDimension
    return [Candidate(shape: .wide, isFew: isFew)].filter { _ in fitsWide } + [Candidate(shape: .simt, isFew: isFew)]
  }

  static func shape(of candidate: Candidate) -> KernelShape { candidate.shape }
  static func name(of candidate: Candidate) -> String {
    "\(candidate.isFew ? "tokens" : "prompt") \(candidate.shape.rawValue)"
  }

  static func encode(
    _ candidate: Candidate, _ problem: Problem<LightningIndexer>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let q = try encoder.contiguous(problem["queries"])
    let k = try encoder.rows(problem["keys"])
    let weights = try encoder.contiguous(problem["weights"])
    let indices = encoder.destination(problem.result)
    let launch = Launching(candidate, problem)
    let (scores, list) = launch.scratch(into: &encoder)
    let row = k.type.encoding.isScalar ? k.stride(0) : TensorType(k.type.encoding, [k.type.extent(1)]).byteCount
    let reads: [Argument] = [.read("q", q), .read("k", k, [("c", row)]), .read("weights", weights)]
    let places: [Argument] = [.write("scores", scores), .write("list", list), .write("indices", indices)]
    if candidate.isFew {
      launch.scores(reads + [.write("scores", scores)], into: &encoder)
      launch.select(
        [.read("scores", scores), .write("list", list), .write("indices", indices)], into: &encoder)
    } else {
      launch.all(reads + places, into: &encoder)
    }
    return [indices]
  }

  /// The launches of a candidate.
  private struct Launching {
    let candidate: Candidate
    let problem: Problem<LightningIndexer>
    let localSize: Int

    init(_ candidate: Candidate, _ problem: Problem<LightningIndexer>) {
      self.candidate = candidate
      self.problem = problem
      localSize = candidate.shape == .wide ? 1 : problem.target.workGroupSize(256)
    }

    private var isWide: Bool { candidate.shape == .wide }
    private var tokens: Dimension { problem["queries"].type.extent(0) }
    private var keys: Dimension { problem.operation.past + tokens }
    private var row: Dimension { keys.roundedUp(toMultipleOf: chunk) }
    /// Places of a list: as many as are chosen, or as there are keys.
    private var room: Int { min(problem.operation.count, max(1, problem.maximum(keys))) }
    /// Groups that walk tokens: enough for every compute unit to have two.
    private var groups: Int { 2 &* min(problem.target.computeUnits, 1 << 10) }

    func scratch(into encoder: inout Encoder) -> (scores: TensorView, list: TensorView) {
      let lists = candidate.isFew ? tokens : Dimension(groups)
      let rows = candidate.isFew ? tokens : Dimension(groups &* (isWide ? sharingTokens : 1))
      return (
        encoder.temporary(TensorType(.float32, [rows, row])),
        encoder.temporary(TensorType(.int32, [lists, Dimension(4 &* room)]))
      )
    }

    private func kernel(_ name: String, _ defines: [String: String]) -> KernelReference {
      KernelReference(
        source: .file("Attention/\(name).cl"), entry: "\(name)_\(candidate.shape.rawValue)",
        defines: defines.merging([
          "SCALE_BITS": KernelReference.define(problem.operation.scale), "LOCAL_SIZE": "\(localSize)",
        ]) { $1 }, parameters: [])
    }

    private var scoreDefines: [String: String] {
      let heads = problem["queries"].type.extent(1).constant ?? 1
      let stored = AttentionHeads.stored(problem["keys"].type.encoding)
      let defines = [
        "KEY": stored, "VALUE": stored, "HEADS": "\(heads)",
        "DIMENSION": "\(problem["queries"].type.extent(2).constant ?? 1)",
      ]
      guard isWide else { return defines }
      // Heads, and vectors of 16 keys, whose products are in registers at a time.
      let (rows, vectors) = problem.target.hasManyRegisters ? (8, 2) : (6, 1)
      return defines.merging(["ROWS": "\(min(rows, heads))", "VECTORS": "\(vectors)"]) { $1 }
    }

    private var places: [(String, Dimension)] { [("tokens", tokens), ("past", problem.operation.past), ("row", row)] }
    private var choices: [(String, Dimension)] {
      [("count", Dimension(problem.operation.count)), ("room", Dimension(room))]
    }

    func scores(_ arguments: [Argument], into encoder: inout Encoder) {
      encoder.launch(
        kernel("index_scores", scoreDefines), arguments, places,
        global: isWide ? [row.dividedRoundingUp(by: chunk), 1] : [row.roundedUp(toMultipleOf: localSize), tokens],
        local: [localSize, 1])
    }

    func select(_ arguments: [Argument], into encoder: inout Encoder) {
      encoder.launch(
        kernel("index_select", [:]), arguments, [("past", problem.operation.past), ("row", row)] + choices,
        global: [Dimension(localSize), tokens], local: [localSize, 1])
    }

    func all(_ arguments: [Argument], into encoder: inout Encoder) {
      let defines = ["GROUPS": "\(groups)", "TOKENS_PER_ITEM": "\(isWide ? sharingTokens : 1)"]
      encoder.launch(
        kernel("lightning_indexer", scoreDefines.merging(defines) { $1 }), arguments, places + choices,
        global: isWide ? [Dimension(groups), 1] : [Dimension(localSize), Dimension(groups)], local: [localSize, 1])
    }
  }
}
