extension Route {
  /// Experts in `count` groups of neighbours, of which a token's experts may be in `kept`: those of the greatest score, the
  /// lowest of equals first, NaN last.
  ///
  /// A group's score is its greatest choice score, or the sum of its two greatest (of a group of one, that one).
  public struct Groups: Hashable, Codable, Sendable {
    /// What a group's score is.
    public enum Score: String, Hashable, Codable, Sendable, CaseIterable, ChoiceText {
      case greatest, sumOfTwoGreatest

      static let meaning = "a score of groups"
    }

    public var count: Int
    public var kept: Int
    public var score: Score

    public init(count: Int, kept: Int, score: Score = .greatest) {
      self.count = count
      self.kept = kept
      self.score = score
    }

    private enum CodingKeys: String, CodingKey, CaseIterable { case count, kept, score }

    /// The score may be left out.
    public init(from decoder: any Decoder) throws {
      let members = try decoder.members(CodingKeys.self)
      self.init(
        count: try members.decode(Int.self, forKey: .count), kept: try members.decode(Int.self, forKey: .kept),
        score: try members.decodeIfPresent(Score.self, forKey: .score) ?? .greatest)
    }

    /// Throws unless groups are whole, and those that are kept have so many experts.
    func check(experts: Int, chosen: Int) throws(InferenceError) {
      guard count >= 1, count <= Int(Int32.max), experts.isMultiple(of: count) else {
        throw .attribute("groups", "must divide the \(experts) experts, got \(count)")
      }
      guard (1...count).contains(kept) else { throw .attribute("groups", "keep 1 to \(count), got \(kept)") }
      guard kept &* experts.divided(by: count) >= chosen else {
        throw .attribute("groups", "keep \(kept) of \(count), too few for \(chosen) experts of \(experts)")
      }
    }
  }
}
