/// One message of a conversation.
public struct ChatMessage: Hashable, Sendable, Codable {
  public var role: Role
  public var content: String

  public init(role: Role, content: String) {
    self.role = role
    self.content = content
  }

  /// Who speaks. Templates put the well-known roles into special tokens (`<|user|>`), so those are trusted text;
  /// any other role is text like a message's content.
  public struct Role: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringLiteral {
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }

    public static let system = Role(rawValue: "system")
    public static let user = Role(rawValue: "user")
    public static let assistant = Role(rawValue: "assistant")
    public static let tool = Role(rawValue: "tool")

    var isTrusted: Bool { [.system, .user, .assistant, .tool].contains(self) }
  }
}
