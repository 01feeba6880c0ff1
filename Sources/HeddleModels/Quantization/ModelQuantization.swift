import HeddleFormats
import HeddleGraph
import HeddleText
import HeddleTypes

/// Quantizes the tensors of a model, and writes the model as GGUF, or as safetensors: ``format(at:)``.
///
/// ```swift
/// let quantization = try ModelQuantization(of: try ModelFile(path: "model.gguf"), to: preset)
/// let report = try await quantization.write(to: OutputFile(path: "small.gguf"), on: OpenCLBackend(device: .preferred()))
/// print(report.bitsPerWeight)
/// ```
///
/// - Matrices are quantized; vectors, norms and routers stay as they are. A preset's rules say which matrix has which type; one
///   whose rows are no whole blocks of it gets another (``Reason/rows(inputs:wanted:)``).
/// - Scales are found as ``Encode`` says. With importance the errors of each column count as much as that says.
/// - A tensor that has its type already stays as it is, bit by bit. Metadata stay, but for `general.file_type`, which goes where a
///   preset has no number, and `general.quantization_version`.
/// - One tensor is in memory at a time, of its values a part.
public struct ModelQuantization: Sendable {
  /// A type that tensors of a name get, whatever the preset says; nil for the one they have.
  public struct Rule: Hashable, Sendable {
    public let pattern: NamePattern
    public let encoding: Encoding?

    public init(_ pattern: NamePattern, _ encoding: Encoding?) {
      self.pattern = pattern
      self.encoding = encoding
    }
  }

  /// Why a tensor has not the type that the preset has for it.
  public enum Reason: Hashable, Sendable {
    /// It is no matrix that is quantized.
    case notQuantized
    /// It has its type already.
    case same
    case asked(NamePattern)
    /// Its rows are no whole blocks of what was wanted.
    case rows(inputs: Int, wanted: Encoding)
  }

  /// What becomes of a tensor.
  public struct Step: Hashable, Sendable {
    public let name: String
    public let shape: [Int]
    /// The types' names: as the file says, and of what is made as GGUF has it, of Heddle's own formats the encoding's.
    public let before: String
    public let after: String
    public let byteCountBefore: Int
    public let byteCountAfter: Int
    /// What it is made in; nil if its bytes stay.
    public let encoding: Encoding?
    public let reason: Reason?
    /// Whether it is quantized with importance.
    public let isWeighted: Bool
  }

  public let file: ModelFile
  public let preset: QuantizationPreset
  public let importance: ImportanceMatrix?
  /// Every tensor, in the file's order.
  public let steps: [Step]

  /// - Parameter rules: the first that matches a tensor counts.
  /// - Throws: ``QuantizationError``, ``ModelFileError``.
  public init(
    of file: ModelFile, to preset: QuantizationPreset, importance: ImportanceMatrix? = nil, rules: [Rule] = []
  ) throws {
    self.file = file
    self.preset = preset
    self.importance = importance
    for rule in rules {
      guard file.tensors.contains(where: { rule.pattern.matches($0.name) }) else {
        throw QuantizationError.matchesNothing(rule.pattern)
      }
      if let encoding = rule.encoding, !Encoding.quantizable.contains(encoding) {
        throw QuantizationError.notMade(encoding)
      }
    }
    let facts = QuantizedModelFacts(file, hasImportance: importance != nil)
    steps = try file.tensors.map { info in
      let rule = rules.first { $0.pattern.matches(info.name) }
      return try Self.step(info, preset, facts, rule, importance)
    }
  }

  /// The form that a file at this path has: safetensors if it is called so, or not GGUF's and GGUF has no type for one of the
  /// tensors; else GGUF.
  ///
  /// - Throws: ``QuantizationError/notInGGUF(path:tensor:_:)`` if it is called `….gguf` and cannot be that.
  public func format(at path: String) throws -> ModelConversion.Format {
    let named = ModelConversion.Format(ofFileCalled: path)
    if named == .safetensors { return .safetensors }
    for step in steps {
      guard let encoding = try step.encoding ?? file.info(step.name).encoding, GGUFTensorType(encoding) == nil else {
        continue
      }
      guard named != .gguf else {
        throw QuantizationError.notInGGUF(path: path, tensor: step.name, encoding)
      }
      return .safetensors
    }
    return .gguf
  }

  private static func step(
    _ info: ModelTensor, _ preset: QuantizationPreset, _ facts: QuantizedModelFacts, _ rule: Rule?,
    _ importance: ImportanceMatrix?
  ) throws -> Step {
    let row = info.shape.last ?? 1
    var reason: Reason?
    var encoding: Encoding?
    if let rule {
      reason = .asked(rule.pattern)
      encoding = rule.encoding
      if let encoding, !row.isMultiple(of: encoding.blockSize) {
        throw QuantizationError.rowNotInBlocks(tensor: info.name, encoding, row: row)
      }
    } else if QuantizationPreset.isQuantized(info) {
      let wanted = preset.encoding(of: info, facts)
      let fitting = wanted.fitting(rowLength: row)
      if fitting != wanted { reason = .rows(inputs: row, wanted: wanted) }
      encoding = fitting
    } else {
      reason = .notQuantized
    }
    if let made = encoding, made == info.encoding {
      reason = reason ?? .same
      encoding = nil
    }
    let isWeighted = encoding?.values.hasEncoder == true && importance?.values(of: info.name) != nil
    if isWeighted { _ = try importance?.rows(of: info) }
    return Step(
      name: info.name, shape: info.shape, before: info.typeName,
      after: encoding.map { GGUFTensorType($0)?.name ?? $0.name } ?? info.typeName, byteCountBefore: info.byteCount,
      byteCountAfter: try encoding?.byteCount(shape: info.shape) ?? info.byteCount, encoding: encoding, reason: reason,
      isWeighted: isWeighted)
  }
}

extension ModelQuantization.Reason: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .notQuantized: "not what is quantized"
    case .same: "of that type already"
    case .asked(let pattern): "asked for as '\(pattern)'"
    case .rows(let inputs, let wanted):
      "\(inputs) inputs are no multiple of \(wanted.blockSize), as \(GGUFTensorType(wanted)?.name ?? wanted.name) needs"
    }
  }
}
