import HeddleTypes

/// What the matrices of a model are pruned to.
///
/// | name | |
/// |---|---|
/// | `2:4`, `vw16:32`, `nvw16:32`, `block32@75` | a ``SparsityPattern`` by its name |
/// | `16:32` | the vector-wise `vw16:32`: any N:M that is no pattern of single rows |
/// | `channels@25` | 25 % of the hidden channels of every feed-forward block left out: smaller dense matrices |
public enum PruningTarget: Hashable, Sendable {
  case pattern(SparsityPattern)
  /// 1…99 percent.
  case channels(percent: Int)

  /// The target called `name`, if there is one.
  public init?(name: String) {
    let prefix = "channels@"
    if let pattern = SparsityPattern(name: name) ?? SparsityPattern(name: "vw\(name)") {
      self = .pattern(pattern)
    } else if name.hasPrefix(prefix), let percent = Int(name.dropFirst(prefix.count)), (1...99).contains(percent),
      name == "\(prefix)\(percent)"
    {
      self = .channels(percent: percent)
    } else {
      return nil
    }
  }
}

extension PruningTarget: CustomStringConvertible {
  public var description: String {
    switch self {
    case .pattern(let pattern): pattern.name
    case .channels(let percent): "channels@\(percent)"
    }
  }
}
