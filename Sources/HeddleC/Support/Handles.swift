import CHeddle
import HeddleText
import Synchronization

/// What a handle can stand for. The raw value is part of the handle.
enum HandleKind: UInt8 {
  case backend = 1
  case constants, builder, graph, executable, session, model, modelSession

  var name: String { self == .modelSession ? "heddle_model_session" : "heddle_\(self)" }
}

/// An object of the C interface.
protocol HandleObject: AnyObject, Sendable {
  static var kind: HandleKind { get }

  /// Stops what is under way and waits for it. Called once, before the last reference to the object goes.
  func close()
}

extension HandleObject {
  func close() {}
}

/// Every object that C code has a handle of.
///
/// A handle is `generation · 2³² + kind · 2²⁴ + index`. A slot's generation grows when its object is released, so an old
/// handle never reaches a new object; a slot whose generations are used up is not used again.
final class Handles: Sendable {
  private struct Slot {
    var generation: UInt32 = 1
    var kind: HandleKind = .backend
    var object: (any HandleObject)?
  }

  private struct State {
    var slots: [Slot] = []
    var free: [Int] = []
    var count = 0
    var isShutDown = false
  }

  static let all = Handles()
  private static let maximumCount = 1 << 24
  private let state = Mutex(State())

  var count: Int { state.withLock { $0.count } }
  var isShutDown: Bool { state.withLock { $0.isShutDown } }

  func insert<Object: HandleObject>(_ object: Object) throws(Failure) -> heddle_handle {
    let handle: heddle_handle? = try state.withLock { (state) throws(Failure) in
      if state.isShutDown { throw Handles.shutDown }
      let index: Int
      if let free = state.free.popLast() {
        index = free
      } else if state.slots.count < Handles.maximumCount {
        index = state.slots.count
        state.slots.append(Slot())
      } else {
        return nil
      }
      state.count &+= 1
      return state.slots.update(at: index) { slot in
        (slot.kind, slot.object) = (Object.kind, object)
        return Handles.handle(index, slot)
      }
    }
    guard let handle else { throw Failure(HEDDLE_OUT_OF_MEMORY, "there are \(Handles.maximumCount) handles already") }
    return handle
  }

  /// The object of a handle of this kind.
  func object<Object: HandleObject>(_ handle: heddle_handle, _: Object.Type = Object.self) throws(Failure) -> Object {
    let object = try state.withLock { (state) throws(Failure) -> any HandleObject in
      let (_, slot) = try Handles.slot(of: handle, in: state)
      guard slot.kind == Object.kind, let object = slot.object else {
        throw Failure(HEDDLE_WRONG_HANDLE, "the handle is of a \(slot.kind.name), not of a \(Object.kind.name)")
      }
      return object
    }
    guard let object = object as? Object else {
      throw Failure(HEDDLE_WRONG_HANDLE, "the handle is not of a \(Object.kind.name)")
    }
    return object
  }

  /// Takes the object out; its handle is stale from now on.
  func remove(_ handle: heddle_handle) throws(Failure) -> any HandleObject {
    try state.withLock { (state) throws(Failure) in
      let (index, _) = try Handles.slot(of: handle, in: state)
      guard let object = Handles.take(index, from: &state) else { throw Handles.stale }
      return object
    }
  }

  /// Takes all objects out, and lets none in any more.
  func shutDown() -> [any HandleObject] {
    state.withLock { state in
      state.isShutDown = true
      return state.slots.indices.compactMap { Handles.take($0, from: &state) }
    }
  }

  private static let shutDown = Failure(HEDDLE_SHUT_DOWN, "heddle_shutdown was called")
  private static let stale = Failure(HEDDLE_STALE_HANDLE, "the handle was released before")

  private static func handle(_ index: Int, _ slot: Slot) -> heddle_handle {
    UInt64(slot.generation) << 32 | UInt64(slot.kind.rawValue) << 24 | UInt64(truncatingIfNeeded: index)
  }

  /// The slot of a live handle.
  private static func slot(
    of handle: heddle_handle, in state: State
  ) throws(Failure) -> (index: Int, slot: Slot) {
    if state.isShutDown { throw shutDown }
    let index = Int(truncatingIfNeeded: handle & 0xFF_FFFF)
    let generation = UInt32(truncatingIfNeeded: handle >> 32)
    guard HandleKind(rawValue: UInt8(truncatingIfNeeded: handle >> 24)) != nil, let slot = state.slots[at: index],
      generation >= 1, generation <= slot.generation
    else { throw Failure(HEDDLE_INVALID_HANDLE, "\(handle) is no handle of this library") }
    guard generation == slot.generation, slot.object != nil else {
      // The generation after the last release has not been given out yet.
      if generation == slot.generation {
        throw Failure(HEDDLE_INVALID_HANDLE, "\(handle) is no handle of this library")
      }
      throw stale
    }
    guard handle == Handles.handle(index, slot) else {
      throw Failure(HEDDLE_INVALID_HANDLE, "\(handle) is no handle of this library")
    }
    return (index, slot)
  }

  private static func take(_ index: Int, from state: inout State) -> (any HandleObject)? {
    guard let slot = state.slots[at: index], let object = slot.object else { return nil }
    state.count &-= 1
    // At the last generation the slot is given up.
    let isLast = slot.generation == .max
    state.slots.update(at: index) { ($0.object, $0.generation) = (nil, isLast ? .max : slot.generation &+ 1) }
    if !isLast { state.free.append(index) }
    return object
  }
}
