import Foundation

/// The report as one page that needs nothing else: no script, no font, no picture from elsewhere.
extension Report {
  var page: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Heddle · \(suite.title.escaped)</title>
    <style>
    \(String(decoding: PackageResources.page_css, as: UTF8.self))
    </style>
    </head>
    <body>
    <main>
    <header>
    <p class="brand">Heddle benchmarks</p>
    <h1>\(suite.title.escaped)</h1>
    <p class="where">\(device.identifier.escaped) · \(Host.modelName.escaped) · \(date.formatted(.iso8601).escaped)</p>
    </header>
    \(summary)
    <section>
    <h2>Where the rows stand under the roof</h2>
    <p>Each filled dot is a row of ours, each hollow mark a peer at the same row. The roofs were measured in this run.</p>
    <p class="legend">\(legend)</p>
    \(RooflinePlot(report: self).draw())
    </section>
    <section>
    <h2>Row by row</h2>
    <p>The first figure is ours (\(suite.rates.escaped)). Right of the line at 1× we are faster.</p>
    \(RowChart(report: self).draw())
    </section>
    \(tokenTable)
    <section>
    <h2>All figures</h2>
    \(columns.map { "<p><b>\($0.title.escaped)</b> \($0.meaning.escaped)</p>" }.joined())
    \(figures)
    </section>
    <section class="method">
    <h2>How this was measured</h2>
    \(methodText)
    </section>
    <section>
    <h2>What ran</h2>
    <table class="facts">\(facts.map { "<tr><th>\($0.name.escaped)</th><td>\($0.value.escaped)</td></tr>" }.joined())</table>
    </section>
    </main>
    </body>
    </html>

