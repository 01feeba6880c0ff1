/// What models can be read from files: the lists that `heddle formats` and the README print.
public enum ModelSupport {
  /// Values of `general.architecture`.
  public static let architectures = Families.all.map(\.architecture)

  /// Values of `tokenizer.ggml.model`, each with the name of the algorithm.
  public static let tokenizers = [(name: "gpt2", algorithm: "byte-level BPE")]

  /// Values of `tokenizer.ggml.pre`.
  public static var pretokenizers: [String] { Pretokenizer.names }

  /// Tokenizers that ordinary files have and Heddle lacks.
  public static let missingTokenizers = [
    (name: "llama", algorithm: "SentencePiece"), (name: "bert", algorithm: "WordPiece"),
    (name: "t5", algorithm: "Unigram"),
    (name: "rwkv", algorithm: "RWKV"),
  ].filter { missing in !tokenizers.contains { $0.name == missing.name } }

  /// Pretokenizers that ordinary files have and Heddle lacks.
  public static let missingPretokenizers = [
    "tekken", "gpt-4o", "deepseek-llm", "deepseek-coder", "deepseek-v3", "falcon", "bloom",
  ].filter { !pretokenizers.contains($0) }
}
