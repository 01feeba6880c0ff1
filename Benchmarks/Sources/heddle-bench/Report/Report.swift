import Foundation
import Heddle
import OpenCLRuntime

/// A finished run.
struct Report {
  let suite: any Suite.Type
  let device: Device
  let rows: [Row]
  let limits: Limits
  let peers: Peers
  let samples: Int
  let limitArrayByteCount: Int
  let date = Date()

  var peerNames: [String] { peers.entries.map(\.name) }

  /// What this run's tables have beside every run's.
  var columns: [Column] { Column.shown(for: rows) }

  var chosenRows: [Row] { rows.filter(\.isChosen) }

  /// Values types in the order of the rows.
  var valueTypes: [String] {
    var seen: Set<String> = []
    return rows.map(\.benchmark.values).filter { seen.insert($0).inserted }
  }

  /// The geometric mean of the chosen rows' ratios to a peer, and how many rows have one.
  func meanRatio(to peer: String, _ isIncluded: (Row) -> Bool = { _ in true }) -> (mean: Double, count: Int)? {
    let ratios = chosenRows.filter(isIncluded).compactMap { $0.ratio(to: peer) }
    return Statistics.geometricMean(ratios).map { ($0, ratios.count) }
  }

  func meanLimitFraction(_ isIncluded: (Row) -> Bool = { _ in true }) -> Double? {
    Statistics.geometricMean(chosenRows.filter(isIncluded).compactMap(\.limitFraction))
  }

  /// A warning where limits of the run differ so much that no figure of it should be trusted.
  var warning: String? {
    guard limits.unrest > 0.1 else { return nil }
    return
      "The machine was not quiet: the middle half of a limit's samples spans \(Int(100 * limits.unrest)) % of their "
      + "median. Repeat the run before believing its figures."
  }

  /// What was run on what.
  var facts: [(name: String, value: String)] {
    let profile = device.profile
    var facts = [
      ("device", "\(device.identifier), \(profile.computeUnits) compute units, \(profile.clockMHz) MHz"),
      ("driver", "\(profile.platformVersion); \(profile.driverVersion)"),
      ("host", "\(Host.modelName), \(Host.coreCount) cores"),
      (
        "cache",
        "\(device.lastLevelCacheByteCount >> 20) MiB last level; limits stream "
          + "\(limitArrayByteCount >> 20) MiB arrays"
      ),
      ("date", date.formatted(.iso8601)),
      ("samples", "medians of \(samples), interleaved"),
    ]
    facts += limits.lines.map { ("limit", $0) }
    for entry in peers.entries {
      switch entry {
      case .present(let peer): facts.append((entry.name, peer.identity))
      case .absent(let name, let reason): facts.append((name, "absent: \(reason)"))
      }
    }
    return facts
  }

  /// What some more tokens cost, as a multiple of one token's time with the same weights.
  var tokenCosts: [(weights: String, costs: [(tokens: String, multiple: Double)])] {
    var groups: [(weights: String, one: Double?, rows: [(String, Double)])] = []
    for row in chosenRows where row.benchmark.isBandwidthRow {
      let words = row.benchmark.name.split(separator: " ")
      guard words.count == 2, let cut = words[1].firstIndex(of: "x") else { continue }
      let tokens = String(words[1][..<cut])
      let weights = "\(words[0]) \(words[1][words[1].index(after: cut)...])"
      let place = groups.firstIndex { $0.weights == weights } ?? groups.count
      if place == groups.count { groups.append((weights, nil, [])) }
      if tokens == "1" { groups[place].one = row.seconds } else { groups[place].rows.append((tokens, row.seconds)) }
    }
    return groups.compactMap { group in
      guard let one = group.one, !group.rows.isEmpty else { return nil }
      return (group.weights, group.rows.map { ($0.0, $0.1 / one) })
    }
  }
}
