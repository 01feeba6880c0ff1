/// Any member of a JSON object.
struct MemberKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer where Key == MemberKey {
  /// Throws if there is a member that is not known: a misspelled one would else go unseen where members have defaults.
  func refuse(otherThan known: [String]) throws {
    for key in allKeys.sorted(by: { $0.stringValue < $1.stringValue }) where !known.contains(key.stringValue) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self,
        debugDescription:
          "there is no member '\(key.stringValue)' here; there \(known.isEmpty ? "is none" : "are \(known.sorted())")")
    }
  }
}

extension Decoder {
  /// The members that are read; others are an error.
  func members<Key: CodingKey & CaseIterable>(_: Key.Type = Key.self) throws -> KeyedDecodingContainer<Key> {
    try container(keyedBy: MemberKey.self).refuse(otherThan: Key.allCases.map(\.stringValue))
    return try container(keyedBy: Key.self)
  }

  /// The one member of an object that says by its name what it holds.
  func choice<Key: CodingKey & CaseIterable>(_: Key.Type) throws -> (Key, KeyedDecodingContainer<Key>) {
    let members = try members(Key.self)
    guard let key = members.allKeys.first, members.allKeys.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: codingPath,
          debugDescription:
            "there must be one member of \(Key.allCases.map(\.stringValue)), not \(members.allKeys.count)"))
    }
    return (key, members)
  }
}
