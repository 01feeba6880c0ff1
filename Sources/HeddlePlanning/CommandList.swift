/// One kernel launch, one call of a library that launches its own, or what is fetched before, as data. Everything that depends on bindings is a
/// ``Dimension``.
public struct Launch: Sendable {
  /// A uniform the kernel reads by name.
  public struct Parameter: Sendable {
    public var name: String
    public var value: Dimension
    /// The buffer of ``Launch/buffers`` whose place in the arena is added, counted in elements of `elementByteCount`.
    public var base: (buffer: Int, elementByteCount: Int)?
    /// The intermediate that buffer is, once memory is planned.
    var temporary: Int?
    /// Whether it depends on how an operand lies in memory.
    var isOfView = false
  }

  public var action: LaunchAction
  /// The kernel's or the library's buffer arguments, in order.
  public var buffers: [BufferReference]
  /// Positions in ``buffers`` that the launch writes.
  public var writes: Set<Int>
  public var parameters: [Parameter]
  /// Work-items of a kernel; a zero extent means there is nothing to do. A library cuts its work itself: none.
  public var global: [Dimension]
  /// Work-items of a work-group; none for a library.
  public var local: [Int]
  /// Whether the items of a work-group meet at no barrier, so that one could do them in turn.
  public var itemsAreIndependent = false
  /// The node this belongs to.
  public var node: Int

  /// The kernel, if one is launched.
  public var kernel: KernelReference? { if case .kernel(let kernel) = action { kernel } else { nil } }

  /// The library's function, if one is called.
  public var call: LibraryCall? { if case .call(let call) = action { call } else { nil } }

  /// The experts to fetch, if some are.
  public var fetch: ExpertFetch? { if case .fetch(let fetch) = action { fetch } else { nil } }
}

/// The launches of one graph for one range of bindings, in order, with memory planned.
public struct CommandList: Sendable {
  public let range: BindingRange
  public let launches: [Launch]
  /// Where intermediates lie if there is room for the range's upper bounds.
  package let wholeArena: ArenaLayout
  let temporaries: [Temporary]
  /// What was chosen for each node that is lowered, in order: ``Plan/choiceTable()`` prints it.
  public let choices: [PlannedChoice]

  /// Distinct parameter blocks; launches share equal ones. `blockOfLaunch[i]` is where launch i's block starts.
  public var parameterValues: [Dimension] { wholeArena.parameterValues }
  public var blockOfLaunch: [Int] { wholeArena.blockOfLaunch }
  /// Bytes all intermediates need at the range's upper bounds.
  public var arenaByteCount: Int { wholeArena.byteCount }

  /// Where intermediates lie if there is room for a part of the list's range.
  ///
  /// - Throws: ``TypeError`` if a size does not fit `Int`, which in a part of the range it does.
  package func arena(for part: BindingRange) throws(TypeError) -> ArenaLayout {
    try ArenaLayout(launches, temporaries, for: part.ranges)
  }

  /// Every kernel of the list once, without the calls of libraries.
  public var kernels: [KernelReference] {
    var seen: Set<KernelReference> = []
    return launches.compactMap(\.kernel).filter { seen.insert($0).inserted }
  }

  /// Every call of a library once.
  public var libraryCalls: [LibraryCall] {
    var seen: Set<LibraryCall> = []
    return launches.compactMap(\.call).filter { seen.insert($0).inserted }
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
  /// Weights of which a session has some experts at a time.
  public let expertCaches: [ExpertCache]
  /// Where elements lie in memory that is bound, if not row-major.
  public let layouts: [TensorPlace: TensorLayout]
  /// Of each list, which launches run as one.
  package var tapes: [[Tape]]

  /// The kernels of launches that no tape runs, each once.
  package var kernelsBesideTapes: [KernelReference] {
    let kernels = zip(lists, tapes).map { list, tapes in
      list.launches.enumerated().compactMap { index, launch in
        tapes.contains { $0.launches.contains(index) } ? nil : launch.kernel
      }
    }
    return UniqueList(kernels.joined()).elements
  }

  /// The list to replay at these bindings, if one covers them.
  public func listIndex(for bindings: Bindings) -> Int? { lists.firstIndex { $0.range.contains(bindings) } }
}
