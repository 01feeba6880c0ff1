import CHeddle
import Foundation
import HeddleFormats
import HeddleModels
import HeddleOpenCL
import Synchronization
import TestSupport
import Testing

/// What a token callback saw, and when it is to stop.
final class TokenLog: Sendable {
  struct Token: Equatable {
    var id: Int
    var text: String
    var isEnd: Bool
  }

  let tokens = Mutex<[Token]>([])
  let stopsAfter: Int
  /// Called after each token, on the thread that generates.
  let body: @Sendable (Int) -> Void

  init(stopsAfter: Int = .max, body: @escaping @Sendable (Int) -> Void = { _ in }) {
    self.stopsAfter = stopsAfter
    self.body = body
  }

  var all: [Token] { tokens.withLock { $0 } }

  /// For ``callback``; the test keeps the log.
  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  static let callback: heddle_token_callback = { context, token in
    guard let context, let token = token?.pointee, let text = token.text else { return -1 }
    let log = Unmanaged<TokenLog>.fromOpaque(context).takeUnretainedValue()
    let bytes = UnsafeRawBufferPointer(start: text, count: Int(token.length))
    #expect(token.size == MemoryLayout<heddle_token>.size && text[Int(token.length)] == 0)
    let count = log.tokens.withLock { tokens in
      tokens.append(
        Token(id: Int(token.id), text: String(decoding: bytes, as: UTF8.self), isEnd: token.is_end != 0))
      return tokens.count
    }
    log.body(count)
    return count >= log.stopsAfter ? 5 : 0
  }
}

@Suite(.serialized) struct ModelTests {
  /// A backend and the tiny model on it, for one test.
  private final class Fixture {
    let device: Device
    let path: URL
    let backend: heddle_backend
    let model: heddle_model

    init(chatTemplate: String? = nil) throws {
      let first = try #require(TestDevices.all.first, "no OpenCL device: \(String(describing: TestDevices.failure))")
      let path = try TinyModel.write(chatTemplate: chatTemplate)
      let backend = try made { handle in
        first.identifier.withCString { name in
          "".withCString { none in
            var options = heddle_backend_options()
            options.size = MemoryLayout<heddle_backend_options>.size
            options.device = name
            options.cache_folder = none
            return heddle_backend_create(&options, handle)
          }
        }
      }
      (self.device, self.path, self.backend) = (first, path, backend)
      model = try made { heddle_model_open(backend, path.path, nil, $0) }
    }

    deinit {
      for handle in [model, backend] { _ = heddle_release(handle) }
      try? FileManager.default.removeItem(at: path.deletingLastPathComponent())
    }
  }

  private func generate(
    _ model: heddle_model, _ prompt: String?, _ log: TokenLog?,
    _ change: (inout heddle_generate_options) -> Void = { _ in }
  ) -> heddle_status {
    var options = heddle_generate_options()
    options.size = MemoryLayout<heddle_generate_options>.size
    change(&options)
    return heddle_model_generate(model, prompt, &options, log == nil ? nil : TokenLog.callback, log?.context)
  }

  /// The same through the Swift interface.
  private func expected(
    _ fixture: Fixture, _ prompt: String, maximumTokens: Int, sampling: SamplingOptions = SamplingOptions()
  ) async throws -> [TokenLog.Token] {
    let file = try ModelFile(path: fixture.path.path)
    let model = try await LanguageModel.open(file: file, backend: TestBackends.backend(fixture.device))
    let generation = try TextGeneration(
      model, prompt: model.promptIDs(prompt),
      options: GenerationOptions(maximumTokens: maximumTokens, sampling: sampling))
    var tokens: [TokenLog.Token] = []
    for try await event in generation.events() {
      if case .token(let token) = event {
        tokens.append(TokenLog.Token(id: token.id, text: token.text, isEnd: token.isEnd))
      }
    }
    return tokens
  }

