import ChatTemplates
import HeddleFormats
import HeddleGraph
import HeddleText
import HeddleTypes

/// A language model on a backend: its tokenizer, its compiled graph, and what its file says of it.
///
/// ```swift
/// let file = try ModelFile(path: "model.gguf")
/// let model = try await LanguageModel.open(file: file, backend: backend)
/// for try await event in TextGeneration(model, prompt: try model.promptIDs("Once upon a time")).events() {
///   guard case .token(let token) = event else { continue }
///   print(token.text, terminator: "")
///   fflush(nil)
/// }
/// ```
public final class LanguageModel: Sendable {
  public let configuration: DecoderDescription
  public let tokenizer: Tokenizer
  public let graph: Graph
  public let executable: any Executable
  /// The most tokens of one step.
  public let chunk: Int
  /// How many tokens a step may have.
  var chunkRange: ClosedRange<Int> { 1...max(1, chunk) }
  /// How many tokens a sequence may hold.
  var contextRange: ClosedRange<Int> { 1...max(1, configuration.contextLength) }
  /// What each step may choose.
  public let stepOptions: [StepOption]
  /// What opening took: reading metadata, building the tokenizer and the graph, compiling, packing the weights.
  public let loadDuration: Duration
  /// The outputs of a step that say how often each expert was chosen, by layer from 0.
  let expertCounts: [(layer: Int, output: String)]
  private let shortContext: Int?
  private let chatTemplateSource: String?

  private init(
    decoder: DecoderModel, description: TokenizerDescription, tokenizer: Tokenizer, chunk: Int,
    experts: ExpertOptions, executable: any Executable, loadDuration: Duration
  ) {
    configuration = decoder.description
    stepOptions = decoder.stepOptions + experts.stepOptions(decoder.description)
    self.tokenizer = tokenizer
    self.chunk = chunk
    self.executable = executable
    self.loadDuration = loadDuration
    graph = executable.graph
    expertCounts = graph.outputs.compactMap { output in
      DecoderGraph.layer(ofCounts: output.name).map { ($0, output.name) }
    }.sorted { $0.layer < $1.layer }
    shortContext = decoder.shortContext
    chatTemplateSource = description.chatTemplate
  }

  /// Reads, checks and compiles a model. Everything slow happens here; the file may be closed afterwards.
  ///
  /// - Parameter progress: told how far compiling has come; what it throws ends it.
  /// - Throws: ``ModelError``, and what the backend throws when it compiles.
  public static func open(
    file: ModelFile, backend: any Backend, options: ModelOptions = ModelOptions(),
    progress: @escaping CompileProgress.Handler = { _ in }
  ) async throws -> LanguageModel {
    let start = ContinuousClock.now
    guard ModelOptions.chunkRange.contains(options.chunk) else {
      throw ModelError.invalidOption("chunk", value: options.chunk, range: ModelOptions.chunkRange)
    }
    let (decoder, description, tokenizer) = try parts(of: file)
    let configuration = decoder.description
    let graph = try decoder.graph(
      chunk: options.chunk, hiddenStates: options.hiddenStates, allLogits: options.allLogits, cache: options.cache,
      experts: options.experts)
    let executable = try await backend.compile(
      options.activations == .int8 ? graph.quantizingActivations() : graph, constants: decoder.constants,
      progress: progress)
    return LanguageModel(
      decoder: decoder, description: description, tokenizer: tokenizer,
      chunk: min(options.chunk, configuration.contextLength), experts: options.experts, executable: executable,
      loadDuration: start.duration(to: .now))
  }

  /// Refuses a file that cannot be opened whatever the backend: the error is the one that opening would end with.
  ///
  /// - Throws: ``ModelError``.
  public static func requireOpenable(_ file: ModelFile) throws(ModelError) {
    _ = try parts(of: file).0.graph()
  }

  /// Why the chat template of a file cannot be read; nil if it can, and if there is none.
  public static func chatTemplateError(in file: ModelFile) -> ModelError? {
    guard let template = try? TokenizerDescription(file.metadata).chatTemplate else { return nil }
    do { _ = try ChatTemplate(template) } catch { return .chatTemplate(error) }
    return nil
  }

