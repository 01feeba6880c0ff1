#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Graph: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case symbols, nodes, outputs, stateUpdates, origins
  }

  /// Decodes and checks: a graph from a file is as sound as one from a builder.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.members(CodingKeys.self)
    try self.init(
      symbols: container.decode([SymbolDeclaration].self, forKey: .symbols),
      nodes: container.decode([Node].self, forKey: .nodes),
      outputs: container.decode([NamedValue].self, forKey: .outputs),
      stateUpdates: container.decodeIfPresent([NamedValue].self, forKey: .stateUpdates) ?? [],
      origins: container.decodeIfPresent([Origin].self, forKey: .origins))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(symbols, forKey: .symbols)
    try container.encode(nodes, forKey: .nodes)
    try container.encode(outputs, forKey: .outputs)
    try container.encode(stateUpdates, forKey: .stateUpdates)
    try container.encode(origins, forKey: .origins)
  }

  /// The graph as JSON, with sorted keys: the same graph gives the same bytes. Constants are named, not included.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }

  /// Reads what ``json()`` writes.
  ///
  /// - Throws: ``GraphError/invalidJSON(place:problem:)``, or what is wrong with the graph.
  public init(json: Data) throws(GraphError) {
    self = try readJSON(json)
  }
}