  @Test func `tokens are those of the Swift interface`() async throws {
    let fixture = try Fixture()
    let greedy = TokenLog()
    try succeed { generate(fixture.model, "Once upon", greedy) { $0.maximum_tokens = 20 } }
    #expect(greedy.all.count > 1)
    #expect(try await greedy.all == expected(fixture, "Once upon", maximumTokens: 20))
    let sampled = TokenLog()
    try succeed {
      generate(fixture.model, "a", sampled) {
        ($0.maximum_tokens, $0.temperature, $0.top_k, $0.top_p, $0.seed) = (20, 0.75, 50, 0.5, 9)
      }
    }
    let sampling = SamplingOptions(temperature: 0.75, topK: 50, topP: 0.5, seed: 9)
    #expect(try await sampled.all == expected(fixture, "a", maximumTokens: 20, sampling: sampling))
    // NULL options are the defaults: the most probable of 128 tokens, of which the context has room for fewer.
    let byDefault = TokenLog()
    try succeed { heddle_model_generate(fixture.model, "Once upon", nil, TokenLog.callback, byDefault.context) }
    #expect(byDefault.all.prefix(20) == greedy.all[...] || byDefault.all == greedy.all)
    #expect(byDefault.all.count > 20)
  }

  @Test func `information and token ids`() throws {
    struct Info: Decodable {
      var architecture: String
      var vocabularySize, contextLength, chunk, parameters, layerCount, width: Int
      var hasChatTemplate: Bool
    }
    let fixture = try Fixture()
    let info: Info = try json { heddle_model_info(fixture.model, $0, $1, $2) }
    #expect(info.architecture == "llama" && info.vocabularySize == 259 && info.contextLength == 96)
    // 259·32 of the embedding, 3·32 of norms, 2·32·32 + 2·16·32 of attention, 3·64·32 of the feed-forward.
    #expect(info.chunk == 96 && info.layerCount == 1 && info.width == 32 && info.parameters == 8288 + 96 + 3072 + 6144)
    #expect(!info.hasChatTemplate)

    var (ids, count): ([Int32], Int) = ([7, 7, 7, 7], 0)
    try succeed { heddle_model_tokenize(fixture.model, "aé", &ids, 3, &count) }
    #expect(ids == [97, 0xC3, 0xA9, 7] && count == 3)
    try succeed { heddle_model_tokenize(fixture.model, "", nil, 0, &count) }
    #expect(count == 0)
    try succeed { heddle_model_tokenize(fixture.model, "</s>", &ids, 4, &count) }
    #expect(ids[0] == 258 && count == 1)
    ids = [7, 7, 7, 7]
    expect(HEDDLE_BUFFER_TOO_SMALL, "the text has 3 tokens, there is room for 2") {
      heddle_model_tokenize(fixture.model, "abc", &ids, 2, &count)
    }
    #expect(ids == [7, 7, 7, 7] && count == 3)
    expect(HEDDLE_NULL_ARGUMENT, "text") { heddle_model_tokenize(fixture.model, nil, nil, 0, &count) }
    expect(HEDDLE_NULL_ARGUMENT, "count") { heddle_model_tokenize(fixture.model, "", nil, 0, nil) }
    expect(HEDDLE_NULL_ARGUMENT, "ids") { heddle_model_tokenize(fixture.model, "a", nil, 1, &count) }
    expect(HEDDLE_INVALID_ARGUMENT, "capacity") { heddle_model_tokenize(fixture.model, "a", nil, -1, &count) }
    expect(HEDDLE_INVALID_TEXT, "text") { heddle_model_tokenize(fixture.model, [-1, 0], nil, 0, &count) }
    expect(HEDDLE_WRONG_HANDLE, "heddle_backend") { heddle_model_info(fixture.backend, nil, 0, nil) }
  }

