import CHeddle
import ChatTemplates
import HeddleModels
import HeddleText

@c @implementation
public func heddle_model_tokenize(
  _ model: heddle_model, _ given: UnsafePointer<CChar>?, _ ids: UnsafeMutablePointer<Int32>?, _ capacity: Int,
  _ count: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_model_tokenize") {
    let model = try object(model, ModelObject.self).model
    let prompt = try text(given, "text")
    try give({ model.promptIDs(prompt) }, ids, capacity, count)
  }
}

@c @implementation
public func heddle_model_tokenize_messages(
  _ model: heddle_model, _ given: UnsafePointer<CChar>?, _ ids: UnsafeMutablePointer<Int32>?, _ capacity: Int,
  _ count: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_model_tokenize_messages") {
    let model = try object(model, ModelObject.self).model
    let messages = try text(given, "messages")
    try give({ try model.promptIDs(try Conversation(json: messages)) }, ids, capacity, count)
  }
}

@c @implementation
public func heddle_model_detokenize(
  _ model: heddle_model, _ given: UnsafePointer<Int32>?, _ count: Int, _ buffer: UnsafeMutablePointer<CChar>?,
  _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_model_detokenize") {
    let model = try object(model, ModelObject.self).model
    let ids = try array(given, count, "ids", maximum: greatestTokenCount).map { Int($0) }
    try give(try model.tokenizer.decode(ids, skipSpecial: false), buffer, capacity, needed)
  }
}

/// The most tokens that a call takes: more than any context.
let greatestTokenCount = 1 << 24

/// Gives ids where the caller wants them, once the places are found right.
private func give(
  _ tokenize: () throws -> [Int], _ ids: UnsafeMutablePointer<Int32>?, _ capacity: Int,
  _ count: UnsafeMutablePointer<Int>?
) throws {
  guard let count else { throw Failure.null("count") }
  guard capacity >= 0 else { throw Failure.argument("capacity is \(UInt(bitPattern: capacity))") }
  if ids == nil, capacity > 0 { throw Failure.null("ids") }
  let found = try tokenize()
  count.pointee = found.count
  guard found.count <= capacity else {
    throw Failure(HEDDLE_BUFFER_TOO_SMALL, "the text has \(found.count) tokens, there is room for \(capacity)")
  }
  // A vocabulary has less than 2³¹ tokens.
  for (place, id) in found.enumerated() { ids?[place] = Int32(truncatingIfNeeded: id) }
}
