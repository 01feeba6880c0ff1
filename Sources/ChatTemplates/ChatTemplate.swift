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
    _ conversation: Conversation, addGenerationPrompt: Bool, bosToken: String? = nil, eosToken: String? = nil
  ) throws(ChatTemplateError) -> [RenderedRun] {
    try render(
      conversation, addGenerationPrompt: addGenerationPrompt, bosToken: bosToken, eosToken: eosToken, date: .now)
  }

  /// The messages as the template lays them out, without tools.
  public func render(
    messages: [ChatMessage], addGenerationPrompt: Bool, bosToken: String? = nil, eosToken: String? = nil
  ) throws(ChatTemplateError) -> [RenderedRun] {
    try render(
      Conversation(messages: messages), addGenerationPrompt: addGenerationPrompt, bosToken: bosToken,
      eosToken: eosToken)
  }

  /// - Parameter date: what `strftime_now` gives.
  func render(
    _ conversation: Conversation, addGenerationPrompt: Bool, bosToken: String?, eosToken: String?, date: TemplateDate
  ) throws(ChatTemplateError) -> [RenderedRun] {
    var variables = try conversation.templateVariables()
    variables["add_generation_prompt"] = .bool(addGenerationPrompt)
    if let bosToken { variables["bos_token"] = .string(TemplateString(bosToken)) }
    if let eosToken { variables["eos_token"] = .string(TemplateString(eosToken)) }
    return try TemplateEvaluator(variables: variables, date: date).render(nodes).runs
  }

  /// What a template may use up. Far above any template in use, far below what would be felt.
  package enum Limits {
    static let sourceLength = 1 << 20
    static let expressionDepth = 64
    static let statementDepth = 24
    package static let valueDepth = 24
    /// Statements and expressions that run inside each other, through macros too.
    static let callDepth = 256
    static let steps = 400_000
    /// Scalars copied or compared, and elements of lists.
    static let work = 1 << 25
    static let outputLength = 1 << 22
  }
}
