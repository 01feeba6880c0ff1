import HeddleText

/// The tokens that stand for something, by the names that a hub's files and GGUF's keys have for them.
package struct SpecialTokens {
  private static let keys: [(role: String, key: String)] = [
    ("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("sep", "seperator"), ("pad", "padding"), ("cls", "cls"),
    ("mask", "mask"),
  ]

  private var ids: NameTable<Int> = [:]
  /// Tokens that end an answer, in the files' order.
  private(set) var ends: [Int] = []
  /// Whether a text begins with `bos`, and ends with `eos`.
  private(set) var begins = false
  private(set) var closes = false

  /// - Parameters:
  ///   - settings: `tokenizer_config.json`, then `special_tokens_map.json`: tokens by their text.
  ///   - models: `config.json`, then `generation_config.json`: tokens by their id, of ends maybe several.
  init(
    _ tokenizer: HubTokenizer, settings: [NameTable<JSONValue>], models: [NameTable<JSONValue>]
  ) throws(HubTokenizerDefect) {
    let count = tokenizer.table.kinds.count
    let roles = Self.keys.map { role, _ in (role, settings.compactMap { Self.text($0["\(role)_token"]) }) }
    let framing = [tokenizer.frame?.first, tokenizer.frame?.last].compactMap(\.self)
    let places = tokenizer.table.ids(of: NameSet(roles.flatMap(\.1) + framing))
    for (role, texts) in roles {
      let named = models.flatMap { Self.ids($0["\(role)_token_id"]) }.filter { $0 >= 0 && $0 < count }
      ids[role] = texts.lazy.compactMap { places[$0] }.first ?? named.first
      var known: Set<Int> = []
      if role == "eos" { ends = named.filter { known.insert($0).inserted } }
    }
    try readFrame(tokenizer, places, settings.first)
    if let eos = ids["eos"], !ends.contains(eos) { ends = [eos] + ends }
  }

  /// What is put around texts: the frame of `tokenizer.json`, or without one what the tokenizer's settings say.
  private mutating func readFrame(
    _ tokenizer: HubTokenizer, _ places: NameTable<Int>, _ settings: NameTable<JSONValue>?
  ) throws(HubTokenizerDefect) {
    guard let frame = tokenizer.frame else {
      let kind = settings?["tokenizer_class"]?.string ?? ""
      // These put one before, whatever `tokenizer.json` does not say.
      let fallback = ["LlamaTokenizer", "GemmaTokenizer", "CodeLlamaTokenizer"].contains { kind.hasPrefix($0) }
      begins = settings?["add_bos_token"]?.bool ?? (fallback || tokenizer.beginsByDefault)
      closes = settings?["add_eos_token"]?.bool ?? false
      return
    }
    begins = try isFramed(by: frame.first, "bos", places)
    closes = try isFramed(by: frame.last, "eos", places)
  }

  /// Whether a token of a frame is the one of its role; where no file says which that is, it is this one.
  private mutating func isFramed(
    by token: String?, _ role: String, _ places: NameTable<Int>
  ) throws(HubTokenizerDefect) -> Bool {
    guard let token else { return false }
    guard let id = places[token] else { throw .missingField(token) }
    let others = role == "bos" ? ["cls"] : ["sep"]
    if ids[role] == nil { ids[role] = id }
    guard ids[role] == id || others.contains(where: { ids[$0] == id }) else {
      throw .unsupportedOption(
        "post_processor", value: "a template with \(quoted(token))", supported: "the '\(role)_token' in its place")
    }
    return true
  }

  /// A token's text: a string, or an object with it.
  private static func text(_ value: JSONValue?) -> String? { value?.string ?? value?["content"]?.string }

  private static func ids(_ value: JSONValue?) -> [Int] {
    value?.integer.map { [$0] } ?? value?.array?.compactMap(\.integer) ?? []
  }

  /// Entries by the ends of their keys. GGUF has three keys for ends; ``endsKey`` has all where they are more.
  var entries: [(name: String, value: GGUFValue)] {
    var entries: [(name: String, value: GGUFValue)] = []
    for (role, key) in Self.keys {
      if let id = ids[role] { entries.append(("\(key)_token_id", .uint32(UInt32(clamping: id)))) }
    }
    let others = ends.filter { $0 != ids["eos"] }
    for (id, key) in zip(others, ["eot", "eom"]) { entries.append(("\(key)_token_id", .uint32(UInt32(clamping: id)))) }
    if ids["eos"] != nil || begins { entries.append(("add_bos_token", .bool(begins))) }
    if ids["eos"] != nil { entries.append(("add_eos_token", .bool(closes))) }
    return entries
  }

  /// The ids of all tokens that end an answer.
  package static let endsKey = "heddle.end_token_ids"

  var hasMoreEnds: Bool { ends.count > 3 }
}
