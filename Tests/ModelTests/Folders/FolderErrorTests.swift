import Foundation
import Heddle
import Testing

/// What a folder lacks, or has wrong, is one error that names the place.
@Suite struct FolderErrorTests {
  @Test func filesThatAreNotThere() throws {
    var folder = try FolderCopy("qwen2")
    try folder.remove("config.json")
    #expect(folder.error() == .missingFile(folder: folder.path, oneOf: ["config.json"]))
    folder = try FolderCopy("qwen2")
    try folder.remove("tokenizer.json")
    #expect(folder.error() == .missingFile(folder: folder.path, oneOf: ["tokenizer.json", "tokenizer.model"]))
    folder = try FolderCopy("qwen2")
    try folder.remove("model.safetensors")
    #expect(folder.error() == .checkpoint(.noCheckpoint(folder: folder.path)))
    // These may be absent.
    folder = try FolderCopy("qwen2")
    for name in ["generation_config.json", "tokenizer_config.json", "chat_template.jinja"] { try folder.remove(name) }
    #expect(folder.error() == nil)
  }

  /// Ends of an answer that are no tokens would be lost, and the answer would not end.
  @Test(arguments: ["generation_config.json", "config.json"]) func ends(_ name: String) throws {
    let folder = try FolderCopy("qwen2")
    func error(_ value: any Sendable) throws -> ModelFolderError? {
      try folder.edit(name) { $0["eos_token_id"] = value }
      return folder.error()
    }
    #expect(try error([1, 2]) == nil)
    for value in [99999, -1] {
      guard case .config(folder.file(name), .outOfRange("eos_token_id", "\(value)", _))? = try error(value) else {
        Issue.record("\(value)")
        continue
      }
    }
    guard case .config(_, .wrongType("eos_token_id", _, _))? = try error(["x"]) else {
      Issue.record("a text")
      return
    }
  }

  @Test func templates() throws {
    let folder = try FolderCopy("qwen2")
    let name = "chat_template.jinja"
    try Data([0xFF, 0x7B]).write(to: URL(fileURLWithPath: folder.file(name)))
    #expect(folder.error() == .invalidText(path: folder.file(name)))
    // Nothing in it is none.
    try folder.write(name, "")
    #expect(folder.error() == nil)
    try folder.write("chat_template.json", #"{"chat_template": 5}"#)
    guard case .config(_, .wrongType("chat_template", _, _))? = folder.error() else {
      Issue.record("a number")
      return
    }
  }

  @Test func shards() throws {
    let folder = try FolderCopy("llama")
    let index = folder.file("model.safetensors.index.json")
    let name = "model-00002-of-00003.safetensors"
    try folder.link(name)
    #expect(folder.error() == .symbolicLink(path: folder.file(name)))
    try folder.remove(name)
    #expect(folder.error() == .checkpoint(.malformedIndex(path: index, .missingShard(name))))
    let text = try String(contentsOfFile: index, encoding: .utf8).replacing(name, with: "../\(name)")
    try folder.write("model.safetensors.index.json", text)
    guard case .checkpoint(.malformedIndex(index, .shardName("../\(name)", _)))? = folder.error() else {
      Issue.record("\(String(describing: folder.error()))")
      return
    }
  }

  @Test func linksAreNotFollowed() throws {
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
      let folder = try FolderCopy("qwen2")
      try folder.link(name)
      #expect(folder.error() == .symbolicLink(path: folder.file(name)))
    }
  }

