import HeddleFormats

/// What models can be read from files: the lists that `heddle formats` and the README print.
public enum ModelSupport {
  /// Values of `general.architecture`.
  public static let architectures = Families.all.map(\.architecture)

  /// Those of ``architectures`` that folders of model hubs can have too.
  public static let folderArchitectures = architectures.filter(ModelFile.folderArchitectures.contains)

  /// Values of `tokenizer.ggml.model`, each with the name of the algorithm.
  public static let tokenizers = TokenizerModel.allCases.map { (name: $0.rawValue, algorithm: $0.algorithm) }

  /// Values of `tokenizer.ggml.pre`.
  public static var pretokenizers: [String] { Pretokenizer.names }
}
