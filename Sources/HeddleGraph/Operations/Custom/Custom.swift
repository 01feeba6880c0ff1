import HeddleText

/// An operation Heddle does not have: a name under which a backend registers an implementation, attributes, and the
/// shape rule as data.
public struct Custom: GraphOperation {
  public static let description = OperationDescription(
    "custom", family: "Custom", "what a backend has registered under the name",
    operands: [.init("operands", "as the implementation asks", isOptional: true, isRepeated: true)],
    members: [
      .init("name", .text), .init("attributes", .object, default: "{}"), .init("rule", .object),
    ], result: "as the rule says")

  /// What an implementation may be told beside its operands.
  public enum Attribute: Hashable, Sendable {
    case integer(Int)
    case number(Double)
    case text(String)
  }

  /// How results follow from operands.
  public enum ShapeRule: Hashable, Sendable {
    /// One result of the type of an operand.
    case sameAs(operand: Int)
    /// These types; their symbols must be the graph's.
    case fixed([TensorType])
  }

  public var name: String
  public var attributes: [String: Attribute]
  public var rule: ShapeRule

  // In the type's own file: with the keys in an extension of another file, Swift 6.3 crashes without optimization.
  enum CodingKeys: String, CodingKey, CaseIterable { case name, attributes, rule }

  public init(name: String, attributes: [String: Attribute] = [:], rule: ShapeRule) {
    self.name = name
    self.attributes = attributes
    self.rule = rule
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    switch rule {
    case .sameAs(let operand):
      guard operands.types.indices.contains(operand) else {
        throw .attribute("rule", "names operand \(operand) of \(operands.types.count)")
      }
      return [operands.types[operand]]
    case .fixed(let types):
      guard !types.isEmpty else { throw .attribute("rule", "gives no result") }
      return types
    }
  }
}

/// Names are compared by their bytes: see `Name`.
extension Custom {
  public static func == (left: Custom, right: Custom) -> Bool {
    left.name.hasSameBytes(as: right.name) && left.attributes == right.attributes && left.rule == right.rule
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(Name(name))
    hasher.combine(attributes)
    hasher.combine(rule)
  }
}

extension GraphBuilder {
  /// ``Custom``
  public func custom(
    _ custom: Custom, _ operands: [Value], file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> [Value] {
    try apply(custom, operands, label: custom.name, file: file, line: line)
  }
}