  @Test func `a conversation needs a template, and is laid out by it`() async throws {
    let plain = try Fixture()
    expect(HEDDLE_UNSUPPORTED, "no chat template") { generate(plain.model, "a", TokenLog()) { $0.is_chat = 1 } }
    let fixture = try Fixture(chatTemplate: "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}:")
    let (chat, text) = (TokenLog(), TokenLog())
    try succeed { generate(fixture.model, "Hi", chat) { ($0.maximum_tokens, $0.is_chat) = (8, 1) } }
    try succeed { generate(fixture.model, "[user]Hi:", text) { $0.maximum_tokens = 8 } }
    #expect(!chat.all.isEmpty && chat.all == text.all)
  }

  @Test func `wrong options`() throws {
    let model = try Fixture()
    let log = TokenLog()
    typealias Change = (inout heddle_generate_options) -> Void
    let wrong: [(String, Change)] = [
      ("maximum_tokens is -1", { $0.maximum_tokens = -1 }), ("temperature is nan", { $0.temperature = .nan }),
      ("temperature is inf", { $0.temperature = .infinity }), ("temperature is -0.5", { $0.temperature = -0.5 }),
      ("top_k is -1", { $0.top_k = -1 }), ("top_p is 1.5", { $0.top_p = 1.5 }), ("top_p is nan", { $0.top_p = .nan }),
      ("top_p is -1", { $0.top_p = -1 }), ("timeout is -1", { $0.timeout = -1 }),
      ("min_p is 1.5", { $0.min_p = 1.5 }), ("min_p is nan", { $0.min_p = .nan }),
      ("repetition_penalty is -1", { $0.repetition_penalty = -1 }),
      ("repetition_penalty is inf", { $0.repetition_penalty = .infinity }),
      ("repetition_window is -1", { $0.repetition_window = -1 }),
      ("frequency_penalty is nan", { $0.frequency_penalty = .nan }),
      ("presence_penalty is inf", { $0.presence_penalty = .infinity }),
      ("log_probabilities is -2", { $0.log_probabilities = -2 }),
      ("log-probabilities is 260", { $0.log_probabilities = 260 }), ("is_chat is 3", { $0.is_chat = 3 }),
      ("is_chat is -1", { $0.is_chat = -1 }),
    ]
    for (part, change) in wrong { expect(HEDDLE_INVALID_ARGUMENT, part) { generate(model.model, "a", log, change) } }
    for size in [0, 8, MemoryLayout<heddle_generate_options>.size + 8, -1] {
      expect(HEDDLE_STRUCT_SIZE, "options.size is \(UInt(bitPattern: size))") {
        generate(model.model, "a", log) { $0.size = size }
      }
    }
    expect(HEDDLE_NULL_ARGUMENT, "callback") { generate(model.model, "a", nil) }
    expect(HEDDLE_NULL_ARGUMENT, "prompt") { generate(model.model, nil, log) }
    expect(HEDDLE_INVALID_ARGUMENT, "the prompt is empty") { generate(model.model, "", log) }
    expect(HEDDLE_INVALID_ARGUMENT, "200 tokens") { generate(model.model, String(repeating: "a", count: 200), log) }
    expect(HEDDLE_INVALID_HANDLE) { generate(0, "a", log) }
    #expect(log.all.isEmpty)

    var opened: heddle_model = 77
    var options = heddle_model_options()
    options.size = MemoryLayout<heddle_model_options>.size
    for chunk in [-1, 4097] as [Int32] {
      options.chunk = chunk
      expect(HEDDLE_INVALID_ARGUMENT, "chunk is \(chunk)") {
        heddle_model_open(model.backend, model.path.path, &options, &opened)
      }
    }
    expect(HEDDLE_INVALID_FILE, "missing.gguf") { heddle_model_open(model.backend, "/missing.gguf", nil, &opened) }
    expect(HEDDLE_UNSUPPORTED) { heddle_model_open(model.backend, TestResources.dequantizeFile, nil, &opened) }
    expect(HEDDLE_NULL_ARGUMENT, "path") { heddle_model_open(model.backend, nil, nil, &opened) }
    expect(HEDDLE_NULL_ARGUMENT, "model") { heddle_model_open(model.backend, model.path.path, nil, nil) }
    expect(HEDDLE_WRONG_HANDLE) { heddle_model_open(model.model, model.path.path, nil, &opened) }
    #expect(opened == 77)
    // A chunk of the caller's: the same tokens.
    options.chunk = 2
    let narrow = try made { heddle_model_open(model.backend, model.path.path, &options, $0) }
    let (first, second) = (TokenLog(), TokenLog())
    try succeed { generate(narrow, "Once upon", first) { $0.maximum_tokens = 4 } }
    try succeed { generate(model.model, "Once upon", second) { $0.maximum_tokens = 4 } }
    #expect(first.all == second.all && !first.all.isEmpty)
    try succeed { heddle_release(narrow) }
  }

