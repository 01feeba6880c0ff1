/// A stretch of a rendered conversation, and whether the template wrote it.
///
/// Only trusted text may spell special tokens: `<|im_end|>` in a user's message stays ten plain characters.
public struct RenderedRun: Hashable, Sendable {
  public var text: String
  public var isTrusted: Bool

  public init(_ text: String, isTrusted: Bool) {
    self.text = text
    self.isTrusted = isTrusted
  }

  /// The same text in the fewest runs: neighbours of equal trust joined, empty ones dropped.
  static func joined(_ runs: [RenderedRun]) -> [RenderedRun] {
    var result: [RenderedRun] = []
    for run in runs where !run.text.isEmpty {
      if let last = result.indices.last, result[last].isTrusted == run.isTrusted {
        // Traps: never, `last` is an index.
        result[last].text += run.text
      } else {
        result.append(run)
      }
    }
    return result
  }
}

extension [RenderedRun] {
  /// The whole text.
  public var text: String { map(\.text).joined() }
}
