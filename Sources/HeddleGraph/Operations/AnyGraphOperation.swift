/// An operation whose type is known at run time, where a value must be compared, hashed or written.
///
/// The JSON form is one key, the operation's name, with its members: `{"rmsNorm": {"epsilon": 1e-05}}`.
package struct AnyGraphOperation: Sendable {
  package var operation: any GraphOperation

  package init(_ operation: any GraphOperation) { self.operation = operation }
}

extension AnyGraphOperation: Hashable {
  package static func == (left: AnyGraphOperation, right: AnyGraphOperation) -> Bool {
    func isEqual<Operation: GraphOperation>(_ left: Operation) -> Bool { (right.operation as? Operation) == left }
    return isEqual(left.operation)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(type(of: operation)))
    operation.hash(into: &hasher)
  }
}

extension AnyGraphOperation: Codable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: MemberKey.self)
    try container.encode(operation, forKey: MemberKey(stringValue: operation.name))
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: MemberKey.self)
    let names = container.allKeys.map(\.stringValue).sorted()
    func corrupted(_ text: String) -> DecodingError {
      .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: text))
    }
    guard let key = container.allKeys.first, names.count == 1 else {
      throw corrupted("an operation has one member, called as the operation is; this has \(names)")
    }
    guard let type = Operations.named(key.stringValue) else {
      throw corrupted("there is no operation '\(key.stringValue)'")
    }
    let members = try container.nestedContainer(keyedBy: MemberKey.self, forKey: key)
    try members.refuse(otherThan: type.description.members.map(\.name))
    operation = try container.decode(type, forKey: key)
  }
}
