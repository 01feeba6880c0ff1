import CHeddle
import ChatTemplates
import HeddleModels
import HeddleText

/// The caller's function, to be called on the caller's thread.
private struct TokenReceiver: @unchecked Sendable {
  let callback: heddle_token_callback
  let context: UnsafeMutableRawPointer?

  /// - Throws: `HEDDLE_CANCELLED` if the caller wants no more.
  func receive(_ token: GeneratedToken) throws {
    let top = token.top.map { heddle_log_probability(id: Int32(truncatingIfNeeded: $0.id), value: $0.logProbability) }
    let answer = top.withUnsafeBufferPointer { top in
      token.text.utf8CString.withUnsafeBufferPointer { text in
        var given = heddle_token()
        given.size = MemoryLayout<heddle_token>.size
        given.id = Int32(truncatingIfNeeded: token.id)
        given.is_end = token.isEnd ? 1 : 0
        given.text = text.baseAddress
        given.length = text.count - 1
        given.log_probability = token.logProbability ?? 0
        given.top = top.baseAddress
        given.top_count = top.count
        return callback(context, &given)
      }
    }
    guard answer == 0 else { throw Failure(HEDDLE_CANCELLED, "the token callback returned \(answer)") }
  }
}

/// Members in the terms of Swift: zero is each member's default.
private func generationOptions(_ given: heddle_generate_options) throws -> GenerationOptions {
  func refuse(_ name: String, _ value: some CustomStringConvertible, _ range: String) -> Failure {
    .argument("\(name) is \(value); it must be \(range)")
  }
  guard given.maximum_tokens >= 0 else { throw refuse("maximum_tokens", given.maximum_tokens, "0 or more") }
  guard given.temperature.isFinite, given.temperature >= 0 else {
    throw refuse("temperature", given.temperature, "finite and not negative")
  }
  guard given.top_k >= 0 else { throw refuse("top_k", given.top_k, "0 or more") }
  guard (0...1).contains(given.top_p) else { throw refuse("top_p", given.top_p, "from 0 to 1") }
  guard (0...1).contains(given.min_p) else { throw refuse("min_p", given.min_p, "from 0 to 1") }
  guard given.repetition_penalty.isFinite, given.repetition_penalty >= 0 else {
    throw refuse("repetition_penalty", given.repetition_penalty, "finite and not negative")
  }
  guard given.repetition_window >= 0 else { throw refuse("repetition_window", given.repetition_window, "0 or more") }
  guard given.frequency_penalty.isFinite else { throw refuse("frequency_penalty", given.frequency_penalty, "finite") }
  guard given.presence_penalty.isFinite else { throw refuse("presence_penalty", given.presence_penalty, "finite") }
  guard given.log_probabilities >= -1 else { throw refuse("log_probabilities", given.log_probabilities, "-1 or more") }
  guard given.timeout >= 0 else { throw refuse("timeout", given.timeout, "0 or more") }
  var options = GenerationOptions(
    sampling: SamplingOptions(
      temperature: given.temperature, topK: given.top_k == 0 ? nil : Int(given.top_k),
      topP: given.top_p == 0 ? nil : given.top_p, minP: given.min_p == 0 ? nil : given.min_p,
      repetitionPenalty: given.repetition_penalty == 0 ? nil : given.repetition_penalty,
      repetitionWindow: given.repetition_window == 0 ? nil : Int(given.repetition_window),
      frequencyPenalty: given.frequency_penalty, presencePenalty: given.presence_penalty, seed: given.seed))
  for stop in try array(given.stop, given.stop_count, "stop", maximum: 1 << 16) {
    options.stop.append(try text(stop, "a stop text"))
  }
  if given.log_probabilities != 0 { options.logProbabilities = max(0, Int(given.log_probabilities)) }
  if given.maximum_tokens > 0 { options.maximumTokens = Int(given.maximum_tokens) }
  if given.timeout > 0 { options.deadline = .now.later(by: .nanoseconds(given.timeout)) }
  return options
}

/// The ids of what the prompt is.
private func promptIDs(
  _ prompt: String, _ given: heddle_generate_options, _ model: LanguageModel
) throws -> [Int] {
  let system = try optionalText(given.system, "system")
  switch Int(given.is_chat) {
  case HEDDLE_PROMPT_TEXT where system == nil: return model.promptIDs(prompt)
  case HEDDLE_PROMPT_MESSAGE:
    let first = system.map { [ChatMessage(role: .system, content: $0)] } ?? []
    return try model.promptIDs(first + [ChatMessage(role: .user, content: prompt)])
  case HEDDLE_PROMPT_MESSAGES where system == nil: return try model.promptIDs(try Conversation(json: prompt))
  case HEDDLE_PROMPT_TEXT, HEDDLE_PROMPT_MESSAGES:
    throw Failure.argument("system is given, which only a user's message can follow")
  default: throw Failure.argument("is_chat is \(given.is_chat); it must be one of HEDDLE_PROMPT_…")
  }
}

@c @implementation
public func heddle_model_generate(
  _ model: heddle_model, _ prompt: UnsafePointer<CChar>?, _ given: UnsafePointer<heddle_generate_options>?,
  _ callback: heddle_token_callback?, _ context: UnsafeMutableRawPointer?
) -> heddle_status {
  call("heddle_model_generate") {
    let model = try object(model, ModelObject.self).model
    let prompt = try text(prompt, "prompt")
    let given = try options(
      given, zero: heddle_generate_options(), minimum: FirstSize.generateOptions, "options")
    guard let callback else { throw Failure.null("callback") }
    let options = try generationOptions(given)
    let receiver = TokenReceiver(callback: callback, context: context)
    let session = given.session == 0 ? nil : try object(given.session, ModelSessionObject.self).session
    let ids = try promptIDs(prompt, given, model)
    let generation = try TextGeneration(model, prompt: ids, options: options, session: session)
    _ = try CallerExecutor.run {
      try await generation.run { event in
        if case .token(let token) = event { try receiver.receive(token) }
      }
    }
  }
}
