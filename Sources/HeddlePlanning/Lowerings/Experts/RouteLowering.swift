/// `route`: `Kernels/Experts/route.cl`.
enum RouteLowering: Lowering {
  /// Items of a work-group: one where kernels are wide.
  typealias Candidate = Int

  static func plan(_ problem: Problem<Route>) -> [Int] { [1, problem.target.workGroupSize(64)] }
  static func shape(of candidate: Int) -> KernelShape { candidate == 1 ? .wide : .simt }
  static func name(of candidate: Int) -> String { "\(shape(of: candidate)) \(candidate)" }

  static func encode(
    _ candidate: Int, _ problem: Problem<Route>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let route = problem.operation
    let logits = try encoder.rows(problem["logits"])
    let (tokens, experts) = (logits.type.extent(0), logits.type.extent(1))
    let groups = Dimension(route.groups?.count ?? 1)
    let indices = encoder.destination(problem.result)
    let weights = encoder.destination(TensorType(.float32, problem.result.shape), result: 1)
    let scores = encoder.temporary(TensorType(.float32, [tokens, experts]))
    let choices = encoder.temporary(TensorType(.float32, [tokens, experts]))
    let totals = encoder.temporary(TensorType(.float32, [tokens, groups]))
    /// An operand, or logits in the place of one that is not there.
    func given(_ role: String, _ isThere: Bool, _ encoder: inout Encoder) throws(PlanError) -> Argument {
      .read(role, isThere ? try encoder.contiguous(problem[role]) : logits)
    }
    let reads = [
      try given("bias", route.bias, &encoder), try given("load", route.load, &encoder),
      try given("table", route.table, &encoder), try given("ids", route.table, &encoder),
    ]
    let vocabulary = route.table ? problem["table"].type.extent(0) : 0
    encoder.launch(
      KernelReference(
        source: .file("Experts/route.cl"), entry: candidate == 1 ? "route_wide" : "route_simt",
        defines: defines(problem, candidate), parameters: []),
      [.read("logits", logits, [("stride", logits.stride(0))])] + reads + [
        .write("scores", scores), .write("choices", choices), .write("totals", totals), .write("indices", indices),
        .write("weights", weights),
      ],
      [
        ("experts", experts), ("count", Dimension(route.count)), ("groups", groups),
        ("kept", Dimension(route.groups?.kept ?? 1)), ("used", route.used ?? Dimension(route.count)),
        ("vocabulary", vocabulary),
      ], global: [Dimension(candidate), tokens], local: [candidate, 1])
    return [indices, weights]
  }

  private static func defines(_ problem: Problem<Route>, _ localSize: Int) -> [String: String] {
    let route = problem.operation
    let scores =
      switch route.scores {
      case .softmax: 0
      case .sigmoid: 1
      case .sqrtSoftplus: 2
      case .softmaxOfChosen: 3
      }
    let best =
      switch route.groups?.score {
      case nil: 0
      case .greatest: 1
      case .sumOfTwoGreatest: 2
      }
    func flag(_ value: Bool) -> String { value ? "1" : "0" }
    return [
      "LOCAL_SIZE": "\(localSize)", "SCORES": "\(scores)", "GROUP_BEST": "\(best)",
      "TEMPERATURE_BITS": KernelReference.define(route.temperature),
      "SCALE_BITS": KernelReference.define(route.scale), "EPSILON_BITS": KernelReference.define(route.epsilon),
      "HAS_BIAS": flag(route.bias), "HAS_LOAD": flag(route.load), "HAS_TABLE": flag(route.table),
      "NORMALIZES": flag(route.normalizes),
      "LOAD": route.load && problem["load"].type.encoding == .int32 ? "int" : "float",
    ]
  }
}
