import Foundation

/// A line for each row: its part of the limit as a bar from 0, and its ratio to each peer as a bar from 1, on a
/// logarithmic scale that all peers share.
struct RowChart {
  let report: Report

  private let labelWidth = 236.0
  private let columnGap = 30.0
  private let lineHeight = 19.0
  private let top = 54.0
  private let width = 1080.0

  func draw() -> String {
    let rows = report.chosenRows
    let height = top + lineHeight * Double(rows.count) + 26
    var drawing = SVG(width: width, height: height, label: "Part of the limit and ratio to each peer, row by row")
    let columns = 1 + report.peerNames.count
    let columnWidth = (width - labelWidth - columnGap * Double(columns) - 20) / Double(columns)
    func start(_ column: Int) -> Double { labelWidth + columnGap + (columnWidth + columnGap) * Double(column) }
    let bottom = top + lineHeight * Double(rows.count)

    limitAxis(&drawing, start(0), columnWidth, bottom)
    let scale = ratioScale(rows)
    for (index, peer) in report.peerNames.enumerated() {
      ratioAxis(&drawing, peer, start(index + 1), columnWidth, bottom, scale)
    }
    for (index, row) in rows.enumerated() {
      let y = top + lineHeight * Double(index)
      if index > 0, row.benchmark.values != rows[index - 1].benchmark.values {
        drawing.line(0, y, width, y, "divider")
      }
      let middle = y + lineHeight / 2
      drawing.mark(.circle, 7, middle, radius: 4.5, "ours \(report.colour(of: row.benchmark.values))")
      drawing.text(18, middle + 4, row.benchmark.name, "row-name")
      drawing.text(labelWidth + 14, middle + 4, row.ours.short, "row-value", anchor: .end)
      limitBar(&drawing, row, start(0), columnWidth, y)
      for (column, peer) in row.peers.enumerated() {
        ratioBar(&drawing, row, peer, start(column + 1), columnWidth, y, scale)
      }
    }
    return drawing.text
  }

  private func limitAxis(_ drawing: inout SVG, _ x: Double, _ width: Double, _ bottom: Double) {
    drawing.text(x, 16, "of the limit", "column-name")
    for part in [0.0, 0.5, 1.0] {
      drawing.line(x + width * part, top - 6, x + width * part, bottom, part == 1 ? "one" : "grid")
      drawing.text(x + width * part, top - 12, "\(Int(100 * part)) %", "tick", anchor: .middle)
    }
  }

  private func limitBar(_ drawing: inout SVG, _ row: Row, _ x: Double, _ width: Double, _ y: Double) {
    guard let part = row.limitFraction else { return }
    drawing.rectangle(
      x, y + 4, width * min(part, 1.1), lineHeight - 8, "bar \(report.colour(of: row.benchmark.values))",
      title: "\(row.benchmark.name): \((100 * part).short) % of \((row.limit ?? .nan).short) \(row.benchmark.unit)")
    let text = "\(Int((100 * part).rounded()))"
    let isInside = part > 0.25
    drawing.text(
      x + width * min(part, 1.1) + (isInside ? -4 : 4), y + lineHeight / 2 + 4, text, isInside ? "inside" : "row-value",
      anchor: isInside ? .end : .start)
  }

  /// From the least to the greatest ratio, at least ½ to 2, at most ⅛ to 64.
  private func ratioScale(_ rows: [Row]) -> ClosedRange<Double> {
    let ratios = rows.flatMap { row in row.peers.compactMap { row.ratio(to: $0.name) } }
    let low = max(0.125, min(0.5, ratios.min() ?? 1))
    let high = min(64, max(2, ratios.max() ?? 1))
    return log2(low).rounded(.down)...log2(high).rounded(.up)
  }

  private func ratioAxis(
    _ drawing: inout SVG, _ peer: String, _ x: Double, _ width: Double, _ bottom: Double, _ scale: ClosedRange<Double>
  ) {
    drawing.text(x, 16, "ratio to \(peer)", "column-name")
    let step = scale.upperBound - scale.lowerBound > 5 ? 2.0 : 1.0
    // The ticks go through 1.
    for power in stride(from: (scale.lowerBound / step).rounded(.up) * step, through: scale.upperBound, by: step) {
      let place = x + width * part(power, scale)
      drawing.line(place, top - 6, place, bottom, power == 0 ? "one" : "grid")
      let text = power < 0 ? "1/\(Int(pow(2, -power)))" : "\(Int(pow(2, power)))×"
      drawing.text(place, top - 12, text, "tick", anchor: .middle)
    }
  }

  private func ratioBar(
    _ drawing: inout SVG, _ row: Row, _ peer: Row.PeerValue, _ x: Double, _ width: Double, _ y: Double,
    _ scale: ClosedRange<Double>
  ) {
    let one = x + width * part(0, scale)
    let middle = y + lineHeight / 2 + 4
    guard let ratio = row.ratio(to: peer.name), ratio > 0 else {
      drawing.text(one + 5, middle, "–", "absent")
      return
    }
    let place = x + width * part(log2(ratio), scale)
    let style = ratio >= 1 ? "ahead" : ratio >= 0.95 ? "close" : "behind"
    drawing.rectangle(
      min(one, place), y + 4, abs(place - one), lineHeight - 8, "bar \(style)",
      title: "\(row.benchmark.name): \(ratio.short) × \(peer.name) (\(peer.way))")
    // Beside the bar where there is room, else on the other side of 1.
    let isRight = ratio >= 1 ? place + 34 < x + width + columnGap : false
    let isLeft = ratio < 1 && place - 34 > x - columnGap / 2
    if isRight {
      drawing.text(place + 4, middle, ratio.short, "row-value")
    } else if isLeft {
      drawing.text(place - 4, middle, ratio.short, "row-value", anchor: .end)
    } else if ratio >= 1 {
      drawing.text(place - 4, middle, ratio.short, "inside", anchor: .end)
    } else {
      drawing.text(one + 4, middle, ratio.short, "row-value")
    }
  }

  private func part(_ power: Double, _ scale: ClosedRange<Double>) -> Double {
    (min(max(power, scale.lowerBound), scale.upperBound) - scale.lowerBound) / (scale.upperBound - scale.lowerBound)
  }
}
