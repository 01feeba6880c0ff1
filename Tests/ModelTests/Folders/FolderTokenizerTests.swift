import Foundation
import Heddle
import Testing

/// What the tokenizers of folders become as metadata, where ``FolderConversionTests`` has no converter beside them.
@Suite struct FolderTokenizerTests {
  private func metadata(_ folder: FolderCopy) throws -> GGUFMetadata { try ModelFile(path: folder.path).metadata }

  private func tokens(_ metadata: GGUFMetadata, _ count: Int) throws -> [String] {
    Array(try metadata.strings("tokenizer.ggml.tokens").prefix(count))
  }

  @Test func unigram() throws {
    let folder = try FolderCopy("qwen2")
    try folder.write(
      "tokenizer.json",
      """
      {"added_tokens": [{"id": 3, "content": "</s>", "special": true}],
       "normalizer": {"type": "Sequence", "normalizers": [
         {"type": "Precompiled", "precompiled_charsmap": "AAEC/w=="},
         {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
       "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
       "post_processor": {"type": "TemplateProcessing", "single": [
         {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "</s>"}}]},
       "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["▁a", -1.5], ["b", -2], ["</s>", 0]]}}
      """)
    try folder.write("tokenizer_config.json", #"{"eos_token": "</s>"}"#)
    try folder.configure("eos_token_id", nil)
    try folder.configure("bos_token_id", nil)
    try folder.remove("generation_config.json")
    let metadata = try metadata(folder)
    #expect(try metadata.string("tokenizer.ggml.model") == "t5")
    #expect(try tokens(metadata, 5) == ["<unk>", "▁a", "b", "</s>", "[PAD4]"])
    #expect(try metadata.integers("tokenizer.ggml.token_type").prefix(5) == [2, 1, 1, 3, 5])
    #expect(try metadata.floats("tokenizer.ggml.scores").prefix(3) == [0, -1.5, -2])
    #expect(metadata["tokenizer.ggml.precompiled_charsmap"] == .array(.uint8([0, 1, 2, 255])))
    #expect(try metadata.bool("tokenizer.ggml.add_space_prefix"))
    #expect(try metadata.bool("tokenizer.ggml.remove_extra_whitespaces"))
    #expect(try metadata.integer("tokenizer.ggml.eos_token_id") == 3)
    #expect(try metadata.bool("tokenizer.ggml.add_eos_token") && !metadata.bool("tokenizer.ggml.add_bos_token"))
    let text = try String(contentsOfFile: folder.file("tokenizer.json"), encoding: .utf8)
    try folder.write("tokenizer.json", text.replacing("AAEC", with: "AA*C"))
    #expect(folder.error() == .tokenizer(path: folder.file("tokenizer.json"), .malformedCharacterMap))
  }

  @Test func words() throws {
    let folder = try FolderCopy("qwen2")
    try folder.write(
      "tokenizer.json",
      """
      {"added_tokens": [{"id": 0, "content": "[CLS]", "special": true}, {"id": 1, "content": "[SEP]", "special": true}],
       "normalizer": {"type": "BertNormalizer", "lowercase": true, "strip_accents": null},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 1], "cls": ["[CLS]", 0]},
       "model": {"type": "WordPiece", "continuing_subword_prefix": "##",
         "vocab": {"[CLS]": 0, "[SEP]": 1, "the": 2, "##re": 3}}}
      """)
    try folder.write("tokenizer_config.json", #"{"cls_token": "[CLS]", "sep_token": {"content": "[SEP]"}}"#)
    for key in ["eos_token_id", "bos_token_id"] { try folder.configure(key, nil) }
    try folder.remove("generation_config.json")
    let metadata = try metadata(folder)
    #expect(try metadata.string("tokenizer.ggml.model") == "bert")
    #expect(try tokens(metadata, 4) == ["[CLS]", "[SEP]", "▁the", "re"])
    #expect(try metadata.bool("tokenizer.ggml.normalizer.lowercase"))
    #expect(try metadata.bool("tokenizer.ggml.normalizer.strip_accents"))
    #expect(try metadata.integer("tokenizer.ggml.seperator_token_id") == 1)
    #expect(try metadata.bool("tokenizer.ggml.add_bos_token") && metadata.bool("tokenizer.ggml.add_eos_token"))
  }

  /// `tokenizer.model` alone says as much, but for tokens that were added behind it.
  @Test func piecesAlone() throws {
    let folder = try FolderCopy("mistral")
    let whole = try metadata(folder)
    try folder.remove("tokenizer.json")
    let alone = try metadata(folder)
    let count = 340
    #expect(try tokens(alone, count) == tokens(whole, count))
    #expect(try alone.strings("tokenizer.ggml.tokens").last == "[PAD340]")
    #expect(
      try alone.integers("tokenizer.ggml.token_type").prefix(count)
        == whole.integers("tokenizer.ggml.token_type").prefix(count))
    for key in ["model", "add_bos_token", "add_space_prefix", "bos_token_id", "eos_token_id"] {
      #expect(alone["tokenizer.ggml.\(key)"] == whole["tokenizer.ggml.\(key)"], "\(key)")
    }
    try folder.write("added_tokens.json", #"{"<turn>": 340, "<beyond>": 999}"#)
    #expect(try metadata(folder).strings("tokenizer.ggml.tokens").last == "<turn>")
  }

  /// Without SentencePiece's own scores the order of merges gives the same merges.
  @Test func scoresOfMerges() throws {
    let folder = try FolderCopy("mistral")
    let stored = try metadata(folder).floats("tokenizer.ggml.scores")
    try folder.remove("tokenizer.model")
    let made = try metadata(folder).floats("tokenizer.ggml.scores")
    let kinds = try metadata(folder).integers("tokenizer.ggml.token_type")
    let tokens = try metadata(folder).strings("tokenizer.ggml.tokens")
    let merged = tokens.indices.filter { kinds[$0] == 1 && tokens[$0].unicodeScalars.count > 1 }
    #expect(merged.count > 20)
    #expect(merged.sorted { stored[$0] > stored[$1] } == merged.sorted { made[$0] > made[$1] })
  }

  /// Of one meaning there are two spellings.
  @Test func cutsThatAreOne() throws {
    let folder = try FolderCopy("olmo2")
    #expect(try metadata(folder).string("tokenizer.ggml.pre") == "dbrx")
    try folder.edit("tokenizer.json") { tokenizer in
      guard var cuts = tokenizer["pre_tokenizer"] as? [String: Any],
        var steps = cuts["pretokenizers"] as? [[String: Any]]
      else { return }
      steps[0]["behavior"] = "Removed"
      steps[0]["invert"] = true
      cuts["pretokenizers"] = steps
      tokenizer["pre_tokenizer"] = cuts
    }
    #expect(try metadata(folder).string("tokenizer.ggml.pre") == "dbrx")
  }

  @Test func manyEnds() throws {
    let folder = try FolderCopy("qwen2")
    try folder.write("generation_config.json", #"{"eos_token_id": [7, 5, 6, 1, 400]}"#)
    let metadata = try metadata(folder)
    #expect(try metadata.integer("tokenizer.ggml.eos_token_id") == 1)
    #expect(try metadata.integer("tokenizer.ggml.eot_token_id") == 7)
    #expect(try metadata.integer("tokenizer.ggml.eom_token_id") == 5)
    #expect(try metadata.integers("heddle.end_token_ids") == [1, 7, 5, 6])
    #expect(try Tokenizer(TokenizerDescription(metadata)).endOfGenerationIDs.isSuperset(of: [1, 7, 5, 6]))
  }

  @Test func chatTemplates() throws {
    let folder = try FolderCopy("qwen2")
    let key = "tokenizer.chat_template"
    try folder.write("chat_template.json", #"{"chat_template": "of the file"}"#)
    try folder.write(
      "tokenizer_config.json",
      #"{"chat_template": [{"name": "default", "template": "a"}, {"name": "tool_use", "template": "b"}]}"#)
    #expect(try metadata(folder).string(key).hasPrefix("{% for message"))
    try folder.remove("chat_template.jinja")
    #expect(try metadata(folder).string(key) == "of the file")
    try folder.remove("chat_template.json")
    #expect(try metadata(folder).string(key) == "a" && metadata(folder).string(key + ".tool_use") == "b")
  }

  /// Any bytes at all give tokens or an error.
  @Test func damagedPieces() throws {
    let folder = try FolderCopy("mistral")
    try folder.remove("tokenizer.json")
    let url = URL(fileURLWithPath: folder.file("tokenizer.model"))
    let bytes = try Data(contentsOf: url)
    var refused = 0
    for place in stride(from: 0, to: bytes.count, by: 61) {
      try bytes.prefix(place + 1).write(to: url)
      if folder.error() != nil { refused += 1 }
      var changed = bytes
      changed[place] ^= 0xFF
      try changed.write(to: url)
      if folder.error() != nil { refused += 1 }
    }
    #expect(refused > 50)
    try Data([0x0A, 0x05, 0x0A]).write(to: url)
    #expect(folder.error() == .tokenizer(path: url.path, .malformedPieces(offset: 2)))
  }
}
