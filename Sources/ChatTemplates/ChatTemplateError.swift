import HeddleText

/// What can be wrong with a chat template, or with a conversation it is given. Lines count from 1.
public enum ChatTemplateError: Error, Hashable, Sendable {
  case syntax(String, line: Int)
  /// Jinja that this interpreter does not know, named as it stands in the template.
  case unsupported(String, line: Int)
  /// An operation on values it is not for.
  case evaluation(String, line: Int)
  /// The template itself refused the conversation, with these words.
  case raised(String)
  /// The template is deeper, longer or slower than `ChatTemplate.Limits` allows.
  case limitExceeded(String, line: Int)
}

extension ChatTemplateError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .syntax(let message, let line): "chat template, line \(line): \(message)"
    case .unsupported(let construct, let line):
      "chat template, line \(line): \(construct) is not supported; lay the conversation out by hand and give it as a plain "
        + "prompt"
    case .evaluation(let message, let line): "chat template, line \(line): \(message)"
    case .raised(let message): "the chat template refuses this conversation: \(message)"
    case .limitExceeded(let limit, let line): "chat template, line \(line): the limit of \(limit) is exceeded"
    }
  }
}

extension ChatTemplateError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .syntax, .evaluation, .limitExceeded: .invalidFile
    case .unsupported: .unsupported
    // Its words are about the conversation.
    case .raised: .invalidArgument
    }
  }
}
