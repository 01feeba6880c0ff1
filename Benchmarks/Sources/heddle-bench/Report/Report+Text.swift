/// The report for a terminal.
extension Report {
  var text: String {
    var lines = facts.map { "\($0.name.padded(9)) \($0.value)" }
    lines += ["", "\(suite.title): \(suite.rates)", ""]
    lines += table
    lines += [""]
    lines += columns.map { "\($0.title.padded(10)) \($0.meaning)" }
    lines += means
    for (weights, costs) in tokenCosts {
      lines.append(
        "\(weights): time of " + costs.map { "\($0.tokens) tokens \($0.multiple.short) ×" }.joined(separator: ", ")
          + " one token's")
    }
    lines += absences
    if let warning { lines.append(warning) }
    return lines.joined(separator: "\n")
  }

  private var table: [String] {
    var cells: [[String]] = [
      ["case", "unit", "ours", "±%", "% limit"] + columns.map(\.title)
        + peerNames.flatMap { [$0, "ratio"] } + ["variant"]
    ]
    for row in rows {
      var line = [
        (row.isChosen ? "" : "  ") + row.benchmark.name, row.benchmark.unit, row.ours.short,
        (100 * row.spread).short, row.limitFraction.map { (100 * $0).short } ?? "–",
      ]
      line += columns.map { $0.cell(row) ?? "–" }
      for peer in row.peers {
        line += [peer.rate?.short ?? "–", row.ratio(to: peer.name).map { "\($0.short)×" } ?? "–"]
      }
      cells.append(line + [row.isChosen ? row.variant : "not chosen: \(row.variant)"])
    }
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { line in
      line.enumerated().map { column, cell in
        column < 2 || column == line.count - 1 ? cell.padded(widths[column]) : cell.leftPadded(widths[column])
      }.joined(separator: "  ").trimmingTrailingSpaces
    }
  }

  /// Geometric means of the chosen rows, by values type and kind of row.
  private var means: [String] {
    var lines: [String] = []
    let width = valueTypes.map(\.count).max() ?? 0
    for (title, isBandwidth) in [(suite.rowKinds.operations, false), (suite.rowKinds.bytes, true)] {
      for values in valueTypes {
        let included = { (row: Row) in row.benchmark.values == values && row.benchmark.isBandwidthRow == isBandwidth }
        guard chosenRows.contains(where: included) else { continue }
        var line = "mean  \(values.padded(width)) \(title.padded(20))"
        line += " \((100 * (meanLimitFraction(included) ?? .nan)).short) % of the limit"
        for peer in peerNames {
          guard let (mean, count) = meanRatio(to: peer, included) else { continue }
          line += "   \(mean.short)× \(peer) (\(count))"
        }
        lines.append(line)
      }
    }
    return lines
  }

  /// Why a peer has no value in some rows, each reason once.
  private var absences: [String] {
    var seen: Set<String> = []
    var lines: [String] = []
    for row in rows {
      for peer in row.peers {
        guard let absence = peer.absence, seen.insert("\(peer.name) \(absence)").inserted else { continue }
        lines.append("– \(peer.name): \(absence) (\(row.benchmark.name) and on)")
      }
    }
    return lines
  }
}

extension String {
  var trimmingTrailingSpaces: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
