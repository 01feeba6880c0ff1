/// How one operation becomes launches, in three steps: `validate` says what is wrong, `plan` (pure) lists candidates,
/// best first, and `encode` appends the chosen one's launches.
///
/// A candidate's ``KernelReference`` holds all tile sizes; they reach the kernel as defines and the launch as NDRange
/// from the same values.
protocol Lowering: SendableMetatype {
  /// What is lowered.
  associatedtype Operation: GraphOperation

  /// One way to run the operation.
  associatedtype Candidate: Sendable

  /// Throws why these operands cannot run on the target, or by this lowering.
  static func validate(_ problem: Problem<Operation>) throws(LoweringError)

  /// Every way to run the problem on the target, best first.
  static func plan(_ problem: Problem<Operation>) -> [Candidate]

  /// The kernel shape of a candidate: what a caller may force.
  static func shape(of candidate: Candidate) -> KernelShape

  /// Whether a candidate sums in an order of its own. Such a one is offered in ``Numerics/relaxed`` only: beside the
  /// candidates of whatever shape is taken, and after them.
  static func hasOwnOrder(_ candidate: Candidate) -> Bool

  /// What a candidate is called where choices are printed, recorded and pinned: short, stable, and its own among the
  /// problem's candidates of one shape. `direct 8x32`.
  static func name(of candidate: Candidate) -> String

  /// Appends the launches. Returns where the results are.
  static func encode(
    _ candidate: Candidate, _ problem: Problem<Operation>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView]
}

extension Lowering {
  static func validate(_ problem: Problem<Operation>) throws(LoweringError) {}
  static func hasOwnOrder(_ candidate: Candidate) -> Bool { false }
}

/// An operation with one way to run.
extension Lowering where Candidate == Void {
  static func plan(_ problem: Problem<Operation>) -> [Void] { [()] }
  static func shape(of candidate: Void) -> KernelShape { .simt }
  static func name(of candidate: Void) -> String { "only" }
}

/// An operation whose candidates are kernels of different shape, and nothing else.
extension Lowering where Candidate == KernelShape {
  static func shape(of candidate: KernelShape) -> KernelShape { candidate }
  static func name(of candidate: KernelShape) -> String { candidate.rawValue }
}

/// Why a lowering refuses a problem.
struct LoweringError: Error {
  var reason: String
  /// Whether the problem is another lowering's business: then that one's reason says more.
  var isAnother = false

  init(_ reason: String) { self.reason = reason }

  /// The problem is another lowering's business.
  static func another(_ reason: String) -> LoweringError {
    var error = LoweringError(reason)
    error.isAnother = true
    return error
  }

  /// The more telling of two reasons: the first that is of the problem's own lowering.
  func preferred(to earlier: LoweringError?) -> LoweringError {
    guard let earlier, !earlier.isAnother else { return self }
    return earlier
  }
}
