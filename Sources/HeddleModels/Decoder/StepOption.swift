import HeddleTypes

/// A number that each step of a model may choose, bound to a symbol of the model's graph.
///
/// ```swift
/// for option in model.stepOptions { print(option.symbol, option.range) }
/// try await session.step(ids, outputs: ["logits"], options: [.kept: 8])
/// ```
public struct StepOption: Hashable, Sendable {
  public let symbol: Symbol
  /// What messages call it.
  public let title: String
  public let range: ClosedRange<Int>
  /// What steps that do not choose use.
  public let fallback: Int

  /// How many places of each span of its nested sparse weights a model uses; all, unless a step chooses.
  static func kept(of pattern: SparsityPattern) -> StepOption {
    let most = max(pattern.keptPerSpan, 1)
    return StepOption(symbol: .kept, title: "density", range: 1...most, fallback: most)
  }
}

extension Symbol {
  /// Bound by ``StepOption``s of models with nested sparse weights: the places of each span that a step uses.
  public static let kept: Symbol = "kept"
}

extension LanguageModel {
  /// The bindings of a step that chooses some options: the others have their ``StepOption/fallback``.
  ///
  /// - Throws: ``ModelError/unknownStepOption(_:value:known:)``, ``ModelError/invalidOption(_:value:range:)``.
  public func bindings(choosing chosen: Bindings) throws(ModelError) -> Bindings {
    for (symbol, value) in chosen where !stepOptions.contains(where: { $0.symbol == symbol }) {
      throw .unknownStepOption(symbol.name, value: value, known: stepOptions.map(\.symbol.name))
    }
    var bindings: Bindings = [:]
    for option in stepOptions {
      let value = chosen[option.symbol] ?? option.fallback
      guard option.range.contains(value) else {
        throw .invalidOption(option.title, value: value, range: option.range)
      }
      bindings[option.symbol] = value
    }
    return bindings
  }
}
