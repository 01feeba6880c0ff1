import CHeddle
import HeddleGraph
import Synchronization

/// A graph under construction, for one thread at a time.
///
/// A `heddle_value` is `tag · 2⁴⁰ + index`: the builder it belongs to and its place among the builder's values. Tags count
/// from 1 in this process, so 0 and what no builder has given can be told from another builder's value.
final class BuilderObject: HandleObject, @unchecked Sendable {
  static let kind = HandleKind.builder

  private static let indexBits: UInt64 = 40
  private static let lastTag = Atomic<UInt64>(0)

  private let tag: UInt64
  /// Only for whoever set ``isBusy``.
  private var draft = GraphDraft()
  private let isBusy = Atomic(false)

  init() throws(Failure) {
    tag = BuilderObject.lastTag.wrappingAdd(1, ordering: .relaxed).newValue
    guard tag < 1 << (64 - BuilderObject.indexBits) else {
      throw Failure(HEDDLE_OUT_OF_MEMORY, "this process has made \(tag &- 1) builders, as many as there can be")
    }
  }

  /// Changes the graph, unless another thread is at it.
  func withDraft<Result>(_ body: (inout GraphDraft) throws -> Result) throws -> Result {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
      throw Failure(HEDDLE_BUSY, "another thread is using the builder")
    }
    defer { isBusy.store(false, ordering: .releasing) }
    return try body(&draft)
  }

  /// What C code calls the value at a place of the draft.
  func handle(_ index: Int) -> heddle_value { tag << BuilderObject.indexBits | UInt64(truncatingIfNeeded: index) }

  /// The place of a value in the draft, which may be past its end.
  func index(of value: heddle_value) throws(Failure) -> Int {
    let other = value >> BuilderObject.indexBits
    if other == tag { return Int(value & (1 << BuilderObject.indexBits - 1)) }
    guard (1...max(1, BuilderObject.lastTag.load(ordering: .relaxed))).contains(other) else {
      throw .argument("\(value) is no value of a builder")
    }
    throw Failure(HEDDLE_INVALID_GRAPH, "\(value) is a value of another builder")
  }
}