  /// A folder of the hub's cache is all links, to files with other names in a folder beside it.
  @Test func linksOfTheHubsCacheAre() throws {
    let cache = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-cache-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: cache) }
    let (blobs, snapshot) = (cache.appendingPathComponent("blobs"), cache.appendingPathComponent("snapshots/1a2b"))
    for folder in [blobs, snapshot] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    let source = FolderFixture.url("llama")
    for (place, name) in try FileManager.default.contentsOfDirectory(atPath: source.path).enumerated() {
      try FileManager.default.copyItem(
        at: source.appendingPathComponent(name), to: blobs.appendingPathComponent("\(place)"))
      try FileManager.default.createSymbolicLink(
        atPath: snapshot.appendingPathComponent(name).path, withDestinationPath: "../../blobs/\(place)")
    }
    #expect(try ModelFile(path: snapshot.path).tensors.count == FolderFixture.file("llama").tensors.count)
    // Not one that leads on from there.
    let config = snapshot.appendingPathComponent("config.json").path
    try FileManager.default.removeItem(atPath: config)
    try FileManager.default.createSymbolicLink(atPath: config, withDestinationPath: "../../blobs/../blobs/0")
    #expect(throws: ModelFileError.folder(.symbolicLink(path: config))) { try ModelFile(path: snapshot.path) }
  }

  @Test func malformedJSON() throws {
    for name in ["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"] {
      let folder = try FolderCopy("qwen2")
      try folder.write(name, "{\"a\": [1, 2}")
      let error = folder.error()
      let expected = JSONDefect.unexpected(found: "'}'", expected: "',' or ']'")
      #expect(error == .json(path: folder.file(name), offset: 11, expected), "\(name)")
      try folder.write(name, "{\"a\": " + String(repeating: "[", count: 100_000))
      #expect("\(String(describing: folder.error()))".contains("values inside of each other"), "\(name)")
    }
  }

  /// Any bytes at all give a model or an error.
  @Test(arguments: ["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"])
  func anyByte(_ name: String) throws {
    let folder = try FolderCopy("phi3-long")
    let url = URL(fileURLWithPath: folder.file(name))
    let bytes = try Data(contentsOf: url)
    let values: [UInt8] = [UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "]"), 0xFF]
    for (turn, place) in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 150)).enumerated() {
      var changed = bytes
      changed[place] = values[turn % values.count]
      try changed.write(to: url)
      if let error = folder.error() { #expect(!"\(error)".isEmpty) }
    }
  }

  @Test func families() throws {
    let folder = try FolderCopy("qwen2")
    let path = folder.file("config.json")
    try folder.configure("architectures", ["MambaForCausalLM"])
    guard case .unsupportedFamily(path, "MambaForCausalLM", let supported)? = folder.error() else {
      Issue.record("\(String(describing: folder.error()))")
      return
    }
    #expect(supported.contains("LlamaForCausalLM") && supported.contains("GPT2LMHeadModel"))
    try folder.configure("architectures", nil)
    #expect(folder.error() == .config(path: path, .missingKey("architectures")))
  }

  /// What would change the results and is not computed is refused by name.
  @Test(
    arguments: [
      ("qwen2", "hidden_act", "relu"), ("qwen2", "num_experts", 4), ("qwen2", "something_new", 0.5),
      ("llama", "partial_rotary_factor", 0.5), ("gpt2", "scale_attn_by_inverse_layer_idx", true),
      ("falcon", "alibi", true), ("gemma3", "sliding_window_pattern", 5), ("smollm3", "no_rope_layer_interval", 2),
      ("phi", "qk_layernorm", true), ("gemma", "use_bidirectional_attention", true),
      ("command-r", "attention_bias", true), ("cohere2", "sliding_window_pattern", 3), ("seed_oss", "mlp_bias", true),
      ("cohere2", "use_parallel_block", false), ("gpt_bigcode", "multi_query", false),
      ("ernie4_5", "compression_ratio", 0.5), ("olmo3", "rope_parameters.full_attention.rope_type", "spiral"),
      ("qwen2", "rope_parameters.rope_type", "spiral"), ("exaone4", "hidden_act", "gelu"),
      ("glm4", "hidden_act", "gelu"), ("olmo", "attention_bias", true), ("nemotron", "hidden_act", "silu"),
      ("arcee", "hidden_act", "silu"), ("bloom", "n_inner", 8),
      ("bloom", "apply_residual_connection_post_layernorm", true), ("mpt", "attn_config.alibi", false),
      ("mpt", "attn_config.softmax_scale", 0.5), ("mpt", "attn_config.qk_ln", true), ("mpt", "attn_config.new", 1),
      ("mpt", "attn_config.attn_type", "multiquery_attention"), ("mpt", "expansion_ratio", 2),
      ("mpt", "logit_scale", 2), ("deepseek_v32", "layer_types", ["indexed_attention", "full_attention"]),
      ("deepseek_v32", "mlp_layer_types", ["sparse", "sparse"]), ("deepseek_v32", "scoring_func", "softmax"),
      ("deepseek_v32", "rope_interleave", false), ("deepseek_v32", "index_skip_topk_offset", 2),
    ] as [(String, String, any Sendable)])
  func configuration(_ family: String, _ key: String, _ value: any Sendable) throws {
    let folder = try FolderCopy(family)
    try folder.edit("config.json") {
      $0["_sliding_window_pattern"] = nil
      func set(_ members: inout [String: Any], _ keys: ArraySlice<Substring>) {
        guard let first = keys.first.map(String.init) else { return }
        var inner = members[first] as? [String: Any] ?? [:]
        set(&inner, keys.dropFirst())
        members[first] = keys.count == 1 ? value as Any : inner
      }
      set(&$0, key.split(separator: ".")[...])
    }
    guard case .config(folder.file("config.json"), .unsupported(key, _, _))? = folder.error() else {
      Issue.record("\(family), \(key): \(String(describing: folder.error()))")
      return
    }
  }

  /// A base that grows beyond the context says nothing of what is in it.
  @Test func dynamicScaling() throws {
    func folder(_ rotary: [String: any Sendable]) throws -> FolderCopy {
      let folder = try FolderCopy("qwen3")
      try folder.configure("rope_parameters", rotary.merging(["rope_type": "dynamic", "rope_theta": 1e6]) { $1 })
      return folder
    }
    let open = try folder(["factor": 4.0, "original_max_position_embeddings": 64])
    let (scaled, plain) = (try ModelFile(path: open.path).metadata, try FolderFixture.file("qwen3").metadata)
    #expect(scaled.keys == plain.keys && plain.keys.allSatisfy { scaled[$0] == plain[$0] })
    for (key, rotary) in [
      ("factor", [:]), ("original_max_position_embeddings", ["factor": 4.0, "original_max_position_embeddings": 32]),
      ("alpha", ["factor": 4.0, "alpha": 1000.0]),
    ] as [(String, [String: any Sendable])] {
      let error = try folder(rotary).error().map { "\($0)" }
      #expect(error?.contains("rope_parameters.\(key)") == true, "\(String(describing: error))")
    }
  }

  /// Before `layer_types` a pattern said which layers of an EXAONE have the window.
  @Test func patternsOfWindows() throws {
    func pattern(_ value: any Sendable) throws -> GGUFValue? {
      let folder = try FolderCopy("exaone4")
      try folder.edit("config.json") {
        $0["layer_types"] = nil
        $0["sliding_window_pattern"] = value
      }
      if let error = folder.error() { throw error }
      return try ModelFile(path: folder.path).metadata["exaone4.attention.sliding_window_pattern"]
    }
    #expect(try pattern("LLLG") == .array(.bool([true, true, true, false])))
    #expect(try pattern("LG") == .array(.bool([true, false, true, false])))
    #expect(try pattern(3) == .array(.bool([true, true, false, true])))
    #expect(throws: ModelFolderError.self) { try pattern("LLX") }
    #expect(throws: ModelFolderError.self) { try pattern(0) }
  }

  @Test func configurationsThatContradictThemselves() throws {
    func error(_ key: String, _ value: Any?) throws -> HubConfigDefect? {
      let folder = try FolderCopy("qwen2")
      try folder.configure(key, value)
      guard case .config(_, let defect)? = folder.error() else { return nil }
      return defect
    }
    #expect(try error("hidden_size", nil) == .missingKey("hidden_size"))
    #expect(try error("hidden_size", "x") == .wrongType(key: "hidden_size", expected: "an integer", found: "'x'"))
    #expect(
      try error("hidden_size", -1) == .outOfRange(key: "hidden_size", value: "-1", range: 1...1 << 24))
    #expect(
      try error("num_key_value_heads", 3)
        == .invalid(key: "num_key_value_heads", value: "3", reason: "the 4 query heads are not a multiple of it"))
    #expect(
      try error("vocab_size", 7) == .invalid(key: "vocab_size", value: "7", reason: "the embedding has 306 rows"))
    let rope: [String: Any] = ["rope_type": "spiral", "rope_theta": 10_000]
    #expect(
      try error("rope_parameters", rope)
        == .unsupported(
          key: "rope_parameters.rope_type", value: "'spiral'",
          supported: "'default', 'linear', 'llama3', 'yarn', 'dynamic'"))
    #expect(try error("quantization_config", ["quant_method": "hqq"]).map { "\($0)" }?.contains("'hqq'") == true)
  }

  /// What an indexer must be for there to be keys to see.
  @Test func indexers() throws {
    func error(_ key: String, _ value: Any?) throws -> HubConfigDefect? {
      let folder = try FolderCopy("deepseek_v32")
      try folder.configure(key, value)
      guard case .config(folder.file("config.json"), let defect)? = folder.error() else { return nil }
      return defect
    }
    for key in ["index_topk", "index_n_heads", "index_head_dim", "q_lora_rank"] {
      #expect(try error(key, nil) == .missingKey(key))
      for value in [0, -1] {
        guard case .outOfRange(key, "\(value)", _)? = try error(key, value) else {
          Issue.record("\(key) of \(value)")
          continue
        }
      }
      #expect(try error(key, 2.5) == .wrongType(key: key, expected: "an integer", found: "2.5"))
    }
    #expect(
      try error("index_head_dim", 2)
        == .invalid(key: "index_head_dim", value: "2", reason: "4 values of a key are turned"))
  }

  @Test func tensors() async throws {
    func error(
      _ family: String, _ change: (String, SafetensorsDtype) -> [(name: String, dtype: SafetensorsDtype)]
    ) async throws -> HubTensorDefect? {
      let folder = try FolderCopy(family)
      try await folder.rewrite(change)
      guard case .tensor(folder.path, let defect)? = folder.error() else { return nil }
      return defect
    }
    let q = "model.layers.0.self_attn.q_proj.weight"
    #expect(
      try await error("qwen2") { [($0 == q ? "model.layers.9.x.weight" : $0, $1)] }
        == .unknown("model.layers.9.x.weight"))
    // A layer beyond those there are.
    let beyond = q.replacing(".0.", with: ".2.")
    #expect(try await error("qwen2") { [($0 == q ? beyond : $0, $1)] } == .unknown(beyond))
    #expect(try await error("qwen2") { [($0, $0 == q ? .i16 : $1)] } == .wrongDtype(tensor: q, .i16))
    #expect(
      try await error("qwen2") { $0 == "model.embed_tokens.weight" ? [] : [($0, $1)] }
        == .missing("model.embed_tokens.weight"))
    #expect(try await error("qwen3") { $0 == "lm_head.weight" ? [] : [($0, $1)] } == .missing("lm_head.weight"))
    #expect(
      try await error("gpt2") { $0 == "transformer.ln_f.bias" ? [($0, $1), ("ln_f.bias", $1)] : [($0, $1)] }
        == .duplicate("transformer.ln_f.bias", and: "ln_f.bias", are: "output_norm.bias"))
    let stacked = "model.layers.0.self_attn.q_layernorm.norms.3.weight"
    let last = try await error("stablelm") { $0 == stacked.replacing("3", with: "2") ? [] : [($0, $1)] }
    #expect(last == .missing("blk.0.attn_q_norm.weight, part 2"))
  }

  @Test func tokenizers() throws {
    func error(_ family: String = "qwen2", _ change: (inout [String: Any]) -> Void) throws -> HubTokenizerDefect? {
      let folder = try FolderCopy(family)
      try folder.edit("tokenizer.json", change)
      guard case .tokenizer(folder.file("tokenizer.json"), let defect)? = folder.error() else { return nil }
      return defect
    }
    func model(_ tokenizer: inout [String: Any], _ change: (inout [String: Any]) -> Void) {
      var model = tokenizer["model"] as? [String: Any] ?? [:]
      change(&model)
      tokenizer["model"] = model
    }
    #expect(
      try error { model(&$0) { $0["type"] = "Magic" } }
        == .unsupportedModel("Magic", supported: ["BPE", "Unigram", "WordPiece"]))
    let split: [String: Any] = [
      "type": "Split", "pattern": ["Regex": "[a-z]+\r"], "behavior": "Isolated", "invert": false,
    ]
    #expect(try error { $0["pre_tokenizer"] = split } == .unknownPretokenizer(#"Split /[a-z]+\r/ Isolated"#))
    #expect(try error { $0["normalizer"] = ["type": "Lowercase"] } == .unknownNormalizer("Lowercase"))
    func rename(_ tokenizer: inout [String: Any], _ id: Int) {
      model(&tokenizer) { model in
        var vocabulary = model["vocab"] as? [String: Int] ?? [:]
        vocabulary["!!!"] = id
        model["vocab"] = vocabulary
      }
    }
    #expect(try error { rename(&$0, 306) } == .idOutOfRange(token: "!!!", id: 306, count: 306))
    let double = try error { rename(&$0, 40) }
    guard case .duplicateID(40, _, _)? = double else {
      Issue.record("\(String(describing: double))")
      return
    }
    // Two tokens before a text are more than a file can say.
    let template: [String: Any] = [
      "type": "TemplateProcessing", "pair": [],
      "single": [["SpecialToken": ["id": "a"]], ["SpecialToken": ["id": "b"]], ["Sequence": ["id": "A"]]],
    ]
    #expect(try error { $0["post_processor"] = template }.map { "\($0)" }?.contains("several tokens") == true)
    // Without merges of SentencePiece spaces mean something else.
    let strip = try error("mistral") {
      $0["normalizer"] = ["type": "Replace", "pattern": ["String": " "], "content": "_"]
    }
    #expect(strip == .unknownNormalizer("Replace ' ' by '_'"))
  }
}
