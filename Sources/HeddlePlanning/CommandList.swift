/// One kernel launch, or one call of a library that launches its own, as data. Everything that depends on bindings is a
/// ``Dimension``.
public struct Launch: Sendable {
  /// A uniform the kernel reads by name.
  public struct Parameter: Sendable {
    public var name: String
    public var value: Dimension
    /// The buffer of ``Launch/buffers`` whose place in the arena is added, counted in elements of `elementByteCount`.
    public var base: (buffer: Int, elementByteCount: Int)?
    /// Whether it depends on how an operand lies in memory.
    var isOfView = false
  }

  public var kernel: KernelReference
  /// The kernel's buffer arguments, in order.
  public var buffers: [BufferReference]
  /// Positions in ``buffers`` that the launch writes.
  public var writes: Set<Int>
  public var parameters: [Parameter]
  /// Work-items; a zero extent means there is nothing to do.
  public var global: [Dimension]
  public var local: [Int]
  /// The node this belongs to.
  public var node: Int
}

/// The launches of one graph for one range of bindings, in order, with memory planned.
public struct CommandList: Sendable {
  public let range: BindingRange
  public let launches: [Launch]
  /// Distinct parameter blocks; launches share equal ones. `blockOfLaunch[i]` is where launch i's block starts.
  public let parameterValues: [Dimension]
  public let blockOfLaunch: [Int]
  /// Bytes all intermediates need at the range's upper bounds.
  public let arenaByteCount: Int
  /// What was chosen for each node that is lowered, in order: ``Plan/choiceTable()`` prints it.
  public let choices: [PlannedChoice]

  /// Every kernel of the list once; calls of libraries are not among them.
  public var kernels: [KernelReference] { references.filter { $0.library == nil } }

  /// Every call of a library once.
  public var libraryCalls: [KernelReference] { references.filter { $0.library != nil } }

  private var references: [KernelReference] {
    var seen: Set<KernelReference> = []
    return launches.map(\.kernel).filter { seen.insert($0).inserted }
  }
}

/// Values a table holds that the plan computed, in a kernel's own order.
public struct Literal: Hashable, Sendable {
  public var floats: [Float]
}

/// A graph planned for a device: one command list a range of bindings, and the constants in their packed forms.
public struct Plan: Sendable {
  public let graph: Graph
  public let lists: [CommandList]
  public let literals: [Literal]
  public let constants: [PackedConstant]
  /// Where elements lie in memory that is bound, if not row-major.
  public let layouts: [BufferReference: TensorLayout]

  /// The list to replay at these bindings, if one covers them.
  public func listIndex(for bindings: Bindings) -> Int? { lists.firstIndex { $0.range.contains(bindings) } }
}