  @Test func `more options are those of the Swift interface`() async throws {
    let fixture = try Fixture()
    let sampled = TokenLog()
    try succeed {
      generate(fixture.model, "a", sampled) {
        ($0.maximum_tokens, $0.temperature, $0.min_p, $0.seed) = (20, 1.5, 0.05, 9)
        ($0.repetition_penalty, $0.repetition_window) = (1.5, 8)
        ($0.frequency_penalty, $0.presence_penalty) = (0.25, 0.5)
      }
    }
    let sampling = SamplingOptions(
      temperature: 1.5, minP: 0.05, repetitionPenalty: 1.5, repetitionWindow: 8, frequencyPenalty: 0.25,
      presencePenalty: 0.5, seed: 9)
    #expect(try await sampled.all == expected(fixture, "a", maximumTokens: 20, sampling: sampling))
    // Texts that end the answer.
    let whole = TokenLog()
    try succeed { generate(fixture.model, "Once upon", whole) { $0.maximum_tokens = 20 } }
    let text = whole.all.map(\.text).joined()
    let letter = try #require(text.unicodeScalars.dropFirst(2).first { $0.isASCII })
    let stopped = TokenLog()
    try succeed {
      "never there".withCString { never in
        String(letter).withCString { letter in
          [never, letter].withUnsafeBufferPointer { stops in
            generate(fixture.model, "Once upon", stopped) {
              ($0.maximum_tokens, $0.stop, $0.stop_count) = (20, UnsafePointer(stops.baseAddress), 2)
            }
          }
        }
      }
    }
    let end = try #require(text.unicodeScalars.firstIndex(of: letter))
    #expect(stopped.all.map(\.text).joined() == String(text.unicodeScalars[..<end]))
    expect(HEDDLE_INVALID_ARGUMENT, "a stop text is empty") {
      "".withCString { empty in
        [empty].withUnsafeBufferPointer { stops in
          generate(fixture.model, "a", TokenLog()) {
            ($0.stop, $0.stop_count) = (UnsafePointer(stops.baseAddress), 1)
          }
        }
      }
    }
    expect(HEDDLE_NULL_ARGUMENT, "stop") { generate(fixture.model, "a", TokenLog()) { $0.stop_count = 1 } }
  }

