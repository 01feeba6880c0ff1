import HeddlePlanning
import HeddleText

/// Where a backend's choices among candidates come from. In exact numerics none of them changes a result: all candidates
/// that may be chosen from give the same bits.
public enum Tuning: Sendable {
  /// The lowerings' own order.
  case off
  /// What was measured on this device before, by ``DeviceBackend/tune(_:constants:options:progress:)`` or `heddle tune`.
  case recorded
  /// As ``recorded``, and what is missing is measured when a graph is compiled, for about this long at most.
  case onDemand(budget: Duration = .seconds(30))
  /// These choices and no others; one that names an unknown candidate is an error.
  case pinned(TuningDecisions)
}

/// What keeps tuning from being as good as it could be. None of it keeps a graph from running.
public enum TuningNote: Hashable, Sendable, CustomStringConvertible {
  /// A record on disk cannot be used; it is set aside when a new one is written.
  case damagedRecord(String, reason: String)
  /// What was measured lasts as long as the backend.
  case notStored(String, reason: String)
  /// A recorded choice names a candidate the problem does not have.
  case unknownCandidate(String, ProblemSignature)
  /// Tuning while compiling failed; the graph runs with what is known.
  case notTuned(reason: String)

  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .damagedRecord(let path, let reason): "\(path): the tuning record is not used: \(reason)"
    case .notStored(let path, let reason): "\(path): what was measured is not kept for other processes: \(reason)"
    case .unknownCandidate(let name, let signature):
      "the recorded choice '\(name)' is not among the candidates of \(signature)"
    case .notTuned(let reason): "tuning was given up: \(reason)"
    }
  }
}

/// Why tuning cannot be done as asked.
public enum TuningError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No values of the symbols were found at which the graph can run in this range.
  case noBindings(BindingRange, reason: String)
  case rounds(Int, range: ClosedRange<Int>)
  case budget(Duration)
  case notCleared(String)
  /// The inputs up to this one, of this shape, would take more than 1 GiB to make up.
  case inputsTooLarge(String, shape: [Int])
  /// A share of values to leave out.
  case ratio(Double)
  /// No pattern leaves out so much of rows of so many inputs.
  case noPattern(ratio: Double, inputs: Int)
  /// A product without values, or with fewer tokens than one.
  case shape(tokens: ClosedRange<Int>, inputs: Int, outputs: Int)
  /// Time was up before everything had been measured often enough.
  case outOfBudget(Duration)

  /// What all inputs of a run that is measured may take: 1 GiB.
  static let greatestInputByteCount = 1 << 30

  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .noBindings(let range, let reason): "found no values to run the graph at in \(range): \(reason)"
    case .rounds(let rounds, let range): "\(rounds) rounds; there must be \(range.lowerBound)...\(range.upperBound)"
    case .budget(let budget): "a budget of \(budget); it must be positive"
    case .notCleared(let path): "\(path): the tuning record cannot be removed"
    case .ratio(let ratio): "the share of values to leave out is \(ratio); it must be above 0 and below 1"
    case .noPattern(let ratio, let inputs):
      "no pattern leaves out \(ratio) of a weight with \(inputs) inputs: a row must be whole spans, and keep something"
    case .shape(let tokens, let inputs, let outputs):
      "a product of \(tokens) tokens, \(inputs) inputs and \(outputs) outputs; all must be at least 1"
    case .outOfBudget(let budget): "the budget of \(budget) was used up before every pattern had been measured"
    case .inputsTooLarge(let name, let shape):
      "with '\(name)' of shape \(shape) the inputs are too large to make up: more than "
        + "\(TuningError.greatestInputByteCount) bytes"
    }
  }
}

extension TuningError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .noBindings: .invalidBinding
    case .rounds, .budget, .inputsTooLarge, .ratio, .noPattern, .shape: .invalidArgument
    case .notCleared: .invalidFile
    case .outOfBudget: .deadline
    }
  }
}
