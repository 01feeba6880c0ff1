import HeddleText

/// What is odd about a prompt without being wrong: a program should pass it on to whoever wrote the prompt.
public enum PromptNote: Hashable, Sendable {
  /// The text spells the token that opens a sequence, and the tokenizer adds it too: the model sees it twice, which most
  /// were never trained on.
  case doubleBOS(token: String)
}

extension PromptNote: CustomStringConvertible {
  public var description: String {
    switch self {
    case .doubleBOS(let token):
      Printable.text(
        "the prompt begins with '\(token)', which the tokenizer adds by itself: it now stands there twice; leave it out"
      )
    }
  }
}

extension LanguageModel {
  /// What is odd about a prompt.
  ///
  /// - Parameter ids: of a text or a conversation.
  public func notes(on ids: [Int]) -> [PromptNote] {
    guard tokenizer.addsBOS, let bos = tokenizer.bosID, ids.prefix(2) == [bos, bos] else { return [] }
    let text = (try? tokenizer.bytes(of: bos)).map { String(decoding: $0, as: UTF8.self) }
    return [.doubleBOS(token: text ?? "")]
  }
}
