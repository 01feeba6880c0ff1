/// A closed list of words, as a graph's JSON holds them: `"silu"`, `"adjacent"`.
///
/// A word that is none of them is refused with all that are.
protocol ChoiceText: RawRepresentable<String>, CaseIterable, Codable {
  /// What one of the words is called, with its article: `an activation`.
  static var meaning: String { get }
}

extension ChoiceText {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let word = try container.decode(String.self)
    guard let choice = Self(rawValue: word) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription:
          "'\(word)' is not \(Self.meaning); these are: \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self = choice
  }
}
