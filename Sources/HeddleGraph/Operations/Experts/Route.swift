/// Chooses `count` experts for each token, and how much of each.
///
/// ```
/// z = logits[t, :] / temperature        s[e] = scores(z)[e] / (load[e] + epsilon)        c[e] = s[e] + bias[e]
/// indices[t, :] = the greatest c of the kept groups, in order         weights[t, j] = scale · s[indices[t, j]]
/// ```
///
/// - logits `[T, E]` float32; optional bias `[E]` float32, of the choice only; optional load `[E]` float32 or int32.
///   Results indices `[T, count]` int32 and weights `[T, count]` float32. T tokens, E experts.
/// - ``Scores``: `softmax`, `sigmoid`, `sqrtSoftplus` √log(1 + exp(z)); `softmaxOfChosen` chooses by z itself, and its
///   weights are the softmax of what was chosen.
/// - Of equal c the lowest index is first. A c that is NaN is after all numbers: it is chosen where no number is left, and
///   its weight is NaN. The softmax of a row with a NaN, or with +∞, or of −∞ throughout, is NaN throughout.
/// - ``Groups-swift.struct``: E experts in groups of neighbours; only experts of the `kept` groups of greatest score are chosen.
/// - ``normalizes``: weights are divided by `Σ_j weights[t, j] + 1e-20` before they are scaled.
/// - With ``used``, the places of a token behind that many hold no expert: index −1, weight 0, no part of the sum. A bound
///   symbol there lets one graph use few experts at first and more later.
/// - With a table `[V, count]` int32 and ids `[T]` int32 there is no choice: `indices[t, :] = table[ids[t], :]`. Where that
///   is no expert, or the id none of the table, the index is −1 and the weight 0.
/// - Source: DeepSeek-AI, *DeepSeek-V3 Technical Report*, 2024; Jiang et al., *Mixtral of Experts*, 2024.
public struct Route: GraphOperation {
  public static let description = OperationDescription(
    "route", family: "Experts",
    "the count experts of greatest scores(logits / temperature) / (load + epsilon) + bias, in order, and scale · their scores",
    operands: [
      .init("logits", "[T, E] f32"), .init("bias", "[E] f32", isOptional: true, flag: "bias"),
      .init("load", "[E] f32 or i32", isOptional: true, flag: "load"),
      .init("table", "[V, count] i32", isOptional: true, flag: "table"),
      .init("ids", "[T] i32", isOptional: true, flag: "table"),
    ],
    members: [
      .init("count", .integer),
      .init("scores", .choice, choices: Scores.allCases.map(\.rawValue), default: "\"softmax\""),
      .init("temperature", .number, default: "1"),
      .init(
        "groups", .object,
        members: [
          .init("count", .integer), .init("kept", .integer),
          .init("score", .choice, choices: Groups.Score.allCases.map(\.rawValue), default: "\"greatest\""),
        ], default: "null"),
      .init("used", .dimension, default: "null"),
      .init("normalizes", .flag, default: "false"), .init("scale", .number, default: "1"),
      .init("epsilon", .number, default: "1"), .init("bias", .flag, default: "false"),
      .init("load", .flag, default: "false"), .init("table", .flag, default: "false"),
    ], result: "indices [T, count] i32, and weights [T, count] f32")

  /// What makes scores of logits.
  public enum Scores: String, Hashable, Codable, Sendable, CaseIterable, ChoiceText {
    case softmax, sigmoid, sqrtSoftplus, softmaxOfChosen

    static let meaning = "scores of experts"
  }

  /// How many experts a token has.
  public var count: Int
  public var scores: Scores
  public var temperature: Float
  /// Nil: all experts are one group.
  public var groups: Groups?
  /// How many of the `count` places hold an expert; nil for all.
  public var used: Dimension?
  /// Whether weights are divided by their sum.
  public var normalizes: Bool
  public var scale: Float
  /// Added to the load.
  public var epsilon: Float
  /// Whether there is an operand of that name.
  public var bias: Bool
  /// Whether there is an operand of that name.
  public var load: Bool
  /// Whether there are a table and ids.
  public var table: Bool

  public init(
    count: Int, scores: Scores = .softmax, temperature: Float = 1, groups: Groups? = nil,
    used: Dimension? = nil, normalizes: Bool = false, scale: Float = 1, epsilon: Float = 1, bias: Bool = false,
    load: Bool = false, table: Bool = false
  ) {
    self.count = count
    self.scores = scores
    self.temperature = temperature
    self.groups = groups
    self.used = used
    self.normalizes = normalizes
    self.scale = scale
    self.epsilon = epsilon
    self.bias = bias
    self.load = load
    self.table = table
  }

