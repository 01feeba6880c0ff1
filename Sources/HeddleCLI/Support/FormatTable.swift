import Heddle

/// What loads and what does not, in Markdown: printed by `heddle formats`, and the table of the README.
///
/// Of types nothing is written down: they come from the readers, and what can be done with them from the planner, for the
/// least device that every kernel must fit. The sentence that says what files of a name hold is by hand.
enum FormatTable {
  static var text: String { [models, types, tokenizers].joined(separator: "\n") }

  private static let models = """
    | models | |
    |---|---|
    | GGUF | \(code(ModelSupport.architectures)) in `general.architecture`, files of version 2 and 3 |
    | folders | as a model hub has them: `config.json`, safetensors in one file or in shards, a tokenizer; read as GGUF of \(code(ModelSupport.folderArchitectures)) |
    | safetensors | files that Heddle wrote, of the same models as GGUF |
    | not yet | other architectures, safetensors of other tools alone (`heddle inspect` lists those) |

    """

  private static var types: String {
    var rows = [
      "| tensor types | listed | decoded on the device | embedding | matmul |", "|---|---|---|---|---|",
    ]
    var listed: [String] = []
    for type in GGUFTensorType.all {
      guard let encoding = type.encoding else {
        listed.append(type.name)
        continue
      }
      rows.append(row(type.name, encoding))
    }
    let others = Encoding.weights.filter { $0.values.ggufNumber == nil }
    // A row for those of which the same is true.
    for encoding in others where others.first(where: { row("", $0) == row("", encoding) }) == encoding {
      let names = others.filter { row("", $0) == row("", encoding) }.map(\.name)
      rows.append(row("\(list(names)) in Heddle's safetensors", encoding))
    }
    for values in ValueFormats.ofPatterns {
      if let format = SparseFormat(name: "2:4-\(values.name)") {
        rows.append(row("sparse, values in \(values.name)", .sparse(format)))
      }
    }
    rows.append("| \(listed.joined(separator: ", ")) | yes | not yet | not yet | not yet |")
    return rows.joined(separator: "\n") + "\n\n"
      + "A model loads if `token_embd.weight` and `output.weight` have a type with yes under embedding, the matrices of\n"
      + "its blocks one with yes under matmul, and its vectors F32, F16 or BF16. Files called Q4_K_M hold Q4_K and\n"
      + "Q6_K, where rows are no multiple of 256 also Q5_0 and Q8_0; those called Q2_K, Q3_K_M, Q5_K_M, IQ2_M and the like\n"
      + "mix types of the table too.\n"
  }

  private static let planner = Planner(target: .floor)

  private static func row(_ name: String, _ encoding: Encoding) -> String {
    let w = TensorType(encoding, [64, 256])
    func word(_ operation: any GraphOperation, _ operands: [TensorType]) -> String {
      planner.support(operation, operands: operands).isSupported ? "yes" : "no"
    }
    let decoded = encoding == .float32 || encoding == .int32 ? "yes" : word(Encode(encoding: .float32), [w])
    let embedding = word(EmbeddingLookup(), [w, TensorType(.int32, [1])])
    let product = word(MatMul(), [TensorType(.float32, [1, 256]), w])
    return "| \(name) | yes | \(decoded) | \(embedding) | \(product) |"
  }

  private static let tokenizers = """
    | tokenizers | |
    |---|---|
    | \(list(ModelSupport.tokenizers.map { "`\($0.name)` (\($0.algorithm))" })) | with \
    \(code(ModelSupport.pretokenizers)) in `tokenizer.ggml.pre` |

    """

  private static func code(_ names: [String]) -> String { list(names.map { "`\($0)`" }) }

  private static func list(_ items: [String]) -> String { items.joined(separator: ", ") }
}
