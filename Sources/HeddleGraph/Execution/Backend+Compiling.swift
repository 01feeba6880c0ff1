/// What graphs without constants are compiled with: always the same, so that an executable that is there is found again.
private let noConstants = ConstantStore()

extension Backend {
  /// Compiles a graph that has no constants.
  ///
  /// - Throws: what ``compile(_:constants:)`` throws; ``TypeError/unknownConstant(_:)`` if the graph has some.
  public func compile(_ graph: Graph) async throws -> any Executable {
    try await compile(graph, constants: noConstants)
  }
}
