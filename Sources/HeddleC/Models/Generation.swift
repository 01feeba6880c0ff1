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
    let answer = token.text.utf8CString.withUnsafeBufferPointer { text in
      var given = heddle_token(
        size: MemoryLayout<heddle_token>.size, id: Int32(truncatingIfNeeded: token.id), is_end: token.isEnd ? 1 : 0,
        text: text.baseAddress, length: text.count - 1)
      return callback(context, &given)
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
  guard given.timeout >= 0 else { throw refuse("timeout", given.timeout, "0 or more") }
  var options = GenerationOptions(
    sampling: SamplingOptions(
      temperature: given.temperature, topK: given.top_k == 0 ? nil : Int(given.top_k),
      topP: given.top_p == 0 ? nil : given.top_p, seed: given.seed))
  if given.maximum_tokens > 0 { options.maximumTokens = Int(given.maximum_tokens) }
  if given.timeout > 0 { options.deadline = .now.later(by: .nanoseconds(given.timeout)) }
  return options
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
    let ids =
      given.is_chat == 0 ? model.promptIDs(prompt) : try model.promptIDs([ChatMessage(role: .user, content: prompt)])
    let generation = try TextGeneration(model, prompt: ids, options: options)
    _ = try CallerExecutor.run {
      try await generation.run { event in
        if case .token(let token) = event { try receiver.receive(token) }
      }
    }
  }
}
