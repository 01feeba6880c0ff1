/// A stretch of a rendered conversation, and whether the template wrote it.
///
/// Only trusted text may spell tokens that steer the model: `<|im_end|>` in a user's message stays ten plain characters.
public struct RenderedRun: Hashable, Sendable {
  public var text: String
  public var isTrusted: Bool

  public init(_ text: String, isTrusted: Bool) {
    self.text = text
    self.isTrusted = isTrusted
  }
}

extension [RenderedRun] {
  /// The whole text.
  public var text: String { map(\.text).joined() }
}
