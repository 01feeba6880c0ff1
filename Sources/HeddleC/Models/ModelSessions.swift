import CHeddle
import HeddleExecution
import HeddleGraph
import HeddleModels
import HeddleText

final class ModelSessionObject: HandleObject {
  static let kind = HandleKind.modelSession
  let session: ModelSession
  /// Keeps what stops the model's work.
  let model: ModelObject

  init(_ session: ModelSession, of model: ModelObject) {
    self.session = session
    self.model = model
  }
}

@c @implementation
public func heddle_model_session_create(
  _ model: heddle_model, _ capacity: Int64, _ session: UnsafeMutablePointer<heddle_model_session>?
) -> heddle_status {
  call("heddle_model_session_create") {
    let model = try object(model, ModelObject.self)
    guard capacity >= 0 else { throw Failure.argument("capacity is \(capacity); it must be 0 or more") }
    let tokens = capacity == 0 ? model.model.configuration.contextLength : Int(capacity)
    try give("session", to: session) {
      ModelSessionObject(try model.model.makeSession(capacity: tokens), of: model)
    }
  }
}

@c @implementation
public func heddle_model_session_extend(
  _ handle: heddle_model_session, _ given: UnsafePointer<Int32>?, _ count: Int, _ timeout: Int64,
  _ logits: UnsafeMutablePointer<Float>?, _ capacity: Int
) -> heddle_status {
  call("heddle_model_session_extend") {
    let session = try object(handle, ModelSessionObject.self).session
    let ids = try array(given, count, "ids", maximum: greatestTokenCount).map { Int($0) }
    guard timeout >= 0 else { throw Failure.argument("timeout is \(timeout); it must be 0 or more") }
    guard capacity >= 0 else { throw Failure.argument("capacity is \(UInt(bitPattern: capacity))") }
    if logits == nil, capacity > 0 { throw Failure.null("logits") }
    let vocabulary = session.model.configuration.vocabularySize
    guard logits == nil || capacity >= vocabulary else {
      throw Failure(
        HEDDLE_BUFFER_TOO_SMALL, "there are \(vocabulary) logits, there is room for \(capacity)")
    }
    let deadline = timeout > 0 ? ContinuousClock.Instant.now.later(by: .nanoseconds(timeout)) : nil
    let givesLogits = logits != nil
    let outputs = try CallerExecutor.run {
      try await session.extend(ids, outputs: givesLogits ? ["logits"] : [], deadline: deadline)
    }
    guard let logits else { return }
    guard let found = try outputs["logits"]?.floats(), found.count <= capacity else {
      throw ModelError.missingOutput("logits")
    }
    for (place, logit) in found.enumerated() { logits[place] = logit }
  }
}

@c @implementation
public func heddle_model_session_rewind(_ handle: heddle_model_session, _ position: Int64) -> heddle_status {
  call("heddle_model_session_rewind") {
    let session = try object(handle, ModelSessionObject.self).session
    try CallerExecutor.run { try await session.rewind(to: Int(position)) }
  }
}

@c @implementation
public func heddle_model_session_position(
  _ handle: heddle_model_session, _ position: UnsafeMutablePointer<Int64>?
) -> heddle_status {
  call("heddle_model_session_position") {
    let session = try object(handle, ModelSessionObject.self).session
    guard let position else { throw Failure.null("position") }
    position.pointee = Int64(try CallerExecutor.run { await session.position })
  }
}

@c @implementation
public func heddle_model_session_experts(
  _ handle: heddle_model_session, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_model_session_experts") {
    let session = try object(handle, ModelSessionObject.self).session
    try give(try session.expertStatistics.map { try json($0) } ?? "null", buffer, capacity, needed)
  }
}
