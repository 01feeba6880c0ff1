import Foundation
import HeddlePlanning

/// What was measured to choose a sparsity pattern for a product.
public struct PatternReport: Hashable, Codable, Sendable {
  public struct Row: Hashable, Codable, Sendable {
    /// The pattern's name.
    public var pattern: String
    /// The share of values that it leaves out.
    public var ratio: Double
    /// The median over the rounds.
    public var seconds: Double
  }

  public var device: String
  public var tokens: ClosedRange<Int>
  public var inputs: Int
  public var outputs: Int
  public var values: SparseFormat.Values
  /// What was asked for: at least this share is left out.
  public var ratio: Double
  /// The fastest first, none without a time.
  public var rows: [Row]
  /// The product with all its values, in this encoding: that of the values, or the nearest that dense weights have.
  public var denseEncoding: String
  public var denseSeconds: Double

  // Traps: never, a report without rows is none.
  /// The fastest.
  public var chosen: Row { rows[0] }

  init?(
    device: String, tokens: ClosedRange<Int>, inputs: Int, outputs: Int, values: SparseFormat.Values, ratio: Double,
    rows: [Row], denseEncoding: Encoding, denseSeconds: Double
  ) {
    guard !rows.isEmpty else { return nil }
    self.device = device
    self.tokens = tokens
    self.inputs = inputs
    self.outputs = outputs
    self.values = values
    self.ratio = ratio
    // Stable: of equals the candidate that came first.
    self.rows = rows.enumerated().sorted { ($0.element.seconds, $0.offset) < ($1.element.seconds, $1.offset) }
      .map(\.element)
    self.denseEncoding = denseEncoding.name
    self.denseSeconds = denseSeconds
  }

  /// For people: the patterns with their times, the fastest first, and the dense product.
  public func table() -> String {
    func line(_ name: String, _ ratio: Double, _ seconds: Double) -> String {
      let times = seconds > 0 ? String(format: "%.2f × dense", denseSeconds / seconds) : ""
      let name = name.padding(toLength: max(12, name.count), withPad: " ", startingAt: 0)
      return "  \(name) " + String(format: "%5.1f %% left out %10.1f µs  ", 100 * ratio, seconds * 1e6) + times
    }
    let heading =
      "\(tokens.lowerBound == tokens.upperBound ? "\(tokens.lowerBound)" : "\(tokens)") tokens, \(inputs) inputs, "
      + "\(outputs) outputs, values \(values.rawValue), at least \(String(format: "%.4g", 100 * ratio)) % left out"
    return ([heading] + rows.map { line($0.pattern, $0.ratio, $0.seconds) } + [line(denseEncoding, 0, denseSeconds)])
      .joined(separator: "\n")
  }
}
