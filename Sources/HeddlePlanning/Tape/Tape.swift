import HeddleTypes

/// Launches of a command list that follow each other and run as one, which walks them as a tape: `Kernels/Tape/walk.cl`.
///
/// Every launch gives what it gives by itself: the walk runs the same kernels' text over the same work-groups, in an order
/// that no kernel depends on. What it saves is what a launch costs beside its work, where a device is slow to begin one.
package struct Tape: Sendable {
  /// A kernel in the program of the tape.
  package struct Function: Hashable, Sendable {
    package var kernel: KernelReference
    /// Its buffer arguments.
    package var bufferCount: Int
    /// Work-items of a work-group, which one item does in turn.
    package var local: [Int]
  }

  /// A launch of the tape.
  package struct Entry: Sendable {
    /// Its kernel, of ``Tape/functions``.
    package var function: Int
    /// Its buffers, of ``Tape/buffers``.
    package var operands: [Int]
    /// The one of ``Tape/buffers`` with weights that it reads from the first to the last byte, if there are any: they do not
    /// depend on what runs before.
    package var weights: Int?
  }

  /// The launches of the list.
  package let launches: Range<Int>
  /// One for each launch.
  package private(set) var entries: [Entry]
  /// Each once.
  package private(set) var functions: [Function]
  /// All that the launches use, each once.
  package let buffers: [BufferReference]

  /// Of `count` launches of the list from `start` on.
  init(_ start: Int, count: Int, of list: [Launch]) {
    var functions = UniqueList<Function>()
    var buffers = UniqueList<BufferReference>()
    var entries: [Entry] = []
    for launch in list.part(from: start, to: start &+ count) {
      guard let kernel = launch.kernel else { continue }
      let function = Function(kernel: kernel, bufferCount: launch.buffers.count, local: launch.local)
      entries.append(
        Entry(
          function: functions.insert(function), operands: launch.buffers.map { buffers.insert($0) },
          weights: launch.weights.map { buffers.insert($0) }))
    }
    launches = Range(uncheckedBounds: (start, start &+ max(0, count)))
    self.entries = entries
    self.functions = functions.elements
    self.buffers = buffers.elements
  }

  /// The tapes of all lists with the functions of all of them: lists of one graph have most kernels in common, and building one
  /// program that walks any of them takes less than building one for each.
  static func sharing(_ lists: [[Tape]]) -> [[Tape]] {
    var functions = UniqueList<Function>()
    let places = lists.map { $0.map { tape in tape.functions.map { functions.insert($0) } } }
    let all = functions.elements
    return zip(lists, places).map { tapes, places in
      zip(tapes, places).map { tape, places in
        var tape = tape
        tape.functions = all
        tape.entries = tape.entries.map { entry in
          var entry = entry
          entry.function = places[at: entry.function] ?? 0
          return entry
        }
        return tape
      }
    }
  }
}

/// Which launches of a list run as tapes.
public enum Taping: String, Hashable, Codable, Sendable, CaseIterable {
  /// None.
  case never
  /// Those of lists whose launches are small, so that beginning one costs as much as its work.
  case whereLaunchesAreSmall = "small"
  /// All that can: how tests reach every kernel.
  case always

  /// Launches are small if they have no more work-groups on average, at the upper bounds of the list's range.
  static let smallGroupCount = 1024
  /// Fewer launches are not worth a program of their own.
  static let leastLaunchCount = 8
}

extension Launch {
  /// The packed weights of a dense product, which reads all of them; experts' weights are read by choice.
  fileprivate var weights: BufferReference? {
    guard kernel?.source == .file("MatMul/direct_wide.cl") else { return nil }
    return buffers.first { if case .constant(let constant) = $0 { constant.layout == .interleavedRows } else { false } }
  }

  /// Whether a tape can run it: a kernel of the project with items that do not meet at barriers.
  var isTapeable: Bool {
    guard let kernel, case .file = kernel.source else { return false }
    return kernel.shape == .wide || itemsAreIndependent
  }
}

extension CommandList {
  /// The tapes of the list, in order: as many launches in each as follow each other and can be in one.
  package func tapes(_ taping: Taping, for target: TargetProfile) -> [Tape] {
    guard target.features.contains(TargetProfile.residentGroups), taping != .never else { return [] }
    if taping == .whereLaunchesAreSmall && !hasSmallLaunches(target) { return [] }
    let least = taping == .always ? 1 : Taping.leastLaunchCount
    var tapes: [Tape] = []
    var start = 0
    for (index, launch) in launches.enumerated() {
      if !launch.isTapeable {
        if index &- start >= least { tapes.append(Tape(start, count: index &- start, of: launches)) }
        start = index &+ 1
      }
    }
    if launches.count &- start >= least { tapes.append(Tape(start, count: launches.count &- start, of: launches)) }
    return tapes
  }

  private func hasSmallLaunches(_ target: TargetProfile) -> Bool {
    var sum = 0.0
    for launch in launches {
      let global = launch.global.map { (try? $0.bounds(range.ranges).upperBound) ?? .max }
      sum += target.groupCounts(global: global, local: launch.local).reduce(1.0) { $0 * Double($1) }
    }
    return sum <= Double(launches.count) * Double(Taping.smallGroupCount)
  }
}
