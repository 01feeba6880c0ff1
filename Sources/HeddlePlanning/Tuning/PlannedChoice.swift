/// Which candidate a node got, out of which, and why.
public struct PlannedChoice: Hashable, Codable, Sendable {
  /// One way to run the problem.
  public struct Candidate: Hashable, Codable, Sendable {
    public var name: String
    /// What it launches; empty if it is the only candidate.
    public var actions: [LaunchAction]
    /// For each of ``actions`` what else the lowering gave it: the work-group, and the parameters with one value in the
    /// whole range of bindings. No strides or offsets: whether an operand is a view does not tell problems apart.
    public var geometry: [String]

    public init(name: String, actions: [LaunchAction], geometry: [String] = []) {
      self.name = name
      self.actions = actions
      self.geometry = geometry
    }
  }

  public enum Reason: String, Hashable, Codable, Sendable {
    /// There is nothing to choose.
    case only
    /// The lowering's own order.
    case standard = "default"
    /// The fastest when it was measured on the device.
    case tuned
    /// A caller's ``TuningDecisions``.
    case pinned
    /// ``PlanOptions/candidate``.
    case forced
  }

  public var node: Int
  public var label: String?
  public var signature: ProblemSignature
  /// The candidates of the shape that is taken, each name once, in the lowering's order: the first is the default.
  public var candidates: [Candidate]
  /// How many candidates the lowering offered, of whatever name.
  var offeredCount: Int
  /// The name of the one taken.
  public var chosen: String
  public var reason: Reason
  /// A tuned decision that was not followed, because the problem has no candidate of that name.
  public var ignored: String?
}

extension Plan {
  /// What was chosen where there was a choice: a line for each problem, with how many nodes share it.
  public func choiceTable() -> String {
    lists.map { list in
      var problems: [ProblemSignature] = []
      var counts: [ProblemSignature: (count: Int, choice: PlannedChoice)] = [:]
      for choice in list.choices where choice.candidates.count > 1 {
        if counts[choice.signature] == nil { problems.append(choice.signature) }
        counts[choice.signature] = ((counts[choice.signature]?.count ?? 0) &+ 1, choice)
      }
      let lines = problems.compactMap { counts[$0] }.map { count, choice in
        let names = choice.candidates.map(\.name).joined(separator: ", ")
        let ignored = choice.ignored.map { "; '\($0)' was recorded and is not among them" } ?? ""
        return
          "  \(count) × \(choice.signature)\n      \(choice.chosen) (\(choice.reason.rawValue)) of \(names)\(ignored)"
      }
      return (["\(list.range)"] + lines).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
