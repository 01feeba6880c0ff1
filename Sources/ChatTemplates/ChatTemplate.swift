/// A model's chat template: the Jinja text that lays a conversation out as the model was trained to read it.
///
/// The interpreter knows the part of Jinja that chat templates use, with the settings they are written for
/// (`trim_blocks`, `lstrip_blocks`): output, `for`, `if`, `set`, `macro`, `filter`, `namespace`, filters, tests and string
/// methods; and `strftime_now`, the local date.
/// What it does not know is refused by name and line. Every render is bounded, so a hostile template ends.
///
/// Text keeps its provenance: what the template wrote is trusted, what came with a message is not, through
/// concatenation, slices and filters alike. A tokenizer recognises tokens that steer the model in trusted text alone.
public struct ChatTemplate: Sendable {
  private let nodes: [TemplateNode]

  public init(_ source: String) throws(ChatTemplateError) {
    guard source.utf8.count <= Limits.sourceLength else {
      throw .limitExceeded("\(Limits.sourceLength) bytes of source", line: 1)
    }
    var parser = TemplateParser(try TemplateLexer.tokens(of: source))
    nodes = try parser.parse()
  }

  /// The conversation as the template lays it out.
  ///
  /// - Parameters:
  ///   - addGenerationPrompt: whether the text ends with the opening of the assistant's next message.
  ///   - bosToken: the text of the token that opens a sequence; templates that begin with `bos_token` write it.
  ///   - eosToken: likewise the one that closes it.
  public func render(
    messages: [ChatMessage], addGenerationPrompt: Bool, bosToken: String? = nil, eosToken: String? = nil
  ) throws(ChatTemplateError) -> [RenderedRun] {
    try render(
      messages: messages, addGenerationPrompt: addGenerationPrompt, bosToken: bosToken, eosToken: eosToken, date: .now)
  }

  /// - Parameter date: what `strftime_now` gives.
  func render(
    messages: [ChatMessage], addGenerationPrompt: Bool, bosToken: String?, eosToken: String?, date: TemplateDate
  ) throws(ChatTemplateError) -> [RenderedRun] {
    let evaluator = TemplateEvaluator(
      variables: try Self.variables(
        messages: messages, addGenerationPrompt: addGenerationPrompt, bosToken: bosToken, eosToken: eosToken),
      date: date)
    return try evaluator.render(nodes).runs
  }

  private static func variables(
    messages: [ChatMessage], addGenerationPrompt: Bool, bosToken: String?, eosToken: String?
  ) throws(ChatTemplateError) -> [String: TemplateValue] {
    var list: [TemplateValue] = []
    for message in messages {
      var dictionary = TemplateDictionary()
      let role = TemplateString(message.role.rawValue, isTrusted: message.role.isTrusted)
      try dictionary.set(TemplateString("role"), .string(role), line: 1)
      let content = TemplateString(message.content, isTrusted: false)
      try dictionary.set(TemplateString("content"), .string(content), line: 1)
      list.append(.dictionary(dictionary))
    }
    var variables: [String: TemplateValue] = [
      "messages": .list(try TemplateList(list, line: 1)), "add_generation_prompt": .bool(addGenerationPrompt),
      "tools": .none, "documents": .none,
    ]
    if let bosToken { variables["bos_token"] = .string(TemplateString(bosToken)) }
    if let eosToken { variables["eos_token"] = .string(TemplateString(eosToken)) }
    return variables
  }

  /// What a template may use up. Far above any template in use, far below what would be felt.
  enum Limits {
    static let sourceLength = 1 << 20
    static let expressionDepth = 64
    static let statementDepth = 24
    static let valueDepth = 24
    /// Statements and expressions that run inside each other, through macros too.
    static let callDepth = 256
    static let steps = 400_000
    /// Scalars copied or compared, and elements of lists.
    static let work = 1 << 25
    static let outputLength = 1 << 22
  }
}
