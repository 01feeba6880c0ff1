import HeddleTypes

/// Collects the launches of one command list while nodes are lowered.
struct Encoder {
  let graph: Graph
  /// Where elements of inputs, outputs and states lie, if not row-major.
  let layouts: [TensorPlace: TensorLayout]
  /// Where each value lives; nil for constants, which their users place.
  private(set) var views: [ValueID: TensorView] = [:]
  private(set) var launches: [Launch] = []
  private(set) var literals: UniqueList<Literal>
  private(set) var constants: UniqueList<PackedConstant>
  let expertCaches: [ExpertCache]
  let expertPlaces: [ExpertPlace: Int]
  /// What was fetched so far, by the number of the cache.
  var fetched: [Int: FetchedExperts] = [:]
  /// The type of each temporary.
  private(set) var temporaries: [(type: TensorType, node: Int)] = []
  /// Values that must be born in a given place, such as an output's buffer.
  var destinations: [ValueID: TensorView] = [:]
  /// Writes that lead to a state's next value, and the state: these write its own memory, all others a copy.
  var inPlaceWrites: [Int: String] = [:]
  var node = 0
  /// What was chosen for each node so far.
  var choices: [PlannedChoice] = []
  /// Problems met so far: equal ones are described once.
  var problems: [ProblemKey: DescribedProblem] = [:]

  init(
    graph: Graph, literals: UniqueList<Literal>, constants: UniqueList<PackedConstant>,
    layouts: [TensorPlace: TensorLayout] = [:], expertCaches: [ExpertCache] = [],
    expertPlaces: [ExpertPlace: Int] = [:]
  ) {
    self.expertCaches = expertCaches
    self.expertPlaces = expertPlaces
    self.graph = graph
    self.layouts = layouts
    self.literals = literals
    self.constants = constants
  }

  mutating func place(_ value: ValueID, _ view: TensorView) { views[value] = view }

  /// The place of a new result: the one asked for, or a temporary.
  mutating func destination(_ type: TensorType, result: Int = 0) -> TensorView {
    if let wanted = destinations[ValueID(node: node, result: result)] { return wanted }
    return temporary(type)
  }

  mutating func temporary(_ type: TensorType) -> TensorView {
    temporaries.append((type, node))
    return TensorView(buffer: .temporary(temporaries.count &- 1), type: type)
  }

  mutating func literal(_ floats: [Float]) -> BufferReference {
    .literal(literals.insert(Literal(floats: floats)))
  }

  /// A constant in the form that a kernel reads.
  mutating func use(_ constant: PackedConstant) -> BufferReference {
    _ = constants.insert(constant)
    return .constant(constant)
  }

  /// - Parameter itemsAreIndependent: of kernels for many items, whether those of a work-group meet at no barrier.
  mutating func launch(
    _ kernel: KernelReference, _ arguments: [Argument], _ parameters: [(String, Dimension)], global: [Dimension],
    local: [Int], itemsAreIndependent: Bool = false
  ) {
    let all = Encoder.parameters(arguments, parameters)
    var kernel = kernel
    kernel.parameters = all.map(\.name)
    append(
      .kernel(kernel), arguments, all, global: global, local: local, itemsAreIndependent: itemsAreIndependent)
  }

  /// A library's function with these buffers, and parameters beside those of the buffers' places.
  mutating func call(_ call: LibraryCall, _ arguments: [Argument], _ parameters: [(String, Dimension)]) {
    let all = Encoder.parameters(arguments, parameters)
    var call = call
    call.parameters = all.map(\.name)
    append(.call(call), arguments, all, global: [], local: [], itemsAreIndependent: false)
  }

  /// Fetches experts of a cache.
  mutating func fetch(_ cache: Int, _ arguments: [Argument], _ parameters: [(String, Dimension)]) {
    let all = Encoder.parameters(arguments, parameters)
    let fetch = ExpertFetch(cache: cache, parameters: all.map(\.name))
    append(.fetch(fetch), arguments, all, global: [], local: [], itemsAreIndependent: false)
  }

  /// The given parameters, then the strides and offsets of the arguments.
  private static func parameters(
    _ arguments: [Argument], _ given: [(String, Dimension)]
  ) -> [Launch.Parameter] {
    var all: [Launch.Parameter] = given.map { .init(name: $0.0, value: $0.1, base: nil) }
    for (position, argument) in arguments.enumerated() {
      for (name, value) in argument.strides { all.append(.init(name: name, value: value, base: nil, isOfView: true)) }
      guard let name = argument.offsetName else { continue }
      let bytes = argument.elementByteCount
      all.append(.init(name: name, value: argument.view.offset, base: (position, bytes), isOfView: true))
    }
    return all
  }

  private mutating func append(
    _ action: LaunchAction, _ arguments: [Argument], _ parameters: [Launch.Parameter], global: [Dimension],
    local: [Int],
    itemsAreIndependent: Bool
  ) {
    launches.append(
      Launch(
        action: action, buffers: arguments.map(\.view.buffer),
        writes: Set(arguments.indices.filter { arguments[$0].isWritten }), parameters: parameters, global: global,
        local: local, itemsAreIndependent: itemsAreIndependent, node: node))
  }
}

/// One buffer argument of a launch: a view, and the names under which its offset and strides reach the kernel.
struct Argument {
  var view: TensorView
  var offsetName: String?
  var strides: [(String, Dimension)] = []
  var isWritten = false

  /// What the offset counts: bytes of sparse values and of blocks, which have no strides; ints of activations' blocks.
  var elementByteCount: Int {
    let encoding = view.type.encoding
    return encoding == .q8_dynamic ? 4 : encoding.isScalar ? encoding.blockByteCount : 1
  }

  /// A buffer the kernel addresses from its start.
  static func whole(_ buffer: BufferReference) -> Argument {
    Argument(view: TensorView(buffer: buffer, type: TensorType(.float32, [])), offsetName: nil)
  }

  /// A read view; `name` prefixes its parameters: `x_offset`, `x_<stride name>`.
  static func read(_ name: String, _ view: TensorView, _ strides: [(String, Dimension)] = []) -> Argument {
    Argument(view: view, offsetName: "\(name)_offset", strides: strides.map { ("\(name)_\($0.0)", $0.1) })
  }

  /// A written view.
  static func write(_ name: String, _ view: TensorView, _ strides: [(String, Dimension)] = []) -> Argument {
    var argument = read(name, view, strides)
    argument.isWritten = true
    return argument
  }
}
