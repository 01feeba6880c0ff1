/// How one operation becomes launches, in three steps: `validate` says what is wrong, `plan` (pure) lists candidates,
/// best first, and `encode` appends the chosen one's launches.
///
/// A candidate's ``KernelReference`` holds all tile sizes; they reach the kernel as defines and the launch as NDRange
/// from the same values.
protocol Lowering {
  /// One way to run the operation.
  associatedtype Candidate: Sendable

  /// Throws why these operands cannot run on the target.
  static func validate(_ problem: Problem) throws(LoweringError)

  /// Every way to run the problem on the target, best first.
  static func plan(_ problem: Problem) -> [Candidate]

  /// The kernel shape of a candidate: what a caller may force.
  static func shape(of candidate: Candidate) -> KernelShape

  /// Whether a candidate sums in an order of its own. Such a one is offered in ``Numerics/relaxed`` only: beside the
  /// candidates of whatever shape is taken, and after them.
  static func hasOwnOrder(_ candidate: Candidate) -> Bool

  /// What a candidate is called where choices are printed, recorded and pinned: short, stable, and its own among the
  /// problem's candidates of one shape. `direct 8x32`.
  static func name(of candidate: Candidate) -> String

  /// Appends the launches. Returns where the results are.
  static func encode(_ candidate: Candidate, _ problem: Problem, into encoder: inout Encoder) throws(PlanError)
    -> [TensorView]
}

extension Lowering {
  static func validate(_ problem: Problem) throws(LoweringError) {}
  static func hasOwnOrder(_ candidate: Candidate) -> Bool { false }
}

/// An operation with one way to run.
extension Lowering where Candidate == Void {
  static func plan(_ problem: Problem) -> [Void] { [()] }
  static func shape(of candidate: Void) -> KernelShape { .simt }
  static func name(of candidate: Void) -> String { "only" }
}

/// An operation whose candidates are kernels of different shape, and nothing else.
extension Lowering where Candidate == KernelShape {
  static func shape(of candidate: KernelShape) -> KernelShape { candidate }
  static func name(of candidate: KernelShape) -> String { candidate.rawValue }
}

/// One node as its lowering sees it.
struct Problem {
  var index: Int
  var node: Node
  var operands: [TensorType]
  var target: TargetProfile
  /// The range of bindings the list is for.
  var ranges: SymbolRanges

  // Traps: never, inference gives every operation a result.
  var result: TensorType { node.results[0] }

  /// The greatest value of a dimension in this range, at most 2³¹ − 1: enough to choose a tile, and safe to add to.
  func maximum(_ dimension: Dimension) -> Int {
    min((try? dimension.bounds(ranges).upperBound) ?? .max, Int(Int32.max))
  }
}

extension Problem {
  // Traps: never, a block size is a positive constant.
  /// Throws unless the rows of a weight are whole blocks.
  func requireWholeBlocks(_ weight: TensorType) throws(LoweringError) {
    guard let width = weight.shape.last?.constant, width % weight.encoding.blockSize != 0 else { return }
    throw LoweringError("rows must be a multiple of \(weight.encoding.blockSize), got \(weight)")
  }
}

/// Why a lowering refuses a problem.
struct LoweringError: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}
