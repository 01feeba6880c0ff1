import Foundation

/// Operations a second against operations a byte, both logarithmic: the roofs the device allows, ours filled, peers
/// hollow. Rows that only move bytes have no place here.
struct RooflinePlot {
  let report: Report

  private let width = 1080.0
  private let height = 520.0
  private let left = 62.0
  private let right = 20.0
  private let top = 34.0
  private let bottom = 48.0

  private struct Axis {
    var low: Double
    var high: Double
    var from: Double
    var to: Double

    func place(_ value: Double) -> Double { from + (log10(value) - low) / (high - low) * (to - from) }

    var decades: [Double] {
      stride(from: low.rounded(.up), through: high, by: 1).map { exponent in
        exponent < 0 ? 1 / pow(10, -exponent) : pow(10, exponent)
      }
    }
  }

  func draw() -> String {
    let rows = report.chosenRows.filter { $0.intensity > 0 }
    guard let read = report.limits[.read], let peak = report.limits[.fusedMultiplyAdd], !rows.isEmpty else { return "" }
    let dot = report.limits[.bfloat16Dot]
    let slowest = rows.flatMap { row in
      ([row.ours] + row.peers.compactMap(\.rate)).map { row.benchmark.operations(at: $0) }
    }.min()
    guard let slowest else { return "" }
    let intensities = rows.map(\.intensity)
    let x = Axis(
      low: log10((intensities.min() ?? 0.1) * 0.6), high: log10((intensities.max() ?? 1000) * 1.7), from: left,
      to: width - right)
    let y = Axis(
      low: log10(min(slowest, read * (intensities.min() ?? 0.1)) * 0.6), high: log10(max(peak, dot ?? 0) * 1.5),
      from: height - bottom, to: top)

    var drawing = SVG(width: width, height: height, label: "Roofline: operations a second against operations a byte")
    grid(&drawing, x, y)
    roofs(&drawing, x, y, read: read, peak: peak, dot: dot)
    for row in rows { peers(&drawing, row, x, y) }
    for row in rows { ours(&drawing, row, x, y) }
    return drawing.text
  }

  private func grid(_ drawing: inout SVG, _ x: Axis, _ y: Axis) {
    for value in x.decades {
      drawing.line(x.place(value), y.from, x.place(value), y.to, "grid")
      drawing.text(x.place(value), y.from + 18, RooflinePlot.number(value), "tick", anchor: .middle)
    }
    for value in y.decades {
      drawing.line(x.from, y.place(value), x.to, y.place(value), "grid")
      drawing.text(x.from - 8, y.place(value) + 4, RooflinePlot.number(value), "tick", anchor: .end)
    }
    drawing.line(x.from, y.from, x.to, y.from, "axis")
    drawing.line(x.from, y.from, x.from, y.to, "axis")
    drawing.text((x.from + x.to) / 2, height - 8, "operations a byte", "axis-name", anchor: .middle)
    drawing.text(14, (y.from + y.to) / 2, "GFLOP/s", "axis-name", anchor: .middle, turned: -90)
  }

  private func roofs(_ drawing: inout SVG, _ x: Axis, _ y: Axis, read: Double, peak: Double, dot: Double?) {
    let start = pow(10, x.low)
    let end = pow(10, x.high)
    let highest = max(peak, dot ?? 0)
    // Where the slope leaves the drawing or meets the highest roof.
    let foot = max(start, pow(10, y.low) / read)
    drawing.polyline(
      [(x.place(foot), y.place(read * foot)), (x.place(highest / read), y.place(highest))], "roof")
    for (name, value) in [("f32 FMA", peak), ("bf16 dot", dot ?? 0)] where value > 0 {
      drawing.polyline([(x.place(value / read), y.place(value)), (x.place(end), y.place(value))], "roof")
      drawing.text(
        x.place(value / read) - 8, y.place(value) - 5, "\(name) \(value.short) GFLOP/s", "roof-name", anchor: .end)
    }
    let middle = pow(10, (log10(foot) * 0.45 + log10(peak / read) * 0.55))
    let slope = -atan2(y.place(read) - y.place(10 * read), x.place(10) - x.place(1)) * 180 / .pi
    drawing.text(
      x.place(middle) - 6, y.place(read * middle) - 9, "read \(read.short) GB/s", "roof-name", anchor: .middle,
      turned: slope)
  }

  private func ours(_ drawing: inout SVG, _ row: Row, _ x: Axis, _ y: Axis) {
    let rate = row.benchmark.operations(at: row.ours)
    drawing.mark(
      .circle, x.place(row.intensity), y.place(rate), radius: 5.5, "ours \(report.colour(of: row.benchmark.values))",
      title: "\(row.benchmark.name): \(rate.short) GFLOP/s, \((100 * (row.limitFraction ?? .nan)).short) % of the limit"
    )
  }

  private func peers(_ drawing: inout SVG, _ row: Row, _ x: Axis, _ y: Axis) {
    for (peer, mark) in zip(row.peers, SVG.Mark.allCases) {
      guard let rate = peer.rate else { continue }
      let operations = row.benchmark.operations(at: rate)
      drawing.mark(
        mark, x.place(row.intensity), y.place(operations), radius: 4, "peer \(report.colour(of: row.benchmark.values))",
        title: "\(row.benchmark.name), \(peer.name): \(operations.short) GFLOP/s")
    }
  }

  private static func number(_ value: Double) -> String { value >= 1 ? "\(Int(value.rounded()))" : "\(value)" }
}
