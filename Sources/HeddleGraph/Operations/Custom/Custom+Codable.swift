extension Custom {
  /// Attributes may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    self.init(
      name: try members.decode(String.self, forKey: .name),
      attributes: try members.decodeIfPresent([String: Attribute].self, forKey: .attributes) ?? [:],
      rule: try members.decode(ShapeRule.self, forKey: .rule))
  }
}

/// `{"integer": 3}`, `{"number": 0.5}` or `{"text": "a"}`.
extension Custom.Attribute: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case integer, number, text }

  public init(from decoder: any Decoder) throws {
    let (kind, members) = try decoder.choice(CodingKeys.self)
    switch kind {
    case .integer: self = .integer(try members.decode(Int.self, forKey: kind))
    case .number: self = .number(try members.decode(Double.self, forKey: kind))
    case .text: self = .text(try members.decode(String.self, forKey: kind))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .integer(let value): try members.encode(value, forKey: .integer)
    case .number(let value): try members.encode(value, forKey: .number)
    case .text(let value): try members.encode(value, forKey: .text)
    }
  }
}

/// `{"sameAs": 0}` or `{"fixed": [type, …]}`.
extension Custom.ShapeRule: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case sameAs, fixed }

  public init(from decoder: any Decoder) throws {
    let (kind, members) = try decoder.choice(CodingKeys.self)
    switch kind {
    case .sameAs: self = .sameAs(operand: try members.decode(Int.self, forKey: kind))
    case .fixed: self = .fixed(try members.decode([TensorType].self, forKey: kind))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .sameAs(let operand): try members.encode(operand, forKey: .sameAs)
    case .fixed(let types): try members.encode(types, forKey: .fixed)
    }
  }
}
