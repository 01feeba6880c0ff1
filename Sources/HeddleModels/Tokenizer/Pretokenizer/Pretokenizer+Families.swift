import HeddleFormats

/// The rules by name: what `tokenizer.ggml.pre` says.
///
/// The expressions are those of the families' own `tokenizer.json`, as far as llama.cpp's `src/llama-vocab.cpp` quotes
/// them, which also says what each name stands for; they are read as `Pattern` does.
extension Pretokenizer {
  struct Family {
    var names: [String]
    var cuts: [Rule]
    var traits: Traits = []
  }

  enum Rule {
    case pattern(String)
    case digitGroups(ScalarCategories, needsBoundary: Bool, isolatesRuns: Bool)

    var compiled: Cut? {
      switch self {
      case .pattern(let text): Pattern(text).map(Cut.pattern)
      case .digitGroups(let digits, let needsBoundary, let isolatesRuns):
        .digitGroups(
          DigitGroups(digits: ScalarClass(digits), needsBoundary: needsBoundary, isolatesRuns: isolatesRuns))
      }
    }
  }

  private static let contraction = WordExpressions.contraction
  private static let spaces = WordExpressions.spaces
  private static let gpt2 =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  private static func grouped(_ numbers: String, prefix: String = contraction + "|") -> Rule {
    .pattern(WordExpressions.grouped(numbers, prefix: prefix))
  }

  private static func cased(_ numbers: String, suffix: String) -> Rule {
    .pattern(WordExpressions.cased(numbers, suffix: suffix))
  }

