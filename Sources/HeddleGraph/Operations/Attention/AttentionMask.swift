import HeddleText

/// Which keys a query of ``Attention`` sees: a union of intersections of rules.
///
/// ```swift
/// AttentionMask.causal & .window(1024)                     // .slidingWindow(1024)
/// AttentionMask.causal & (.window(1024) | .first(4))       // and the first four keys, always
/// AttentionMask.block(64) | .global(8)                     // .localGlobal(block: 64, global: 8)
/// ```
///
/// A query at position p and a key at j, both counted from 0: keys that no rule leaves are not read, and what attention costs
/// follows the chunks of 64 keys in which some are left.
public struct AttentionMask: Hashable, Sendable {
  public enum Rule: Hashable, Sendable {
    /// j ≤ p
    case causal
    /// ∣p − j∣ < n
    case window(Int)
    /// ⌊j / n⌋ = ⌊p / n⌋
    case block(Int)
    /// j < n: the first keys are seen by all.
    case first(Int)
    /// j < n or p < n: the first keys are seen by all, and see all.
    case global(Int)
    /// The key is one of the query's selection, an operand: see ``AttentionRoles``.
    case selected
  }

  /// A key is seen if all rules of one of these allow it; an empty one allows all.
  public private(set) var alternatives: [[Rule]]
  /// Whether it would have had more than ``maximumRuleCount`` alternatives, or rules in one: no operation takes it.
  private(set) var isTooLarge = false

  public init(anyOf alternatives: [[Rule]]) {
    self.alternatives = []
    for rules in alternatives {
      var all: [Rule] = []
      for rule in rules where !all.contains(rule) {
        all.append(rule)
        isTooLarge = isTooLarge || all.count > AttentionMask.maximumRuleCount
        guard !isTooLarge else { return }
      }
      if !self.alternatives.contains(where: { $0.allSatisfy(all.contains) }) { self.alternatives.append(all) }
      isTooLarge = self.alternatives.count > AttentionMask.maximumRuleCount
      guard !isTooLarge else { return }
    }
  }

  private init(_ rule: Rule) { self.init(anyOf: [[rule]]) }

  /// Every key.
  public static let full = AttentionMask(anyOf: [[]])
  /// j ≤ p
  public static let causal = AttentionMask(.causal)
  /// ∣p − j∣ < n
  public static func window(_ n: Int) -> AttentionMask { AttentionMask(.window(n)) }
  /// ⌊j / n⌋ = ⌊p / n⌋
  public static func block(_ n: Int) -> AttentionMask { AttentionMask(.block(n)) }
  /// j < n
  public static func first(_ n: Int) -> AttentionMask { AttentionMask(.first(n)) }
  /// j < n or p < n
  public static func global(_ n: Int) -> AttentionMask { AttentionMask(.global(n)) }
  /// Keys that the operand `selection` names: see ``AttentionRoles``.
  public static let selected = AttentionMask(.selected)
  /// p − n < j ≤ p: the last n keys, its own among them.
  public static func slidingWindow(_ n: Int) -> AttentionMask { causal & window(n) }
  /// Each block of tokens sees itself, and the first tokens see all and are seen by all.
  public static func localGlobal(block: Int, global: Int) -> AttentionMask { .block(block) | .global(global) }

  /// What both leave.
  public static func & (left: AttentionMask, right: AttentionMask) -> AttentionMask {
    var both = AttentionMask(anyOf: [])
    both.isTooLarge = left.isTooLarge || right.isTooLarge
    for one in left.alternatives {
      if both.isTooLarge { break }
      both = both | AttentionMask(anyOf: right.alternatives.map { one + $0 })
    }
    return both
  }

  /// What either leaves.
  public static func | (left: AttentionMask, right: AttentionMask) -> AttentionMask {
    var either = AttentionMask(anyOf: left.alternatives + right.alternatives)
    either.isTooLarge = either.isTooLarge || left.isTooLarge || right.isTooLarge
    return either
  }

  /// Whether the query at position p sees the key at j, which its selection names or not.
  public func sees(query p: Int, key j: Int, isSelected: Bool = false) -> Bool {
    alternatives.contains { rules in
      rules.allSatisfy { rule in
        switch rule {
        case .causal: j <= p
        case .window(let n): n > 0 && (p &- j).magnitude < n.magnitude
        case .block(let n): n > 0 && j.divided(by: n) == p.divided(by: n)
        case .first(let n): j < n
        case .global(let n): j < n || p < n
        case .selected: isSelected
        }
      }
    }
  }

  /// The most rules that a mask may have.
  public static let maximumRuleCount = 64

  /// Whether queries see keys, none of them one after its own.
  package var isCausal: Bool { !alternatives.isEmpty && alternatives.allSatisfy { $0.contains(.causal) } }

  /// Whether a rule asks for a selection.
  package var isSelecting: Bool { alternatives.contains { $0.contains(.selected) } }

  /// Whether what a query sees does not depend on its position.
  var isPlaceless: Bool {
    alternatives.allSatisfy { rules in
      rules.allSatisfy { rule in
        switch rule {
        case .first, .selected: true
        case .causal, .window, .block, .global: false
        }
      }
    }
  }

  func check() throws(InferenceError) {
    let rules = alternatives.flatMap { $0 }
    guard !isTooLarge, rules.count <= AttentionMask.maximumRuleCount else {
      throw .attribute("mask", "has more than \(AttentionMask.maximumRuleCount) rules")
    }
    for rule in rules {
      guard let extent = rule.extent else { continue }
      guard (1...Int(Int32.max)).contains(extent) else {
        throw .attribute("mask", "\(rule) must be of 1 to \(Int32.max)")
      }
    }
  }
}

extension AttentionMask.Rule {
  /// The n of a rule.
  package var extent: Int? {
    switch self {
    case .causal, .selected: nil
    case .window(let n), .block(let n), .first(let n), .global(let n): n
    }
  }
}
