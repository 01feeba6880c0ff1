/// Text that remembers which of its parts the template wrote.
struct TemplateString: Sendable {
  struct Span: Sendable {
    var end: Int
    var isTrusted: Bool
  }

  private(set) var scalars: [Unicode.Scalar]
  /// Ascending ends; the last is `count`.
  private(set) var spans: [Span]

  /// Whether it is markup to Python, as filters `safe` and `escape` make it: `+` escapes what is added to it.
  var isMarkup = false

  init() { (scalars, spans) = ([], []) }

  init(_ text: String, isTrusted: Bool = true) { self.init(Array(text.unicodeScalars), isTrusted: isTrusted) }

  init(_ scalars: [Unicode.Scalar], isTrusted: Bool) {
    self.scalars = scalars
    spans = scalars.isEmpty ? [] : [Span(end: scalars.count, isTrusted: isTrusted)]
  }

  var count: Int { scalars.count }
  var isEmpty: Bool { scalars.isEmpty }

  var text: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  mutating func append(_ other: TemplateString) {
    let offset = count
    scalars.append(contentsOf: other.scalars)
    for span in other.spans { extend(to: offset &+ span.end, span.isTrusted) }
  }

  mutating func append(_ text: String) { append(TemplateString(text)) }

  private mutating func extend(to end: Int, _ isTrusted: Bool) {
    if spans.last?.isTrusted == isTrusted { _ = spans.popLast() }
    spans.append(Span(end: end, isTrusted: isTrusted))
  }

  /// The text from `start` up to `end`, as far as it is there.
  func part(from start: Int, to end: Int = .max) -> TemplateString {
    let part = scalars.part(from: start, to: end)
    var result = TemplateString()
    result.isMarkup = isMarkup
    guard !part.isEmpty else { return result }
    result.scalars = Array(part)
    for span in spans where span.end > part.startIndex {
      result.extend(to: min(span.end, part.endIndex) &- part.startIndex, span.isTrusted)
      if span.end >= part.endIndex { break }
    }
    return result
  }

  /// The text of one scalar, if it is there.
  subscript(at index: Int) -> TemplateString? {
    scalars.indices.contains(index) ? part(from: index, to: index &+ 1) : nil
  }

  /// The text so many times, not at all if the count is negative.
  func repeated(_ count: Int) -> TemplateString {
    var result = TemplateString()
    result.isMarkup = isMarkup
    var (power, left) = (self, isEmpty ? 0 : max(count, 0))
    while left > 0 {
      if left & 1 == 1 { result.append(power) }
      left >>= 1
      if left > 0 { power.append(power) }
    }
    return result
  }

  /// The text between others, which are there so many times.
  func padded(before: Int, after: Int, with fill: TemplateString) -> TemplateString {
    TemplateString().joining([fill.repeated(before), self, fill.repeated(after)])
  }

  /// Each scalar replaced by others, of the same provenance.
  func mapScalars(_ transform: (Unicode.Scalar) -> String) -> TemplateString {
    var result = TemplateString()
    result.isMarkup = isMarkup
    var start = 0
    for span in spans {
      for scalar in scalars.part(from: start, to: span.end) {
        result.scalars.append(contentsOf: transform(scalar).unicodeScalars)
      }
      if result.count > (result.spans.last?.end ?? 0) { result.extend(to: result.count, span.isTrusted) }
      start = span.end
    }
    return result
  }

  /// With the characters that steer HTML as its entities, unless it is markup.
  var escaped: TemplateString {
    guard !isMarkup else { return self }
    var result = mapScalars { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "'": "&#39;"
      case "\"": "&#34;"
      default: String(scalar)
      }
    }
    result.isMarkup = true
    return result
  }

  /// From the end to the beginning.
  var reversed: TemplateString {
    var result = TemplateString()
    result.scalars = scalars.reversed()
    for (place, span) in spans.enumerated().reversed() {
      result.extend(to: count &- (spans[at: place &- 1]?.end ?? 0), span.isTrusted)
    }
    return result
  }

  var runs: [RenderedRun] {
    var start = 0
    return spans.map { span in
      defer { start = span.end }
      return RenderedRun(part(from: start, to: span.end).text, isTrusted: span.isTrusted)
    }
  }
}

/// Equal text is equal, whoever wrote it; scalars are compared, as Python compares code points.
extension TemplateString: Equatable {
  static func == (left: TemplateString, right: TemplateString) -> Bool { left.scalars == right.scalars }
}
