import HeddlePlanning

/// What tuning a graph gave.
public struct TuningReport: Codable, Sendable {
  public enum Status: String, Codable, Sendable {
    case measured
    /// Measured before.
    case recorded
    /// Time was up before every candidate had been measured often enough.
    case outOfBudget
  }

  /// One problem in one range of bindings.
  public struct Row: Codable, Sendable {
    public var range: BindingRange
    public var signature: ProblemSignature
    /// Nodes of the graph that share the problem; in another graph than the one measured, when recorded.
    public var nodes: Int
    /// What is taken without tuning.
    public var standard: String
    /// Empty when out of budget.
    public var candidates: [TuningEntry.Measured]
    public var chosen: String
    public var status: Status
    /// The default's time over the chosen one's.
    public var gain: Double
  }

  public var device: String
  public var rows: [Row]
  /// What tuning took.
  public var seconds: Double
  public var notes: [String]

  /// Every choice that rests on a measurement, for a file or for ``Tuning/pinned(_:)``.
  public var decisions: TuningDecisions {
    let choices = rows.filter { $0.status != .outOfBudget }.map { ($0.signature, $0.chosen) }
    return TuningDecisions(Dictionary(choices, uniquingKeysWith: { $1 }), device: device)
  }

  /// For people: each range, its problems, their candidates with times, the chosen one marked.
  public func table() -> String {
    var lines: [String] = []
    var range: BindingRange?
    for row in rows {
      if row.range != range { lines.append("\(row.range)") }
      range = row.range
      lines.append("  \(row.nodes) × \(row.signature)")
      switch row.status {
      case .outOfBudget: lines.append("      \(row.chosen)  (default: time was up)")
      case .measured, .recorded:
        let how = row.status == .recorded ? ", measured before" : ""
        lines.append("      " + TuningReport.line(row.candidates, chosen: row.chosen))
        lines.append("      " + row.gain.text(decimals: 2) + " × the default" + how)
      }
    }
    if rows.isEmpty { lines.append("no operation of this graph has more than one candidate here") }
    return lines.joined(separator: "\n")
  }

  /// `*direct 8x32 52.1 µs, chunks 6x64 60.0 µs`
  static func line(_ candidates: [TuningEntry.Measured], chosen: String) -> String {
    candidates.map { candidate in
      (candidate.name == chosen ? "*" : "") + candidate.name + " " + (candidate.seconds * 1e6).text(decimals: 1) + " µs"
    }.joined(separator: ", ")
  }
}
