import Heddle
import Testing

@testable import HeddleModels

/// What a file's metadata says about a tokenizer, where files differ or leave it to names.
@Suite struct TokenizerMetadataTests {
  private func description(_ values: [(String, GGUFValue)]) throws -> TokenizerDescription {
    var writer = GGUFWriter()
    try writer.set("tokenizer.ggml.tokens", .array(.string(["a", "b", "c"])))
    for (key, value) in values { try writer.set("tokenizer.ggml." + key, value) }
    return try TokenizerDescription(ModelFile(bytes: writer.serialized(), name: "t.gguf").metadata)
  }

  @Test func `scores and maps of characters are numbers of several types`() throws {
    let plain = try description([
      ("model", .string("t5")), ("scores", .array(.float32([-1.5, 0, 2]))),
      ("precompiled_charsmap", .array(.uint8([0, 127, 128, 255]))),
    ])
    #expect(plain.scores == [-1.5, 0, 2] && plain.charactersMap == [0, 127, 128, 255])
    let signed = try description([
      ("model", .string("t5")), ("scores", .array(.int32([-3, 0, 2]))),
      ("precompiled_charsmap", .array(.int8([0, 127, -128, -1]))),
    ])
    #expect(signed.scores == [-3, 0, 2] && signed.charactersMap == [0, 127, 128, 255])
  }

  @Test func `a separator is a token where one closes a sequence`() throws {
    let key = "seperator_token_id"
    for value in [GGUFValue.uint32(3), .int32(-1), .string("c")] {
      #expect(throws: ModelError.self) { try description([("model", .string("bert")), (key, value)]) }
      #expect(try description([("model", .string("llama")), (key, value)]).separatorID == nil)
    }
    for model in ["bert", "llama"] {
      #expect(try description([("model", .string(model)), (key, .uint32(2))]).separatorID == 2)
    }
  }

  @Test func `gemma4 begins with the BOS token whatever the file says`() throws {
    var description = try VocabularyTests.description("gemma4")
    description.bosID = 2
    for flag in [nil, false, true] {
      description.addBOS = flag
      let tokenizer = try Tokenizer(description)
      #expect(tokenizer.addsBOS)
      #expect(tokenizer.encode("", parseSpecial: false) == [2])
    }
  }

  @Test func `tokens that take white space are known by names`() {
    func takers(_ pretokenizer: String, _ model: String, _ architecture: String) -> SpaceTakers {
      let tokens = ["</s>", "<unk>", "<s>", "<|endoftext|>", "<mask>", "[MASK]", "<|user|>", "x"]
      let description = TokenizerDescription(
        model: "gpt2", pretokenizer: pretokenizer, tokens: tokens, merges: [], tokenTypes: [1, 2, 3, 3, 3, 3, 4, 1])
      return SpaceTakers(description, model: model, architecture: architecture)
    }
    for name in ["jina-v2-de", "jina-v2-es", "jina-v2-code", "mmbert"] {
      #expect(takers(name, "", "") == SpaceTakers(before: [4]), "\(name)")
    }
    for name in ["nomic-bert-moe", "jina-bert-v3"] {
      #expect(takers("default", "", name) == SpaceTakers(before: [4]), "\(name)")
    }
    for name in ["Phi-3 mini", "my phi3"] {
      #expect(takers("default", name, "llama") == SpaceTakers(after: [0, 4, 5, 6]), "\(name)")
    }
    #expect(takers("default", "Modern-BERT base", "bert") == SpaceTakers(before: [5]))
    #expect(takers("gpt-2", "other", "phi3") == SpaceTakers())
    #expect((UInt8.min...UInt8.max).filter(SpaceTakers.isSpace) == [9, 10, 11, 12, 13, 32])
  }
}
