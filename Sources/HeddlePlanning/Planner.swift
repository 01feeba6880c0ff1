import HeddleText

/// What a caller may ask of planning.
public struct PlanOptions: Sendable {
  /// The bindings to plan for; nil for ``BindingRange/defaults(for:)``.
  public var ranges: [BindingRange]?
  /// Forces kernels of this shape where an operation has one.
  public var shape: KernelShape?
  /// Takes the n-th candidate of each operation (its last if it has fewer), whatever was decided: how tests reach every
  /// variant.
  public var candidate: Int?
  /// What may be chosen from. Nil: a planner is ``Numerics/exact``, a backend what it was made with.
  public var numerics: Numerics?
  /// Which candidates to take instead of the first. They choose among candidates of the shape that is taken anyway,
  /// which all give the same bits in exact numerics. Nil: a planner takes the first, a backend what its ``Tuning`` says.
  public var decisions: (any CandidateDecisions)?
  /// Whether graph passes run first. Off, every node is its own launches.
  public var runsPasses = true
  /// Where elements lie in memory that will be bound; what is not named is row-major.
  public var layouts: [TensorPlace: TensorLayout] = [:]
  /// Which launches run as tapes, where the target can walk them. Results do not depend on it. Nil: a planner's are those of
  /// small launches, a backend's what it was made with.
  public var taping: Taping?

  public init() {}
}

/// Turns a graph into command lists for a target. Pure: the same graph, profile and options give the same plan.
public struct Planner: Sendable {
  public let target: TargetProfile
  public let customKernels: [String: CustomKernel]

  public init(target: TargetProfile, customKernels: [String: CustomKernel] = [:]) {
    self.target = target
    self.customKernels = customKernels
  }

  /// - Throws: ``PlanError`` for an operation the target cannot run, a state that cannot be updated in place, a size
  ///   that does not fit.
  public func plan(_ source: Graph, options: PlanOptions = PlanOptions()) throws(PlanError) -> Plan {
    try source.check(options.layouts)
    let graph = options.runsPasses ? source.fused() : source
    var lists: [CommandList] = []
    var literals = UniqueList<Literal>()
    var constants = UniqueList<PackedConstant>()
    let experts = graph.expertCaches
    for range in options.ranges ?? BindingRange.defaults(for: graph) {
      var encoder = Encoder(
        graph: graph, literals: literals, constants: constants, layouts: options.layouts,
        expertCaches: experts.caches, expertPlaces: experts.places)
      try lower(graph, range: range, options: options, into: &encoder)
      lists.append(try finish(encoder, range: range))
      literals = encoder.literals
      constants = encoder.constants
    }
    return Plan(
      graph: graph, lists: lists, literals: literals.elements, constants: constants.elements,
      expertCaches: experts.caches, layouts: options.layouts,
      tapes: Tape.sharing(lists.map { $0.tapes(options.taping ?? .whereLaunchesAreSmall, for: target) }))
  }

  /// Whether an operation on operands of these types could be planned; weights are taken to be constants, and a symbol
  /// without a range to be anything that 31 bits hold.
  public func support(
    _ operation: any GraphOperation, operands: [TensorType], ranges known: SymbolRanges = [:]
  ) -> Support {
    let ranges = Dictionary(
      operands.flatMap(\.shape).flatMap(\.symbols).map { ($0, 0...Int(Int32.max)) }, uniquingKeysWith: { $1 }
    ).merging(known) { $1 }
    let results: [TensorType]
    do {
      results = try operation.inferResults(Operands(operands, of: operation, ranges: ranges))
    } catch {
      return .unsupported(error.description)
    }
    var problem = Problem(operation, operands, results: results, target: target, ranges: ranges)
    problem.customKernels = customKernels
    do {
      try validate(problem)
      return .supported
    } catch {
      return .unsupported(error.reason)
    }
  }

  private func lower(
    _ graph: Graph, range: BindingRange, options: PlanOptions, into encoder: inout Encoder
  ) throws(PlanError) {
    let weightOnly = graph.weightOnlyConcatenations()
    encoder.assignOutputDestinations()
    encoder.inPlaceWrites = graph.inPlaceWrites()
    for (index, node) in graph.nodes.enumerated() {
      encoder.node = index
      if case .leaf(let leaf) = graph.effect(of: node) {
        if let buffer = BufferReference(leaf) {
          encoder.place(ValueID(node: index), encoder.home(buffer, node.result()))
        }
        continue
      }
      if weightOnly.contains(index) { continue }
      var problem = Problem(index, node, in: graph, target: target, ranges: range.ranges)
      problem.customKernels = customKernels
      try encoder.fetchExperts(of: node)
      let results = try lower(problem, options, &encoder)
      for (result, view) in results.enumerated() { encoder.place(ValueID(node: index, result: result), view) }
    }
    try encoder.checkStates()
    // Outputs may show a state as it was before the run.
    try encoder.finishOutputs()
    try encoder.finishStates()
  }

  /// A launch must fit the target, and its numbers 64 bits.
  private func check(_ launch: Launch, _ graph: Graph, _ ranges: SymbolRanges) throws(PlanError) {
    let (node, origin) = (graph.producer(of: ValueID(node: launch.node)), graph.origin(of: launch.node))
    for value in launch.global + launch.parameters.map(\.value) where value.isOverflowed {
      throw .type(.dimensionOverflow("\(node.results)"), origin)
    }
    func refusal(_ reason: String) -> PlanError {
      .unsupported(
        node.operation.name, operands: graph.operandTypes(of: node), reason: reason, origin)
    }
    if launch.local.reduce(1, &*) > target.maximumWorkGroupSize {
      throw refusal("work-groups of \(launch.local) items do not fit \(target.maximumWorkGroupSize)")
    }
    // What only some bindings exceed is refused when such a binding is run.
    let least = launch.global.map { (try? $0.bounds(ranges).lowerBound) ?? 0 }
    let groups = target.groupCounts(global: least, local: launch.local)
    if !target.takes(groups: groups) {
      throw refusal("\(groups) work-groups, the device takes \(target.maximumGroupCounts)")
    }
  }

  /// Places temporaries.
  private func finish(_ encoder: Encoder, range: BindingRange) throws(PlanError) -> CommandList {
    var temporaries: [Temporary] = []
    for (type, node) in encoder.temporaries {
      let temporary = Temporary(byteCount: type.byteCount)
      do {
        _ = try temporary.byteCount.bounds(range.ranges)
      } catch {
        throw .type(error, encoder.graph.origin(of: node))
      }
      temporaries.append(temporary)
    }
    var launches: [Launch] = []
    for (index, var launch) in encoder.launches.enumerated() {
      try check(launch, encoder.graph, range.ranges)
      let buffers = launch.buffers
      for case .temporary(let id) in buffers {
        temporaries.update(at: id) { $0.life = ClosedRange(between: $0.life?.lowerBound ?? index, index) }
      }
      for position in launch.parameters.indices {
        launch.parameters.update(at: position) { parameter in
          guard let base = parameter.base, case .temporary(let id)? = buffers[at: base.buffer] else { return }
          parameter.temporary = id
        }
      }
      launch.buffers = buffers.map { if case .temporary = $0 { .arena } else { $0 } }
      launches.append(launch)
    }
    let whole: ArenaLayout
    do { whole = try ArenaLayout(launches, temporaries, for: range.ranges) } catch { throw .type(error, Origin()) }
    return CommandList(
      range: range, launches: launches, wholeArena: whole, temporaries: temporaries, choices: encoder.choices)
  }
}
