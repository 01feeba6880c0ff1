/// What an operation takes, computes and gives: `heddle operations` prints it, and other languages make their methods of it.
public struct OperationDescription: Hashable, Codable, Sendable {
  /// The key of the JSON form.
  public var name: String
  /// The folder that kernels, lowerings and cases of the operation share: `MatMul`, `Normalization`, …
  public var family: String
  /// The formula, or a sentence, in one line.
  public var formula: String
  /// In order.
  public var operands: [OperandRole]
  public var members: [OperationMember]
  /// The type of the result.
  public var result: String

  public init(
    _ name: String, family: String, _ formula: String, operands: [OperandRole] = [], members: [OperationMember] = [],
    result: String
  ) {
    self.name = name
    self.family = family
    self.formula = formula
    self.operands = operands
    self.members = members
    self.result = result
  }
}

/// What an operand is to its operation.
public struct OperandRole: Hashable, Codable, Sendable {
  public var name: String
  /// Shape and encodings, in the letters of the operation's documentation: `[…, D] f32`.
  public var type: String
  /// Whether it may be left out.
  public var isOptional: Bool
  /// Whether any number of them may stand here: the last role only.
  public var isRepeated: Bool
  /// The member, as a path, that is true if the operand is there: `epilogue.bias`. Nil: its presence says enough.
  public var flag: String?

  public init(
    _ name: String, _ type: String, isOptional: Bool = false, isRepeated: Bool = false, flag: String? = nil
  ) {
    self.name = name
    self.type = type
    self.isOptional = isOptional
    self.isRepeated = isRepeated
    self.flag = flag
  }
}

/// One member of an operation's JSON form.
public struct OperationMember: Hashable, Codable, Sendable {
  /// What a member's value is.
  public enum Kind: String, Hashable, Codable, Sendable {
    case flag, integer, number, text
    /// An expression over symbols: see ``Dimension``.
    case dimension
    /// A list of dimensions.
    case dimensions
    /// A list of integers.
    case integers
    /// The name of an ``Encoding``.
    case encoding
    /// An encoding and a shape.
    case type
    /// One of the choices.
    case choice
    /// An object with members of its own.
    case object
  }

  public var name: String
  public var kind: Kind
  /// Of a ``Kind/choice``.
  public var choices: [String]?
  /// Of a ``Kind/object``.
  public var members: [OperationMember]?
  /// What is taken if the member is left out, as JSON; nil if it may not be.
  public var defaultValue: String?

  public init(
    _ name: String, _ kind: Kind, choices: [String]? = nil, members: [OperationMember]? = nil,
    default defaultValue: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.choices = choices
    self.members = members
    self.defaultValue = defaultValue
  }
}