  @Test func `log-probabilities come with tokens`() throws {
    let fixture = try Fixture()
    final class Seen: Sendable {
      let tokens = Mutex<[(id: Int32, own: Float, top: [Int32], values: [Float])]>([])
    }
    let callback: heddle_token_callback = { context, token in
      guard let context, let token = token?.pointee else { return -1 }
      let top = UnsafeBufferPointer(start: token.top, count: token.top_count)
      Unmanaged<Seen>.fromOpaque(context).takeUnretainedValue().tokens.withLock {
        $0.append((token.id, token.log_probability, top.map(\.id), top.map(\.value)))
      }
      return 0
    }
    for (asked, count) in [(0, 0), (-1, 0), (3, 3), (259, 259)] as [(Int32, Int)] {
      let seen = Seen()
      var options = heddle_generate_options()
      options.size = MemoryLayout<heddle_generate_options>.size
      (options.maximum_tokens, options.log_probabilities) = (5, asked)
      let context = Unmanaged.passUnretained(seen).toOpaque()
      try succeed { heddle_model_generate(fixture.model, "Once upon", &options, callback, context) }
      for token in seen.tokens.withLock({ $0 }) {
        #expect(token.top.count == count && (token.own < 0) == (asked != 0))
        // The most probable token is the one that is taken.
        if count > 0 { #expect(token.top[0] == token.id && token.values[0] == token.own) }
        #expect(token.values == token.values.sorted(by: >))
        if count == 259 { #expect(abs(token.values.reduce(0) { $0 + exp($1) } - 1) < 1e-4) }
      }
    }
  }

  @Test func `a session takes ids, gives logits and goes back`() throws {
    let fixture = try Fixture()
    let session = try made { heddle_model_session_create(fixture.model, 32, $0) }
    defer { _ = heddle_release(session) }
    func extended(_ ids: [Int32]) throws -> [Float] {
      var logits = [Float](repeating: .nan, count: 259)
      try succeed { heddle_model_session_extend(session, ids, ids.count, 0, &logits, logits.count) }
      return logits
    }
    var position: Int64 = -1
    let whole = try extended([97, 98, 99, 100])
    let isFinite = whole.allSatisfy { $0.isFinite }
    #expect(isFinite)
    try succeed { heddle_model_session_rewind(session, 2) }
    try succeed { heddle_model_session_position(session, &position) }
    #expect(position == 2)
    let other = try extended([101])
    #expect(other != whole)
    try succeed { heddle_model_session_rewind(session, 2) }
    let again = try extended([99, 100])
    #expect(again == whole)
    try succeed { heddle_model_session_extend(session, [1, 2], 2, 0, nil, 0) }
    try succeed { heddle_model_session_position(session, &position) }
    #expect(position == 6)
    // Generating goes on with what the session holds, and leaves it what was run.
    let (alone, kept) = (TokenLog(), TokenLog())
    try succeed { generate(fixture.model, "abcd", alone) { $0.maximum_tokens = 6 } }
    try succeed { generate(fixture.model, "abcd", kept) { ($0.maximum_tokens, $0.session) = (6, session) } }
    #expect(alone.all == kept.all)
    try succeed { heddle_model_session_position(session, &position) }
    #expect(position == 4 + Int64(alone.all.count) - 1)

    var few = [Float](repeating: 7, count: 258)
    expect(HEDDLE_BUFFER_TOO_SMALL, "259 logits") { heddle_model_session_extend(session, [1], 1, 0, &few, 258) }
    expect(HEDDLE_NULL_ARGUMENT, "logits") { heddle_model_session_extend(session, [1], 1, 0, nil, 259) }
    expect(HEDDLE_NULL_ARGUMENT, "ids") { heddle_model_session_extend(session, nil, 1, 0, nil, 0) }
    expect(HEDDLE_INVALID_ARGUMENT, "empty") { heddle_model_session_extend(session, nil, 0, 0, nil, 0) }
    expect(HEDDLE_INVALID_ARGUMENT, "-1") { heddle_model_session_extend(session, [-1], 1, 0, nil, 0) }
    expect(HEDDLE_INVALID_ARGUMENT, "259") { heddle_model_session_extend(session, [259], 1, 0, nil, 0) }
    expect(HEDDLE_INVALID_ARGUMENT, "full") {
      heddle_model_session_extend(session, [Int32](repeating: 1, count: 33), 33, 0, nil, 0)
    }
    expect(HEDDLE_INVALID_ARGUMENT, "timeout") { heddle_model_session_extend(session, [1], 1, -1, nil, 0) }
    expect(HEDDLE_DEADLINE) { heddle_model_session_extend(session, [1], 1, 1, nil, 0) }
    for wrong in [-1, position + 1, .max, .min] {
      expect(HEDDLE_INVALID_ARGUMENT, "position is \(wrong)") { heddle_model_session_rewind(session, wrong) }
    }
    expect(HEDDLE_NULL_ARGUMENT, "position") { heddle_model_session_position(session, nil) }
    for capacity in [-1, 97, .max] as [Int64] {
      expect(HEDDLE_INVALID_ARGUMENT, "capacity is \(capacity)") {
        var none: heddle_model_session = 0
        return heddle_model_session_create(fixture.model, capacity, &none)
      }
    }
    expect(HEDDLE_NULL_ARGUMENT, "session") { heddle_model_session_create(fixture.model, 0, nil) }
    expect(HEDDLE_WRONG_HANDLE, "heddle_model_session") { heddle_model_info(session, nil, 0, nil) }
    expect(HEDDLE_WRONG_HANDLE, "heddle_model") { heddle_model_session_rewind(fixture.model, 0) }
    let second = try Fixture()
    expect(HEDDLE_INVALID_ARGUMENT, "another model's") {
      generate(second.model, "a", TokenLog()) { $0.session = session }
    }
    expect(HEDDLE_INVALID_HANDLE) { generate(fixture.model, "a", TokenLog()) { $0.session = 5 } }
    expect(HEDDLE_INVALID_ARGUMENT, "40 tokens") {
      generate(fixture.model, String(repeating: "a", count: 40), TokenLog()) { $0.session = session }
    }
  }

  @Test func `messages with tools, and their ids`() async throws {
    let template = """
      {% if tools %}{{ tools | tojson }}{% endif %}{% for m in messages %}[{{ m.role }}]{{ m.content or '' }}\
      {% for c in m.tool_calls or [] %}{{ c.function.name }}{{ c.function.arguments | tojson }}{% endfor %}{% endfor %}:
      """
    let fixture = try Fixture(chatTemplate: template)
    func ids(_ messages: String) throws -> [Int32] {
      var (ids, count) = ([Int32](repeating: 0, count: 90), 0)
      try succeed { heddle_model_tokenize_messages(fixture.model, messages, &ids, ids.count, &count) }
      return Array(ids.prefix(count))
    }
    func text(_ ids: [Int32]) throws -> String {
      var buffer = [CChar](repeating: 0, count: 200)
      try succeed { heddle_model_detokenize(fixture.model, ids, ids.count, &buffer, buffer.count, nil) }
      return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    let user = #"[{"role": "user", "content": "Hi"}]"#
    #expect(try text(ids(user)) == "[user]Hi:")
    #expect(try text(ids(#"{"messages": \#(user), "tools": [{"name": "f"}]}"#)) == #"[{"name": "f"}][user]Hi:"#)
    let call =
      #"[{"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "f", "arguments": "{\"a\": 1}"}}]}]"#
    #expect(try text(ids(call)) == #"[assistant]f{"a": 1}:"#)
    // Control tokens in a message are text.
    #expect(try ids(#"[{"role": "user", "content": "</s>"}]"#).contains(258) == false)
    let (laidOut, message, system) = (TokenLog(), TokenLog(), TokenLog())
    try succeed { generate(fixture.model, user, laidOut) { ($0.maximum_tokens, $0.is_chat) = (8, 2) } }
    try succeed { generate(fixture.model, "Hi", message) { ($0.maximum_tokens, $0.is_chat) = (8, 1) } }
    #expect(laidOut.all == message.all && !message.all.isEmpty)
    try succeed {
      "Be brief".withCString { text in
        generate(fixture.model, "Hi", system) { ($0.maximum_tokens, $0.is_chat, $0.system) = (8, 1, text) }
      }
    }
    let both = TokenLog()
    let messages = #"[{"role": "system", "content": "Be brief"}, {"role": "user", "content": "Hi"}]"#
    try succeed { generate(fixture.model, messages, both) { ($0.maximum_tokens, $0.is_chat) = (8, 2) } }
    #expect(system.all == both.all)
    for way in [0, 2] as [Int32] {
      expect(HEDDLE_INVALID_ARGUMENT, "system") {
        "a".withCString { text in generate(fixture.model, user, TokenLog()) { ($0.is_chat, $0.system) = (way, text) } }
      }
    }
    var (few, count): ([Int32], Int) = ([7], 0)
    for (messages, words) in [
      ("", "not JSON"), ("[", "not JSON"), ("1", "list of messages"), ("[1]", "message 0"), ("[{}]", "role"),
      (#"{"messages": [], "tools": 1}"#, "tool 0"), (#"{"messages": [], "tools": [1]}"#, "tool 0"),
      (#"[{"role": "user", "content": 1}]"#, "content"), (String(repeating: "[", count: 100_000), "nested"),
    ] {
      expect(HEDDLE_INVALID_ARGUMENT, words) {
        heddle_model_tokenize_messages(fixture.model, messages, &few, 1, &count)
      }
    }
    expect(HEDDLE_BUFFER_TOO_SMALL, "9 tokens") {
      heddle_model_tokenize_messages(fixture.model, user, &few, 1, &count)
    }
    expect(HEDDLE_NULL_ARGUMENT, "messages") { heddle_model_tokenize_messages(fixture.model, nil, &few, 1, &count) }
    var needed = 0
    try succeed { heddle_model_detokenize(fixture.model, [97, 98], 2, nil, 0, &needed) }
    #expect(needed == 3)
    expect(HEDDLE_INVALID_ARGUMENT) { heddle_model_detokenize(fixture.model, [259], 1, nil, 0, &needed) }
    expect(HEDDLE_NULL_ARGUMENT, "ids") { heddle_model_detokenize(fixture.model, nil, 1, nil, 0, &needed) }
    try succeed { heddle_model_detokenize(fixture.model, nil, 0, nil, 0, &needed) }
    #expect(needed == 1)
  }

  @Test func `precisions have names`() throws {
    let fixture = try Fixture()
    // Products with quantized weights are those that may multiply whole numbers.
    let path = try TinyModel.write(matrices: .q8_0)
    defer { try? FileManager.default.removeItem(at: path.deletingLastPathComponent()) }
    func opened(_ activations: String?, _ cache: String?) -> (heddle_status, heddle_model) {
      var (options, model) = (heddle_model_options(), heddle_model())
      options.size = MemoryLayout<heddle_model_options>.size
      func open() -> heddle_status { heddle_model_open(fixture.backend, path.path, &options, &model) }
      func withCache() -> heddle_status {
        guard let cache else { return open() }
        return cache.withCString {
          options.cache = $0
          return open()
        }
      }
      guard let activations else { return (withCache(), model) }
      let status = activations.withCString {
        options.activations = $0
        return withCache()
      }
      return (status, model)
    }
    func logits(_ activations: String?, _ cache: String?) throws -> [Float] {
      let (status, model) = opened(activations, cache)
      #expect(Int(status) == HEDDLE_OK)
      let session = try made { heddle_model_session_create(model, 32, $0) }
      var logits = [Float](repeating: .nan, count: TinyModel.vocabulary)
      // What the last token sees of the others comes from the cache.
      for ids: [Int32] in [[97, 98, 99], [100]] {
        try succeed { heddle_model_session_extend(session, ids, ids.count, 0, &logits, logits.count) }
      }
      for handle in [session, model] { try succeed { heddle_release(handle) } }
      return logits
    }
    let plain = try logits(nil, nil)
    let size = plain.reduce(0) { max($0, abs($1)) }
    #expect(try logits("exact", "f32") == plain)
    for (activations, cache) in [("int8", nil), (nil, "f16"), ("int8", "f16")] as [(String?, String?)] {
      let other = try logits(activations, cache)
      let distance = zip(plain, other).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(distance > 0 && distance < size / 20, "\(distance) of \(size)")
    }
    expect(HEDDLE_INVALID_ARGUMENT, "activations is 'fp4'; it must be one of: exact, int8") { opened("fp4", nil).0 }
    expect(HEDDLE_INVALID_ARGUMENT, "cache is 'F16'; it must be one of: f32, f16, bf16, q8_0") {
      opened(nil, "F16").0
    }
  }

  @Test func `a callback's no, a deadline and a release stop it`() throws {
    let fixture = try Fixture()
    let log = TokenLog(stopsAfter: 3)
    expect(HEDDLE_CANCELLED, "the token callback returned 5") { generate(fixture.model, "a", log) }
    #expect(log.all.count == 3)
    let none = TokenLog()
    expect(HEDDLE_DEADLINE) { generate(fixture.model, "a", none) { $0.timeout = 1 } }
    #expect(none.all.isEmpty)
    // Whoever is still generating when a model is released is told.
    let model = try made { heddle_model_open(fixture.backend, fixture.path.path, nil, $0) }
    let released = TokenLog { count in
      if count == 2 { #expect(Int(heddle_release(model)) == HEDDLE_OK) }
    }
    expect(HEDDLE_CANCELLED) { generate(model, "a", released) { $0.maximum_tokens = 50 } }
    #expect(released.all.count == 2)
    expect(HEDDLE_STALE_HANDLE) { heddle_model_info(model, nil, 0, nil) }
    // The other still works, and a deadline far away is none.
    let after = TokenLog()
    try succeed { generate(fixture.model, "a", after) { ($0.maximum_tokens, $0.timeout) = (5, .max) } }
    #expect(after.all.count == 5 || after.all.last?.isEnd == true)
  }

  @Test func `callbacks come on the calling thread and may call anything, also generate`() throws {
    let fixture = try Fixture()
    let model = fixture.model
    let alone = TokenLog()
    try succeed { generate(model, "inner", alone) { $0.maximum_tokens = 6 } }
    let inner = TokenLog()
    let thread = pthread_self().hashValue
    let outer = TokenLog { count in
      #expect(pthread_self().hashValue == thread)
      guard count == 2 else { return }
      var options = heddle_generate_options()
      options.size = MemoryLayout<heddle_generate_options>.size
      options.maximum_tokens = 6
      #expect(Int(heddle_model_generate(model, "inner", &options, TokenLog.callback, inner.context)) == HEDDLE_OK)
      var needed = 0
      #expect(Int(heddle_model_info(model, nil, 0, &needed)) == HEDDLE_OK && needed > 10)
    }
    try succeed { generate(model, "outer", outer) { $0.maximum_tokens = 6 } }
    let plain = TokenLog()
    try succeed { generate(model, "outer", plain) { $0.maximum_tokens = 6 } }
    #expect(inner.all == alone.all && !inner.all.isEmpty)
    #expect(outer.all == plain.all && outer.all.count > 2)
  }

  @Test func `several threads generate at once, each what it would alone`() throws {
    let fixture = try Fixture()
    let model = fixture.model
    let prompts = ["a", "bc", "def", "ghij"]
    let alone = try prompts.map { prompt in
      let log = TokenLog()
      try succeed { generate(model, prompt, log) { $0.maximum_tokens = 10 } }
      return log.all
    }
    let logs = prompts.map { _ in TokenLog() }
    DispatchQueue.concurrentPerform(iterations: prompts.count) { index in
      var options = heddle_generate_options()
      options.size = MemoryLayout<heddle_generate_options>.size
      options.maximum_tokens = 10
      let status = heddle_model_generate(model, prompts[index], &options, TokenLog.callback, logs[index].context)
      #expect(Int(status) == HEDDLE_OK)
    }
    #expect(logs.map(\.all) == alone)
  }
}
