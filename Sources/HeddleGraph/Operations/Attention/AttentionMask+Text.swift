import HeddleText

extension AttentionMask.Rule: CustomStringConvertible {
  /// `causal`, `window(64)`.
  public var description: String { extent.map { "\(word)(\($0))" } ?? word }

  package var word: String {
    switch self {
    case .causal: "causal"
    case .window: "window"
    case .block: "block"
    case .first: "first"
    case .global: "global"
    case .selected: "selected"
    }
  }

  fileprivate init?(word: Substring, extent: Int?) {
    switch (word, extent) {
    case ("causal", nil): self = .causal
    case ("selected", nil): self = .selected
    case ("window", let n?): self = .window(n)
    case ("block", let n?): self = .block(n)
    case ("first", let n?): self = .first(n)
    case ("global", let n?): self = .global(n)
    default: return nil
    }
  }

  /// `window(64)`; nil if it is none.
  fileprivate init?(_ text: Substring) {
    let parts = text.split(separator: "(", omittingEmptySubsequences: false)
    guard let word = parts.first, parts.dropFirst(2).isEmpty else { return nil }
    guard let rest = parts.dropFirst().first else {
      self.init(word: word, extent: nil)
      return
    }
    let digits = rest.dropLast()
    guard rest.last == ")", digits.allSatisfy(\.isNumber), let extent = Int(digits) else { return nil }
    self.init(word: word, extent: extent)
  }
}

extension AttentionMask: CustomStringConvertible {
  /// What ``init(parsing:)`` reads: `causal & window(64) | first(4)`.
  public var description: String {
    if isTooLarge { return "(too many rules)" }
    if alternatives.isEmpty { return "none" }
    return alternatives.map { $0.isEmpty ? "full" : $0.map(\.description).joined(separator: " & ") }
      .joined(separator: " | ")
  }

  /// Reads a union of intersections.
  ///
  ///     mask  = part { "|" part }        part = rule { "&" rule }          "full" stands for all keys, "none" for no key
  ///     rule  = "causal" | "window(" n ")" | "block(" n ")" | "first(" n ")" | "global(" n ")"
  ///           | "selected" | "full"
  ///
  /// Nil for anything else, also for more rules than ``maximumRuleCount``.
  public init?(parsing text: String) {
    guard text.utf8.count <= 32 * AttentionMask.maximumRuleCount else { return nil }
    if text.split(separator: " ") == ["none"] {
      self.init(anyOf: [])
      return
    }
    var alternatives: [[Rule]] = []
    for part in text.split(separator: "|", omittingEmptySubsequences: false) {
      var rules: [Rule] = []
      for factor in part.split(separator: "&", omittingEmptySubsequences: false) {
        let words = factor.split(separator: " ")
        guard let word = words.first, words.dropFirst().isEmpty else { return nil }
        if word == "full" { continue }
        guard let rule = Rule(word) else { return nil }
        rules.append(rule)
      }
      alternatives.append(rules)
    }
    self.init(anyOf: alternatives)
    guard !isTooLarge, self.alternatives.reduce(0, { $0 &+ $1.count }) <= AttentionMask.maximumRuleCount else {
      return nil
    }
  }
}

/// A mask's JSON is its text.
extension AttentionMask: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let mask = AttentionMask(parsing: text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription:
          "\(quoted(text)) is no mask; these are: full, none, causal, window(n), block(n), first(n), global(n), "
          + "selected, joined by & and, weaker, |")
    }
    self = mask
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