  public var roles: [OperandRole] {
    Self.description.operands.filter { role in
      switch role.name {
      case "bias": bias
      case "load": load
      case "table", "ids": table
      default: true
      }
    }
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let logits = try operands.float32("logits", rank: 2)
    let (tokens, experts) = (logits.extent(0), logits.extent(1))
    guard let width = experts.constant, (0...Int(Int32.max)).contains(width) else {
      throw .type("the experts of logits must be a fixed number, at most \(Int32.max), got \(logits)")
    }
    guard (1...Int(Int32.max)).contains(count) else {
      throw .attribute("count", "must be 1 to \(Int32.max), got \(count)")
    }
    guard table || count <= width else {
      throw .attribute("count", "must be at most the \(width) experts, got \(count)")
    }
    guard temperature > 0, temperature.isFinite, scale.isFinite, epsilon >= 0, epsilon.isFinite else {
      throw .attribute("temperature, scale and epsilon", "must be finite, and positive or for epsilon not negative")
    }
    try checkVectors(operands, experts)
    if let groups { try groups.check(experts: width, chosen: count) }
    if let used { try operands.require(used, "the used experts", atMost: Dimension(count)) }
    try checkTable(operands, tokens)
    let shape = [tokens, Dimension(count)]
    return [TensorType(.int32, shape), TensorType(.float32, shape)]
  }

  /// What there is of each expert.
  private func checkVectors(_ operands: Operands, _ experts: Dimension) throws(InferenceError) {
    if bias {
      let type = try operands.float32("bias", rank: 1)
      try operands.equal(type.extent(0), experts, "the experts of bias and logits")
    }
    guard load else { return }
    let type = try operands["load"]
    guard type.encoding == .float32 || type.encoding == .int32 else {
      throw .encoding(operand: "load", expected: "f32 or i32", got: type)
    }
    guard type.rank == 1 else { throw .rank(operand: "load", expected: "1", got: type) }
    try operands.equal(type.extent(0), experts, "the experts of load and logits")
    guard scores != .softmaxOfChosen else { throw .attribute("load", "has no part in the softmax of what is chosen") }
  }

  private func checkTable(_ operands: Operands, _ tokens: Dimension) throws(InferenceError) {
    guard table else { return }
    guard !bias, groups == nil else { throw .attribute("table", "leaves nothing for bias or groups to choose") }
    let (listed, ids) = (try operands.int32("table", rank: 2), try operands.int32("ids", rank: 1))
    try operands.equal(listed.extent(1), Dimension(count), "the experts of table and count")
    try operands.equal(ids.extent(0), tokens, "the tokens of ids and logits")
  }
}

extension Route {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case count, scores, temperature, groups, used, normalizes, scale, epsilon, bias, load, table
  }

  /// All but the count may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    func flag(_ key: CodingKeys) throws -> Bool { try members.decodeIfPresent(Bool.self, forKey: key) ?? false }
    func number(_ key: CodingKeys) throws -> Float { try members.decodeIfPresent(Float.self, forKey: key) ?? 1 }
    self.init(
      count: try members.decode(Int.self, forKey: .count),
      scores: try members.decodeIfPresent(Scores.self, forKey: .scores) ?? .softmax,
      temperature: try number(.temperature), groups: try members.decodeIfPresent(Groups.self, forKey: .groups),
      used: try members.decodeIfPresent(Dimension.self, forKey: .used),
      normalizes: try flag(.normalizes), scale: try number(.scale), epsilon: try number(.epsilon),
      bias: try flag(.bias),
      load: try flag(.load), table: try flag(.table))
  }
}

extension GraphBuilder {
  /// ``Route``, with what is given of its operands.
  public func route(
    _ logits: Value, count: Int, scores: Route.Scores = .softmax, temperature: Float = 1, groups: Route.Groups? = nil,
    used: Dimension? = nil, normalizes: Bool = false, scale: Float = 1, bias: Value? = nil, load: Value? = nil,
    epsilon: Float = 1,
    table: Value? = nil, ids: Value? = nil, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> (indices: Value, weights: Value) {
    let route = Route(
      count: count, scores: scores, temperature: temperature, groups: groups, used: used, normalizes: normalizes,
      scale: scale, epsilon: epsilon, bias: bias != nil, load: load != nil, table: table != nil)
    let operands = [logits] + [bias, load, table, ids].compactMap { $0 }
    let results = try apply(route, operands, label: label, file: file, line: line)
    guard let indices = results.first, let weights = results.dropFirst().first else {
      throw .invalidOperation(Route.name, operands: [], .type("gives no weights"), Origin(file: file, line: line))
    }
    return (indices, weights)
  }
}
