import HeddleText

/// What JSON can say, as a chat template reads it: a tool's description, the arguments of a call, a variable of a template.
///
/// Members of an object keep their order, since templates write them out. Lists and objects are nested in at most 24 levels.
public struct ChatValue: Sendable {
  let value: TemplateValue

  init(_ value: TemplateValue) { self.value = value }

  public static let null = ChatValue(.none)

  public init(_ value: Bool) { self.init(.bool(value)) }
  public init(_ value: Int) { self.init(.int(value)) }
  public init(_ value: Double) { self.init(.float(value)) }
  /// Text that the template did not write: control tokens spelled in it are plain characters.
  public init(_ text: String) { self.init(.string(TemplateString(text, isTrusted: false))) }

  /// - Throws: ``ChatTemplateError/limitExceeded(_:line:)`` if it nests too deep.
  public init(list: [ChatValue]) throws(ChatTemplateError) {
    self.init(.list(try TemplateList(list.map(\.value), line: 1)))
  }

  /// An object with members in this order; of two with one name the last counts, in the place of the first.
  ///
  /// - Throws: ``ChatTemplateError/limitExceeded(_:line:)`` if it nests too deep.
  public init(object: [ChatMember]) throws(ChatTemplateError) {
    var dictionary = TemplateDictionary()
    for member in object {
      try dictionary.set(TemplateString(member.name, isTrusted: false), member.value.value, line: 1)
    }
    self.init(.dictionary(dictionary))
  }

  /// The text, if it is one.
  public var text: String? { if case .string(let string) = value { string.text } else { nil } }

  /// The elements, if it is a list.
  public var list: [ChatValue]? {
    if case .list(let list) = value { list.items.map { ChatValue($0) } } else { nil }
  }

  /// The members in their order, if it is an object.
  public var members: [ChatMember]? {
    guard case .dictionary(let dictionary) = value else { return nil }
    return dictionary.entries.map { ChatMember($0.key.text ?? "", ChatValue($0.value)) }
  }

  /// A member of an object; nil if there is none.
  public subscript(name: String) -> ChatValue? {
    if case .dictionary(let dictionary) = value { dictionary[name].map { ChatValue($0) } } else { nil }
  }

  public var isNull: Bool { if case .none = value { true } else { false } }
}

extension ChatValue: Hashable {
  public static func == (left: ChatValue, right: ChatValue) -> Bool { left.value == right.value }

  /// What is inside lists and objects is left to the comparison.
  public func hash(into hasher: inout Hasher) {
    switch value {
    case .string(let string): hasher.combine(string.scalars)
    case .list(let list): hasher.combine(list.items.count)
    case .dictionary(let dictionary): hasher.combine(dictionary.entries.count)
    default: hasher.combine(value.number)
    }
  }
}

/// A named value: a member of an object, or a variable of a template.
public struct ChatMember: Hashable, Sendable {
  public var name: String
  public var value: ChatValue

  public init(_ name: String, _ value: ChatValue) {
    self.name = name
    self.value = value
  }
}
