/// The JSON form is one key, the operation's name, with its data: `{"rmsNorm": {"epsilon": 1e-05}}`.
extension Operation: Codable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    try container.encode(payload, forKey: kind)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: MemberKey.self)
    let names = container.allKeys.map(\.stringValue).sorted()
    func corrupted(_ text: String) -> DecodingError {
      .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: text))
    }
    guard let key = container.allKeys.first, names.count == 1 else {
      throw corrupted("an operation has one member, called as the operation is; this has \(names)")
    }
    guard let kind = Kind(rawValue: key.stringValue) else {
      throw corrupted("there is no operation '\(key.stringValue)'")
    }
    func payload<Payload: OperationPayload>() throws -> Payload {
      let payload = try container.decode(Payload.self, forKey: key)
      let members = try container.nestedContainer(keyedBy: MemberKey.self, forKey: key)
      try members.refuse(otherThan: Mirror(reflecting: payload).children.compactMap(\.label))
      return payload
    }
    switch kind {
    case .input: self = .input(try payload())
    case .constant: self = .constant(try payload())
    case .parameter: self = .parameter(try payload())
    case .state: self = .state(try payload())
    case .range: self = .range(try payload())
    case .convert: self = .convert(try payload())
    case .prune: self = .prune(try payload())
    case .embeddingLookup: self = .embeddingLookup(try payload())
    case .rmsNorm: self = .rmsNorm(try payload())
    case .matmul: self = .matmul(try payload())
    case .rotaryEmbedding: self = .rotaryEmbedding(try payload())
    case .append: self = .append(try payload())
    case .causalAttention: self = .causalAttention(try payload())
    case .gatedSiLU: self = .gatedSiLU(try payload())
    case .elementwise: self = .elementwise(try payload())
    case .unary: self = .unary(try payload())
    case .softmax: self = .softmax(try payload())
    case .argmax: self = .argmax(try payload())
    case .reshape: self = .reshape(try payload())
    case .transpose: self = .transpose(try payload())
    case .slice: self = .slice(try payload())
    case .concatenate: self = .concatenate(try payload())
    case .custom: self = .custom(try payload())
    }
  }
}