  private static let chinese = Rule.pattern(WordExpressions.chinese)
  private static let lines = Rule.pattern(#"[^\n]+|[\n]+"#)
  private static let notStops = Rule.pattern(
    #" ?[^(\s|.,!?"# + "\u{2026}\u{3002}\u{FF0C}\u{3001}\u{964}\u{6D4}\u{60C}" + ")]+")

  static let families: [Family] = [
    Family(
      names: ["default"],
      cuts: [
        .pattern(#"[\p{P}$+<=>^~|]+"#), .pattern(gpt2), .pattern(#"\p{N}+"#), .pattern("[0-9][0-9][0-9]"),
      ]),
    Family(
      names: [
        "gpt-2", "phi-2", "jina-es", "jina-de", "gigachat", "jina-v2-es", "jina-v2-de", "a.x-4.0", "mellum",
        "modern-bert",
        "jina-v1-en", "jina-v2-code", "roberta-bpe", "jais", "exaone4", "trillion", "granite-docling",
      ], cuts: [.pattern(gpt2)]),
    // Jina's Chinese embeddings: what stands between white space is a word, and so is the white space.
    Family(names: ["whitespace"], cuts: [.pattern(#"\S+"#)], traits: .markedSpaces),
    Family(names: ["olmo", "mpt"], cuts: [.pattern(gpt2)], traits: .composed),
    Family(
      names: [
        "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2",
      ], cuts: [.pattern(#"\p{N}"#), .pattern(gpt2)]),
    Family(
      names: [
        "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano",
      ], cuts: [grouped(#"\p{N}{1,3}"#)], traits: [.wholeWords, .bos]),
    Family(names: ["dbrx", "smaug-bpe", "chatglm-bpe"], cuts: [grouped(#"\p{N}{1,3}"#)]),
    Family(names: ["glm4", "glm5"], cuts: [grouped(#"\p{N}{1,3}"#)], traits: .wholeWords),
    Family(names: ["minicpm5"], cuts: [.pattern(#"\p{N}{1,3}"#), grouped(#"\p{N}+"#)], traits: .wholeWords),
    Family(
      names: ["jais-2"],
      cuts: [
        .pattern(
          contraction + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"#
            + #"|\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)"#
            + #"|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}"#)
      ]),
    Family(names: ["qwen2"], cuts: [grouped(#"\p{N}"#)], traits: .composed),
    Family(
      names: [
        "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez", "stablelm2", "hunyuan", "solar-open", "grok-2",
      ], cuts: [grouped(#"\p{N}"#)]),
    Family(names: ["qwen35"], cuts: [.pattern(WordExpressions.groupedWithMarks(#"\p{N}"#))]),
    Family(names: ["ufakzeka"], cuts: [grouped(#"\p{N}"#, prefix: "")]),
    Family(names: ["laguna"], cuts: [lines, grouped(#"\p{N}"#)]),
    Family(names: ["seed-coder"], cuts: [.pattern(WordExpressions.groupedWithoutLineEnds(#"\p{N}{1}"#))]),
    Family(
      names: ["bailingmoe", "bailingmoe2", "llada-moe"],
      cuts: [
        .pattern(
          #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#)
      ]),
    Family(
      names: ["exaone-moe"],
      cuts: [
        .pattern(
          contraction + #"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?"#
            + #"|\s*[\r\n]|\s+(?!\S)|\s+"#)
      ]),
    Family(names: ["tekken"], cuts: [cased(#"\p{N}"#, suffix: "")], traits: [.wholeWords, .bos]),
    Family(
      names: ["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"],
      cuts: [
        cased(#"\p{N}{1,3}"#, suffix: contraction + "?")
      ]),
    Family(
      names: ["granite-embed-multi-97m"],
      cuts: [
        cased(#"\p{N}{1,3}"#, suffix: contraction + "?")
      ], traits: .wholeWords),
    Family(
      names: ["tiny_aya", "cohere2moe"],
      cuts: [
        .digitGroups(.digit, needsBoundary: true, isolatesRuns: true), cased(#"\p{N}{1,3}"#, suffix: contraction + "?"),
      ]),
    Family(
      names: ["youtu"],
      cuts: [
        .pattern(
          "[\u{AC00}-\u{D7A3}\u{3131}-\u{318E}]+"
            + "|[\u{FF01}\u{2026}\u{201C}\u{201D}\u{2018}\u{2019}\u{2014}\u{FF1A}\u{FF1B}\u{FF0C}\u{3001}-\u{303F}"
            + "\u{FE30}-\u{FE4F}]+|[\u{3105}-\u{312F}]+|[\u{4E00}-\u{9FA5}\u{3040}-\u{309F}\u{30A0}-\u{30FF}]+"),
        cased(#"\p{N}"#, suffix: contraction + "?"),
      ], traits: .wholeWords),
    Family(names: ["kimi-k2"], cuts: [kimi]),
    Family(
      names: ["deepseek-llm"],
      cuts: [
        .pattern(#"[\r\n]"#), .pattern(#"\s?["# + PatternClasses.casedLetters + "]+"),
        .pattern(
          #"\s?[!-/:-~"# + "\u{FF01}-\u{FF0F}\u{FF1A}-\u{FF5E}\u{2018}-\u{201F}\u{3000}-\u{3002}" + "]+"),
        .pattern(#"\s+$"#), .pattern("[\u{800}-\u{9FA5}\u{AC00}-\u{D7FF}]+"), .pattern(#"\p{N}+"#),
      ]),
    Family(
      names: ["deepseek-coder"],
      cuts: [
        .pattern(#"[\r\n]"#), .pattern(#"\s?\p{L}+"#), .pattern(#"\s?\p{P}+"#),
        .pattern("[\u{800}-\u{9FA5}\u{AC00}-\u{D7FF}]+"), .pattern(#"\p{N}"#),
      ]),
    Family(
      names: ["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"],
      cuts: [
        .pattern(#"\p{N}{1,3}"#), chinese, .pattern(WordExpressions.marked()),
      ]),
    Family(
      names: ["spark2_5"],
      cuts: [
        .pattern(#"\p{N}{1,3}"#), chinese,
        .pattern(WordExpressions.marked(signs: "", spaces: #"[\r\n]|\s+(?!\S)|\s+"#)), .pattern(#"\p{N}"#),
      ]),
    Family(
      names: ["afmoe"],
      cuts: [
        .digitGroups(.number, needsBoundary: false, isolatesRuns: true),
        .pattern("[" + PatternClasses.unspacedScripts + "]+"), .pattern(WordExpressions.marked()),
      ]),
    Family(
      names: ["falcon"],
      cuts: [
        .pattern(#"[\p{P}$+<=>^~|`]+"#), .pattern(gpt2), .pattern("[0-9][0-9][0-9]"),
      ]),
    Family(names: ["bloom", "poro-chat", "gpt3-finnish"], cuts: [notStops]),
    Family(names: ["viking"], cuts: [notStops, .pattern(#"\p{N}"#)]),
    Family(
      names: ["superbpe"],
      cuts: [
        .pattern(#"\p{N}+"#), .digitGroups(.digit, needsBoundary: false, isolatesRuns: false),
      ]),
    Family(
      names: ["chameleon"],
      cuts: [
        .pattern("<sentinel:[0-9]+>"), .pattern("IMGIMG[A-I]{1,4}Z"), .pattern(#"[\t\n]|    |  "#), .pattern(#"\p{N}"#),
        .pattern(#"[\p{P}!-/:-@\[-`{-~]"#), .pattern(gpt2),
      ], traits: .bos),
    Family(
      names: ["gemma4", "granite-embed-multi-311m"], cuts: [lines], traits: [.markedSpaces, .wholeNewlines, .bos]),
    Family(names: ["sarvam-moe"], cuts: [lines], traits: .markedSpaces),
    Family(
      names: ["mmbert"], cuts: [.pattern(#" [^ \n]*|\n+"#)], traits: [.markedSpaces, .wholeNewlines, .lineSpaces]),
  ]

  /// `cased` with Chinese characters apart.
  private static var kimi: Rule {
    let han = "[" + PatternClasses.han + "]"
    func run(_ categories: String, _ count: String) -> String { "(?:(?!\(han))[\(categories)])\(count)" }
    let (great, small) = (#"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}"#, #"\p{Ll}\p{Lm}\p{Lo}\p{M}"#)
    let first = #"[^\r\n\p{L}\p{N}]?"#
    return .pattern(
      "\(han)+|\(first)\(run(great, "*"))\(run(small, "+"))\(contraction)?"
        + "|\(first)\(run(great, "+"))\(run(small, "*"))\(contraction)?"
        + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"# + spaces)
  }
}
