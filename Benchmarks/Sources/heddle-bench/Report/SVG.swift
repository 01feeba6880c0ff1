import Foundation

/// A drawing under construction. Coordinates are pixels from the upper left.
struct SVG {
  let width: Double
  let height: Double
  /// What it shows, for who cannot see it.
  let label: String
  private var elements: [String] = []

  init(width: Double, height: Double, label: String) {
    self.width = width
    self.height = height
    self.label = label
  }

  enum Anchor: String {
    case start, middle, end
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    elements.append("<line x1=\"\(x1.px)\" y1=\"\(y1.px)\" x2=\"\(x2.px)\" y2=\"\(y2.px)\" class=\"\(style)\"/>")
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, title: String? = nil
  ) {
    elements.append(
      "<rect x=\"\(x.px)\" y=\"\(y.px)\" width=\"\(max(0, width).px)\" height=\"\(height.px)\" class=\"\(style)\">"
        + SVG.title(title) + "</rect>")
  }

  mutating func text(
    _ x: Double, _ y: Double, _ text: String, _ style: String, anchor: Anchor = .start, turned degrees: Double? = nil
  ) {
    let turn = degrees.map { " transform=\"rotate(\($0.px) \(x.px) \(y.px))\"" } ?? ""
    elements.append(
      "<text x=\"\(x.px)\" y=\"\(y.px)\" text-anchor=\"\(anchor.rawValue)\" class=\"\(style)\"\(turn)>"
        + text.escaped + "</text>")
  }

  mutating func polyline(_ points: [(Double, Double)], _ style: String) {
    let list = points.map { "\($0.0.px),\($0.1.px)" }.joined(separator: " ")
    elements.append("<polyline points=\"\(list)\" class=\"\(style)\"/>")
  }

  enum Mark: CaseIterable {
    case circle, square, triangle, diamond
  }

  mutating func mark(
    _ mark: Mark, _ x: Double, _ y: Double, radius r: Double, _ style: String, title: String? = nil
  ) {
    let shape: String
    switch mark {
    case .circle: shape = "<circle cx=\"\(x.px)\" cy=\"\(y.px)\" r=\"\(r.px)\" class=\"\(style)\">"
    case .square, .triangle, .diamond:
      let corners: [(Double, Double)] =
        switch mark {
        case .square: [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]
        case .triangle: [(0, -1.1), (1, 0.75), (-1, 0.75)]
        default: [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)]
        }
      let list = corners.map { "\((x + r * $0.0).px),\((y + r * $0.1).px)" }.joined(separator: " ")
      shape = "<polygon points=\"\(list)\" class=\"\(style)\">"
    }
    elements.append(shape + SVG.title(title) + (mark == .circle ? "</circle>" : "</polygon>"))
  }

  var text: String {
    "<svg viewBox=\"0 0 \(width.px) \(height.px)\" width=\"\(width.px)\" role=\"img\" aria-label=\"\(label.escaped)\">\n"
      + elements.joined(separator: "\n") + "\n</svg>"
  }

  private static func title(_ text: String?) -> String { text.map { "<title>\($0.escaped)</title>" } ?? "" }
}

extension Double {
  /// A coordinate.
  fileprivate var px: String {
    let text = String(format: "%.1f", self)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension String {
  /// For HTML text and attributes.
  var escaped: String {
    replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }
}