    """
  }

  /// The class that colours a values type.
  func colour(of values: String) -> String { "v\((valueTypes.firstIndex(of: values) ?? 0) % 7)" }

  /// How far from the limit and from each peer, at one glance.
  private var summary: String {
    var body = ""
    for (title, isBandwidth) in [(suite.rowKinds.operations, false), (suite.rowKinds.bytes, true)] {
      for values in valueTypes {
        let included = { (row: Row) in row.benchmark.values == values && row.benchmark.isBandwidthRow == isBandwidth }
        let count = chosenRows.filter(included).count
        guard count > 0 else { continue }
        let part = meanLimitFraction(included) ?? 0
        body += """
          <tr><th><span class="dot \(colour(of: values))"></span>\(values.escaped)</th><td class="kind">\(title)</td>\
          <td class="count">\(count)</td>\
          <td class="limit"><span class="gauge"><i style="width:\(Int(100 * min(part, 1)))%"></i></span>\
          <b>\(Int((100 * part).rounded())) %</b></td>
          """
        for peer in peerNames {
          guard let (mean, _) = meanRatio(to: peer, included) else {
            body += "<td class=\"ratio none\">–</td>"
            continue
          }
          body += "<td class=\"ratio \(Report.judgement(mean))\">\(mean.short)×</td>"
        }
        body += "</tr>"
      }
    }
    return """
      <section class="summary">
      <table><thead><tr><th>weights</th><th>rows of</th><th>rows</th><th>of the limit</th>\
      \(peerNames.map { "<th>to \($0.escaped)</th>" }.joined())</tr></thead><tbody>\(body)</tbody></table>
      \(warning.map { "<p class=\"warning\">\($0.escaped)</p>" } ?? "")
      <p class="note">Geometric means over the variant the library picks. Above 1× we are faster.</p>
      </section>
      """
  }

  private static func judgement(_ ratio: Double) -> String { ratio >= 1 ? "ahead" : ratio >= 0.95 ? "close" : "behind" }

  private var legend: String {
    let colours = valueTypes.map { "<span><i class=\"dot \(colour(of: $0))\"></i>\($0.escaped)</span>" }
    let marks = zip(peerNames, SVG.Mark.allCases).map { name, mark in
      var drawing = SVG(width: 14, height: 14, label: name)
      drawing.mark(mark, 7, 7, radius: 4.5, "peer plain")
      return "<span>\(drawing.text)\(name.escaped)</span>"
    }
    return (colours + marks).joined(separator: " ")
  }

  private var tokenTable: String {
    guard !tokenCosts.isEmpty else { return "" }
    let lines = tokenCosts.map { weights, costs in
      "<tr><th>\(weights.escaped)</th>"
        + costs.map { "<td>\($0.tokens.escaped) tokens <b>\($0.multiple.short)×</b></td>" }.joined() + "</tr>"
    }
    return """
      <section><h2>What more tokens cost</h2>
      <p>Time of a few tokens as a multiple of one token's, with the same weights.</p>
      <table class="tokens">\(lines.joined())</table></section>
      """
  }

  private var figures: String {
    let columns = columns
    var body = ""
    for row in rows {
      body += """
        <tr class="\(row.isChosen ? "chosen" : "other")"><th>\(row.benchmark.name.escaped)</th>\
        <td>\(row.benchmark.unit)</td><td><b>\(row.ours.short)</b></td><td>\((100 * row.spread).short)</td>\
        <td>\(row.limitFraction.map { (100 * $0).short } ?? "–")</td>
        """
      body += columns.map { "<td>\(($0.cell(row) ?? "").escaped)</td>" }.joined()
      for peer in row.peers {
        let title = peer.absence ?? "\(peer.way) · \(peer.identity) · \(peer.samples) samples"
        body += "<td title=\"\(title.escaped)\">\(peer.rate?.short ?? "–")</td>"
        body += "<td class=\"\(row.ratio(to: peer.name).map(Report.judgement) ?? "none")\">"
        body += "\(row.ratio(to: peer.name).map { "\($0.short)×" } ?? "")</td>"
      }
      body +=
        "</tr><tr class=\"ways\"><td colspan=\"\(5 + columns.count + 2 * row.peers.count)\">\(ways(row))</td></tr>"
    }
    return """
      <div class="wide"><table class="figures"><thead><tr><th>case</th><th>unit</th><th>ours</th><th>± %</th>\
      <th>% limit</th>\(columns.map { "<th>\($0.title.escaped)</th>" }.joined())\
      \(peerNames.map { "<th colspan=\"2\">\($0.escaped)</th>" }.joined())</tr></thead><tbody>\(body)</tbody></table></div>
      """
  }

  /// What ran: ours, and beside the chosen variant each peer's way.
  private func ways(_ row: Row) -> String {
    guard row.isChosen else { return "not chosen: \(row.variant.escaped)" }
    let peers = row.peers.compactMap { $0.rate == nil ? nil : "\($0.name): \($0.way)".escaped }
    return (["ours: \(row.variant.escaped)"] + peers).joined(separator: " · ")
  }

  private var methodText: String {
    let rules = """
      <p>All rows, all peers and the limits were measured in one run of one process (PyTorch in a process it asks). \
      Contestants take turns: in each round every one is measured once, and the order moves on by one a round. A figure \
      is the median of \(samples) rounds (of 3 where a call takes over a second); ± is half the distance of the \
      quartiles. A sample repeats calls for at least 5 ms; before it come 5 ms of pause, for the last contestant's \
      threads to rest (OpenBLAS's and libgomp's are told to sleep after a millisecond), and one call that is not counted. \
      Results are compared once with float64 products of 64 outputs, \
      ours and each peer's; a wrong one ends the run.</p>
      <p>Weights of rows that count bytes rotate over copies that together are at least four times the last-level \
      cache, for peers too. The limit of a row is the least time the peak and the read bandwidth of this run allow.</p>
      """
    let peerTexts = peers.entries.map { entry in
      switch entry {
      case .present(let peer):
        "<p><b>\(entry.name.escaped).</b> \(peer.method.escaped) <span class=\"identity\">\(peer.identity.escaped)</span></p>"
      case .absent(let name, let reason): "<p><b>\(name.escaped).</b> Absent: \(reason.escaped)</p>"
      }
    }
    return suite.method + rules + peerTexts.joined(separator: "\n")
  }
}
