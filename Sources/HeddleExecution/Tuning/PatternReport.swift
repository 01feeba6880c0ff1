import HeddlePlanning
import HeddleText

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
  public var values: ValueFormat
  /// What was asked for: at least this share is left out.
  public var ratio: Double
  /// The fastest first, none without a time.
  public var rows: [Row]
  /// The product with all its values, in this encoding: that of the values, or the nearest that dense weights have.
  public var denseEncoding: String
  public var denseSeconds: Double

  /// The fastest; the product with all its values if rows were taken away.
  public var chosen: Row { rows.first ?? Row(pattern: denseEncoding, ratio: 0, seconds: denseSeconds) }

  init?(
    device: String, tokens: ClosedRange<Int>, inputs: Int, outputs: Int, values: ValueFormat, ratio: Double,
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
      let times = seconds > 0 ? (denseSeconds / seconds).text(decimals: 2) + " × dense" : ""
      let name = name + "".padded(to: 12 &- name.count)
      return "  \(name) " + (100 * ratio).text(decimals: 1, width: 5) + " % left out "
        + (seconds * 1e6).text(decimals: 1, width: 10) + " µs  " + times
    }
    let heading =
      "\(tokens.lowerBound == tokens.upperBound ? "\(tokens.lowerBound)" : "\(tokens)") tokens, \(inputs) inputs, "
      + "\(outputs) outputs, values \(values.name), at least \((100 * ratio).text(decimals: 1)) % left out"
    return ([heading] + rows.map { line($0.pattern, $0.ratio, $0.seconds) } + [line(denseEncoding, 0, denseSeconds)])
      .joined(separator: "\n")
  }
}
