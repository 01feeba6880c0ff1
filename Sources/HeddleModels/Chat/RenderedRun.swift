/// A stretch of a rendered conversation, and whether the template wrote it.
///
/// Only trusted text may spell tokens that steer the model: `<|im_end|>` in a user's message stays ten plain characters.
/// Tokens that were added to the vocabulary as text (``TokenKind/userDefined``) are matched in anyone's.
public struct RenderedRun: Hashable, Sendable {
  public var text: String
  public var isTrusted: Bool

  public init(_ text: String, isTrusted: Bool) {
    self.text = text
    self.isTrusted = isTrusted
  }

  /// A stretch of bytes, from the end of the one before, and who wrote it.
  struct Trust {
    var end: Int
    var isTrusted: Bool
  }

  // Traps: never, `last` is an index, and counts of bytes are those of memory.
  /// The bytes of the whole text, and who wrote which of them; neighbours differ.
  static func bytes(of runs: [RenderedRun]) -> (text: [UInt8], trust: [Trust]) {
    var text: [UInt8] = []
    var trust: [Trust] = []
    for run in runs where !run.text.isEmpty {
      text.append(contentsOf: run.text.utf8)
      if let last = trust.indices.last, trust[last].isTrusted == run.isTrusted {
        trust[last].end = text.count
      } else {
        trust.append(Trust(end: text.count, isTrusted: run.isTrusted))
      }
    }
    return (text, trust)
  }
}

extension [RenderedRun] {
  /// The whole text.
  public var text: String { map(\.text).joined() }
}
