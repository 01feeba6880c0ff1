/// Says which candidate a problem gets, where it is not to be the first. Planning asks at each node, while it plans: whoever
/// decides needs no plan of the graph beforehand.
public protocol CandidateDecisions: Sendable {
  var source: DecisionSource { get }

  /// The name of the candidate to take; nil: nothing was decided, and the first is taken.
  ///
  /// - Parameter candidates: at least one, each name once.
  func name(for signature: ProblemSignature, among candidates: [PlannedChoice.Candidate]) -> String?
}

/// Where decisions come from, and so what becomes of a name that a problem does not have.
public enum DecisionSource: String, Hashable, Sendable {
  /// Measured: a name the problem does not have is passed over, and ``PlannedChoice/ignored`` says so.
  case tuned
  /// A caller's own: a name the problem does not have throws ``PlanError/unknownCandidate(_:_:known:_:)``.
  case pinned
}
