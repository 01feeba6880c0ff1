import HeddleFormats

/// A model family: how the metadata of its files is read into a ``DecoderDescription``.
struct Family: Sendable {
  /// `general.architecture` of its files, and what its keys begin with.
  let architecture: String
  let describe: @Sendable (inout FamilyMetadata) throws(ModelError) -> DecoderDescription

  init(
    _ architecture: String,
    describe: @escaping @Sendable (inout FamilyMetadata) throws(ModelError) -> DecoderDescription
  ) {
    self.architecture = architecture
    self.describe = describe
  }
}

/// The families whose files can be run.
enum Families {
  static let all: [Family] = [
    .llama, .qwen2, .qwen3, .gemma, .gemma2, .gemma3, .phi2, .phi3, .granite, .olmo2, .smollm3, .stablelm, .starcoder,
    .starcoder2, .falcon, .gptneox, .gpt2, .commandR, .cohere2, .glm4, .ernie45, .seedOSS, .exaone4, .olmo,
    .nemotron, .arcee, .mpt, .bloom, .deepseek2, .deepseek32, .qwen2moe, .qwen3moe, .olmoe, .gptOSS,
  ]
}

extension DecoderDescription {
  /// What a file's metadata says, checked: what is built from it cannot overflow, divide by zero or disagree with itself.
  /// A key that could change what the model computes and that its family does not read refuses the file.
  ///
  /// - Throws: ``ModelError/unsupportedArchitecture(_:supported:)``, ``ModelError/file(_:)`` for a key that is missing,
  ///   of a wrong type or out of range, ``ModelError/invalidValue(key:value:reason:)`` for values that contradict each
  ///   other, ``ModelError/unsupportedValue(key:value:supported:)`` for what Heddle does not compute.
  public init(_ metadata: GGUFMetadata) throws(ModelError) { try self.init(metadata, isInFile: nil) }

  /// - Parameter isInFile: whether the file has a tensor of a name, on which some forms depend; nil if that is not known.
  init(_ metadata: GGUFMetadata, isInFile: ((String) -> Bool)?) throws(ModelError) {
    let architecture = try ModelError.reading { () throws(GGUFError) in
      // First: a part may lack every other key.
      try metadata.requireWhole()
      return try metadata.string("general.architecture")
    }
    guard let family = Families.all.first(where: { $0.architecture.utf8.elementsEqual(architecture.utf8) }) else {
      throw .unsupportedArchitecture(architecture, supported: Families.all.map(\.architecture))
    }
    var values = FamilyMetadata(metadata, of: family.architecture, isInFile: isInFile)
    self = try family.describe(&values)
    try values.refuseUnread(contextLength: contextLength)
  }
}
