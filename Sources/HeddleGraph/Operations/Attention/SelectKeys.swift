/// The selection of ``AttentionRoles`` that a list of keys, or of blocks of keys, makes.
///
/// ```
/// y[t, g, ⌊j / 32⌋] has bit j mod 32   if   ⌊j / block⌋ ∈ indices[⌊t / queries⌋, g, :],   0 ≤ j < keys
/// ```
///
/// - indices `[R, G, N]` int32, in any order, some perhaps more than once; result `[R · queries, G, ⌈keys / 32⌉]` int32.
/// - Attention is fastest where neighbours select alike: blocks of 64 ``queries`` that share a list, as blocks of keys do.
/// - An index that names no key of 0 ..< keys names none: −1 fills a list that is shorter than others.
public struct SelectKeys: GraphOperation {
  public static let description = OperationDescription(
    "selectKeys", family: "Attention",
    "y[t, g, ⌊j / 32⌋] has bit j mod 32 if ⌊j / block⌋ is one of indices[⌊t / queries⌋, g, :], j < keys",
    operands: [.init("indices", "[R, G, N] i32")],
    members: [
      .init("keys", .dimension), .init("block", .integer, default: "1"), .init("queries", .integer, default: "1"),
    ], result: "[R · queries, G, ⌈keys / 32⌉] i32")

  /// How many keys there are.
  public var keys: Dimension
  /// How many keys an index names.
  public var block: Int
  /// How many queries, one after the other, a list is for.
  public var queries: Int

  public init(keys: Dimension, block: Int = 1, queries: Int = 1) {
    self.keys = keys
    self.block = block
    self.queries = queries
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let indices = try operands.int32("indices", rank: 3)
    guard (1...Int(Int32.max)).contains(block) else {
      throw .attribute("block", "must be 1 to \(Int32.max), got \(block)")
    }
    guard (1...Int(Int32.max)).contains(queries) else {
      throw .attribute("queries", "must be 1 to \(Int32.max), got \(queries)")
    }
    try operands.require(keys, "keys")
    return [
      TensorType(.int32, [indices.extent(0) * Dimension(queries), indices.extent(1), keys.dividedRoundingUp(by: 32)])
    ]
  }
}

extension SelectKeys {
  private enum CodingKeys: String, CodingKey, CaseIterable { case keys, block, queries }

  /// Blocks may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    self.init(
      keys: try members.decode(Dimension.self, forKey: .keys),
      block: try members.decodeIfPresent(Int.self, forKey: .block) ?? 1,
      queries: try members.decodeIfPresent(Int.self, forKey: .queries) ?? 1)
  }
}

extension GraphBuilder {
  /// ``SelectKeys``
  public func selectKeys(
    _ indices: Value, of keys: Dimension, block: Int = 1, queries: Int = 1, label: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(SelectKeys(keys: keys, block: block, queries: queries), [indices], label, file, line)
  }
}
