import HeddleText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What each launch of one run took on the device.
public struct RunProfile: Sendable, Codable {
  public struct Entry: Sendable, Codable {
    /// The node's place in the plan's graph, its operation and label.
    public var node: Int
    public var operation: String
    public var label: String?
    public var variant: String
    /// Nanoseconds of the device's own clock.
    public var started: Int
    public var ended: Int

    public init(node: Int, operation: String, label: String?, variant: String, started: Int, ended: Int) {
      self.node = node
      self.operation = operation
      self.label = label
      self.variant = variant
      self.started = started
      self.ended = ended
    }

    public var nanoseconds: Int {
      let (difference, overflow) = ended.subtractingReportingOverflow(started)
      return overflow ? 0 : max(0, difference)
    }
  }

  public var entries: [Entry]

  public init(entries: [Entry] = []) { self.entries = entries }

  /// Time by operation and kernel variant, greatest first.
  public func table() -> String {
    var sums: [String: (count: Int, nanoseconds: Int)] = [:]
    for entry in entries {
      let key = "\(entry.operation)  \(entry.variant)"
      let sum = sums[key] ?? (0, 0)
      sums[key] = (sum.count &+ 1, sum.nanoseconds &+ entry.nanoseconds)
    }
    let total = max(1, entries.reduce(0) { $0 &+ $1.nanoseconds })
    let rows = sums.sorted { $0.value.nanoseconds > $1.value.nanoseconds }.map { key, sum in
      (Double(sum.nanoseconds) / 1e6).text(decimals: 3, width: 9) + " ms "
        + (100 * Double(sum.nanoseconds) / Double(total)).text(decimals: 1, width: 5) + " % "
        + Double(sum.count).text(decimals: 0, width: 5) + " ×  " + key
    }
    let span = (entries.map(\.ended).max() ?? 0) &- (entries.map(\.started).min() ?? 0)
    return
      (rows + [
        (Double(total) / 1e6).text(decimals: 3, width: 9) + " ms in \(entries.count) launches, "
          + (Double(span) / 1e6).text(decimals: 3) + " ms from the first start to the last end"
      ]).joined(separator: "\n")
  }

  /// The run in Chrome's trace event format (open in a trace viewer): times in microseconds from the first launch.
  public func chromeTrace() throws -> Data {
    struct Event: Encodable {
      var name: String
      var cat: String
      var ph = "X"
      var ts: Double
      var dur: Double
      var pid = 1
      var tid = 1
      var args: Arguments
    }
    struct Arguments: Encodable { var variant: String }
    struct Trace: Encodable { var traceEvents: [Event] }
    let origin = entries.map(\.started).min() ?? 0
    let events = entries.map { entry in
      Event(
        name: entry.label ?? entry.operation, cat: entry.operation, ts: (Double(entry.started) - Double(origin)) / 1000,
        dur: Double(entry.nanoseconds) / 1000, args: Arguments(variant: entry.variant))
    }
    return try JSONEncoder().encode(Trace(traceEvents: events))
  }
}
