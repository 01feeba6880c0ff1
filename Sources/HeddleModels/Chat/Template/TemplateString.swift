/// Text that remembers which of its parts the template wrote.
struct TemplateString: Sendable {
  struct Span: Sendable {
    var end: Int
    var isTrusted: Bool
  }

  private(set) var scalars: [Unicode.Scalar]
  /// Ascending ends; the last is `count`.
  private(set) var spans: [Span]

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

  // Traps: never, spans end in text in memory.
  mutating func append(_ other: TemplateString) {
    let offset = count
    scalars.append(contentsOf: other.scalars)
    for span in other.spans { extend(to: offset + span.end, span.isTrusted) }
  }

  mutating func append(_ text: String) { append(TemplateString(text)) }

  // Traps: never, `last` is an index of the spans.
  private mutating func extend(to end: Int, _ isTrusted: Bool) {
    if let last = spans.indices.last, spans[last].isTrusted == isTrusted {
      spans[last].end = end
    } else {
      spans.append(Span(end: end, isTrusted: isTrusted))
    }
  }

  // Traps: never, the range is clamped to the text, and a span's end is above its beginning.
  /// A part; `range` is clamped to the text.
  subscript(range: Range<Int>) -> TemplateString {
    let range = range.clamped(to: 0..<count)
    var result = TemplateString()
    result.scalars = Array(scalars[range])
    for span in spans where span.end > range.lowerBound {
      result.extend(to: min(span.end, range.upperBound) - range.lowerBound, span.isTrusted)
      if span.end >= range.upperBound { break }
    }
    if result.isEmpty { result.spans = [] }
    return result
  }

  // Traps: never, spans end one after the other, the last at the end of the text.
  /// Each scalar replaced by others, of the same provenance.
  func mapScalars(_ transform: (Unicode.Scalar) -> String) -> TemplateString {
    var result = TemplateString()
    var start = 0
    for span in spans {
      for scalar in scalars[start..<span.end] { result.scalars.append(contentsOf: transform(scalar).unicodeScalars) }
      if result.count > (result.spans.last?.end ?? 0) { result.extend(to: result.count, span.isTrusted) }
      start = span.end
    }
    return result
  }

  // Traps: never, spans end one after the other.
  var runs: [RenderedRun] {
    var start = 0
    return spans.map { span in
      defer { start = span.end }
      return RenderedRun(self[start..<span.end].text, isTrusted: span.isTrusted)
    }
  }
}

/// Equal text is equal, whoever wrote it; scalars are compared, as Python compares code points.
extension TemplateString: Equatable {
  static func == (left: TemplateString, right: TemplateString) -> Bool { left.scalars == right.scalars }
}