  /// The decoder and the tokenizer of a file.
  private static func parts(of file: ModelFile) throws(ModelError) -> (DecoderModel, TokenizerDescription, Tokenizer) {
    let decoder = try DecoderModel(file)
    let description = try TokenizerDescription(file.metadata)
    let tokenizer: Tokenizer
    do { tokenizer = try Tokenizer(description) } catch { throw .tokenizer(error) }
    let configuration = decoder.description
    guard tokenizer.count == configuration.vocabularySize else {
      throw .invalidValue(
        key: "\(configuration.architecture).vocab_size", value: "\(configuration.vocabularySize)",
        reason: "the tokenizer has \(tokenizer.count) tokens")
    }
    return (decoder, description, tokenizer)
  }

  /// What ``Symbol/longFactors`` is in sequences of a capacity; nil if the model has no such symbol.
  func usesLongFactors(capacity: Int) -> Int? { shortContext.map { capacity > $0 ? 1 : 0 } }

  /// Whether some layer's feed-forward is of experts.
  public var hasExperts: Bool { !configuration.expertLayers.isEmpty }

  /// Whether the file says how a conversation is laid out.
  public var hasChatTemplate: Bool { chatTemplateSource != nil }

  /// How many numbers the weights stand for, pruned ones too; `Int.max` if they are more than that.
  public var parameterCount: Int {
    let constants = Set(graph.nodes.compactMap { $0.operation as? Constant })
    return constants.reduce(0) { sum, constant in
      let (next, overflow) = sum.addingReportingOverflow(constant.type.elementCount.constant ?? .max)
      return overflow ? .max : next
    }
  }

  /// A new, empty sequence.
  ///
  /// - Parameter capacity: the most tokens it can hold; its caches are made for them at once.
  /// - Throws: ``ModelError/invalidOption(_:value:range:)`` if it is not in 1 … context length, and what the backend
  ///   throws for want of memory.
  public func makeSession(capacity: Int) throws -> ModelSession {
    guard contextRange.contains(capacity) else {
      throw ModelError.invalidOption("capacity", value: capacity, range: contextRange)
    }
    let session = try executable.makeSession(["capacity": capacity])
    return ModelSession(model: self, session: session, capacity: capacity)
  }

  /// Runs a token, a few and a piece of a prompt once. Drivers may compile a kernel only when it is first launched; after
  /// this the first answer does not wait for that.
  ///
  /// - Parameter progress: called before each of these steps, and at the end, with how many are done and how many there
  ///   are.
  public func warmUp(progress: (Int, Int) throws -> Void = { _, _ in }) async throws {
    let session = try makeSession(capacity: min(32, configuration.contextLength))
    let counts = [17, 2, 1].filter { $0 <= min(session.capacity, chunk) }
    for (index, count) in counts.enumerated() {
      try progress(index, counts.count)
      // Traps: never (clamped-count).
      _ = try await session.step([Int](filled: 0, count: count), outputs: ["next_token"])
      try await session.reset()
    }
    try progress(counts.count, counts.count)
  }

  /// The ids of raw text: special tokens are recognised, BOS is added if the file says so.
  public func promptIDs(_ text: String) -> [Int] { tokenizer.encode(text, parseSpecial: true) }

  /// The ids of a conversation laid out by the file's chat template, up to where the assistant is to answer. Control
  /// tokens spelled in a message stay plain text.
  ///
  /// - Throws: ``ModelError/noChatTemplate``, ``ModelError/chatTemplate(_:)``.
  public func promptIDs(_ messages: [ChatMessage]) throws(ModelError) -> [Int] {
    try promptIDs(Conversation(messages: messages))
  }

  /// The ids of a conversation with its tools and variables, likewise.
  ///
  /// - Throws: ``ModelError/noChatTemplate``, ``ModelError/chatTemplate(_:)``.
  public func promptIDs(_ conversation: Conversation) throws(ModelError) -> [Int] {
    guard let chatTemplateSource else { throw .noChatTemplate }
    func text(_ id: Int?) -> String? {
      id.flatMap { try? tokenizer.bytes(of: $0) }.map { String(decoding: $0, as: UTF8.self) }
    }
    do {
      let template = try ChatTemplate(chatTemplateSource)
      return tokenizer.encode(
        try template.render(
          conversation, addGenerationPrompt: true, bosToken: text(tokenizer.bosID),
          eosToken: text(tokenizer.eosID)))
    } catch {
      throw .chatTemplate(error)
    }
  }
}
