import ArgumentParser
import Heddle

/// `--density`: how much of nested sparse weights is used.
struct DensityOption: ParsableArguments {
  @Option(
    help: """
      Of a model with nested sparse weights, the places of each span that are used: a number, or EASY-HARD to choose \
      between two for each token by how sure the model was of the last.
      """)
  var density: Density = .full
}

extension Density: ExpressibleByArgument {
  public init?(argument: String) {
    let numbers = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    switch numbers.count {
    case 1:
      guard let kept = numbers[0] else { return nil }
      self = .kept(kept)
    case 2:
      guard let easy = numbers[0], let hard = numbers[1], easy <= hard else { return nil }
      self = .adaptive(DensityPolicy(easy: easy, hard: hard))
    default: return nil
    }
  }

  public var defaultValueDescription: String { "all" }
}
