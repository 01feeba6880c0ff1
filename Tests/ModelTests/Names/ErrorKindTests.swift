import Heddle
import OpenCLRuntime
import Testing

/// Every public error says its own kind, and the right one.
@Suite struct ErrorKindTests {
  /// Type, cases (`*`: those that no other line of the type names), kind. Errors that hold another one are `held`.
  private static let expected: [(type: String, cases: String, kind: ErrorKind?)] = [
    ("TypeError", "unboundSymbol outOfRange", .invalidBinding),
    ("TypeError", "dimensionOverflow negativeDimension invalidDimension", .invalidGraph),
    ("TypeError", "*", .invalidData),
    ("SparseDefect", "*", .invalidData),
    ("InferenceError", "*", .invalidGraph),
    ("GraphError", "*", .invalidGraph),
    ("ExecutionError", "inputType boundMemory access layout otherLayout byteCount", .invalidData),
    ("ExecutionError", "deadlineExceeded", .deadline),
    ("ExecutionError", "sessionBusy driverBusy", .busy),
    ("ExecutionError", "sessionUnusable", .unusable),
    ("ExecutionError", "unsupported grid", .unsupported),
    ("ExecutionError", "*", .invalidBinding),
    ("PlanError", "unsupported", .unsupported),
    ("PlanError", "unknownCandidate", .invalidArgument),
    ("PlanError", "*", .invalidGraph),

    ("FileError", "*", .invalidFile),
    ("JSONDefect", "*", .invalidFile),
    ("GGUFDefect", "unknownTensorType removedTensorType nestedArray", .unsupported),
    ("GGUFDefect", "wrongByteCount noTensorType", .invalidData),
    ("GGUFDefect", "*", .invalidFile),
    ("GGUFError", "file malformed", nil),
    ("GGUFError", "bigEndian unsupportedVersion splitPart unsupportedType", .unsupported),
    ("GGUFError", "unknownTensor", .invalidArgument),
    ("GGUFError", "cannotEncode", .invalidData),
    ("GGUFError", "*", .invalidFile),
    ("SafetensorsDefect", "unknownDtype", .unsupported),
    ("SafetensorsDefect", "dataTooLarge reservedName", .invalidData),
    ("SafetensorsDefect", "*", .invalidFile),
    ("SafetensorsIndexDefect", "*", .invalidFile),
    ("SafetensorsError", "file malformed malformedIndex", nil),
    ("SafetensorsError", "unknownTensor", .invalidArgument),
    ("SafetensorsError", "cannotEncode", .invalidData),
    ("SafetensorsError", "*", .invalidFile),
    ("SafetensorsModelDefect", "unsupportedVersion unknownEncoding", .unsupported),
    ("SafetensorsModelDefect", "*", .invalidFile),
    ("SplitDefect", "*", .invalidFile),
    ("HubConfigDefect", "unsupported", .unsupported),
    ("HubConfigDefect", "*", .invalidFile),
    ("HubTensorDefect", "wrongDtype otherType", .unsupported),
    ("HubTensorDefect", "*", .invalidFile),
    (
      "HubTokenizerDefect", "unsupportedModel unknownPretokenizer unknownNormalizer unsupportedOption", .unsupported
    ),
    ("HubTokenizerDefect", "*", .invalidFile),
    ("ModelFolderError", "file json config checkpoint tensor quantized tokenizer", nil),
    ("ModelFolderError", "unsupportedFamily", .unsupported),
    ("ModelFolderError", "*", .invalidFile),
    ("ModelFileError", "file gguf safetensors notAModel split folder", nil),
    ("ModelFileError", "unknownTensor", .invalidArgument),
    ("ModelFileError", "unsupportedType", .unsupported),
    ("ModelFileError", "*", .invalidFile),
    ("ImportanceError", "file gguf", nil),
    ("ImportanceError", "noEntries", .invalidArgument),
    ("ImportanceError", "*", .invalidFile),

    ("QuantizedWeightError", "*", nil),
    ("QuantizedWeightDefect", "unsupportedBits unsupportedState groupNotInBlocks", .unsupported),
    ("QuantizedWeightDefect", "invalidGroupSize invalidScaleBlock", .invalidArgument),
    ("QuantizedWeightDefect", "notStorable", .invalidData),
    ("QuantizedWeightDefect", "*", .invalidFile),

    ("TokenizerError", "unsupportedModel unsupportedPretokenizer", .unsupported),
    ("TokenizerError", "idOutOfRange", .invalidArgument),
    ("TokenizerError", "*", .invalidFile),
    ("ChatTemplateError", "unsupported", .unsupported),
    ("ChatTemplateError", "raised", .invalidArgument),
    ("ChatTemplateError", "*", .invalidFile),
    ("SamplingError", "noLogits notANumber nothingPossible", .invalidData),
    ("SamplingError", "*", .invalidArgument),
    ("ModelError", "file tokenizer chatTemplate sampling", nil),
    (
      "ModelError", "unsupportedArchitecture unsupportedValue tensorType tensorTypes noChatTemplate cachePrecision",
      .unsupported
    ),
    ("ModelError", "invalidValue missingTensor tensorShape unexpectedTensor graph notFinite", .invalidFile),
    ("ModelError", "missingOutput", .internal),
    ("ModelError", "*", .invalidArgument),
    ("PruningError", "shape notFinite notRepresentable notStorable", .invalidData),
    ("PruningError", "missingOutput", .internal),
    ("PruningError", "*", .invalidArgument),
    ("QuantizationError", "notFinite importanceCount", .invalidData),
    ("QuantizationError", "notReadable", .unsupported),
    ("QuantizationError", "missingOutput", .internal),
    ("QuantizationError", "*", .invalidArgument),

    ("OpenCLStatus", "*", .deviceFailed),
    ("BuildFailure", "*", .deviceFailed),
    ("DriverFolderFailure", "*", .noDevice),
    (
      "OpenCLError", "noPlatform driversNotLoaded noDevice unknownDevice ambiguousDevice driverFolder processLimit",
      .noDevice
    ),
    ("OpenCLError", "unsupportedDevice", .unsupported),
    ("OpenCLError", "forkedProcess", .forked),
    ("OpenCLError", "deviceLost", .deviceLost),
    ("OpenCLError", "call build unexpectedAnswer", .deviceFailed),
    ("OpenCLError", "bufferSize budgetExceeded", .outOfMemory),
    ("OpenCLError", "emptyBuffer bufferRange subBufferRange misaligned foreignContext", .invalidData),
    ("OpenCLError", "*", .invalidArgument),
    ("TuningError", "noBindings", .invalidBinding),
    ("TuningError", "notCleared", .invalidFile),
    ("TuningError", "outOfBudget", .deadline),
    ("TuningError", "*", .invalidArgument),
    ("TuningFileError", "*", .invalidFile),
    ("LibraryError", "missing tooLarge", .unsupported),
    ("LibraryError", "call", .deviceFailed),
    ("LibraryError", "unknownFunction", .internal),
    ("KernelTextError", "*", .internal),
  ]

  @Test func `each case of each type has its kind`() throws {
    for error in PublicErrors.all {
      let type = String(describing: Swift.type(of: error))
      let mirror = Mirror(reflecting: error)
      let isPlain = mirror.displayStyle == .enum && mirror.children.isEmpty
      let text = String(describing: error)
      let name = isPlain ? Self.plain.first { $0.error.description == text }?.name : mirror.children.first?.label
      guard let own = error as? any HeddleError else {
        Issue.record("\(type) says no kind")
        continue
      }
      let lines = Self.expected.filter { $0.type == type }
      let line = lines.first { $0.cases.split(separator: " ").contains(Substring(name ?? "")) }
      guard let line = line ?? lines.first(where: { $0.cases == "*" }) else {
        Issue.record("what kind has \(text) (\(type))?")
        continue
      }
      if let kind = line.kind {
        #expect(own.kind == kind, "\(type): \(text)")
      } else {
        let held = try #require(Self.held(mirror), "\(type): \(text) holds no error")
        #expect(own.kind == held.kind, "\(type): \(text)")
      }
    }
  }

  /// The error in an enum's payload.
  private static func held(_ mirror: Mirror) -> (any HeddleError)? {
    guard let payload = mirror.children.first?.value else { return nil }
    if let error = payload as? any HeddleError { return error }
    return Mirror(reflecting: payload).children.lazy.compactMap { $0.value as? any HeddleError }.first
  }

  /// Cases without a payload, whose name nothing prints.
  private static let plain: [(error: any HeddleError, name: String)] = [
    (ExecutionError.deadlineExceeded, "deadlineExceeded"), (ExecutionError.sessionBusy, "sessionBusy"),
    (ExecutionError.driverBusy, "driverBusy"), (ExecutionError.sessionUnusable, "sessionUnusable"),
    (OpenCLError.noPlatform, "noPlatform"), (OpenCLError.forkedProcess, "forkedProcess"),
    (OpenCLError.emptyBuffer, "emptyBuffer"), (ModelError.noChatTemplate, "noChatTemplate"),
    (SamplingError.noLogits, "noLogits"), (SamplingError.nothingPossible, "nothingPossible"),
    (ImportanceError.noEntries, "noEntries"),
  ]

  private static let statuses: [(Int32, ErrorKind)] = [
    (-4, .outOfMemory), (-6, .outOfMemory), (-5, .deviceFailed), (-11, .deviceFailed),
  ]

  @Test(arguments: statuses)
  func `a driver's own lack of memory is told apart`(code: Int32, kind: ErrorKind) {
    let status = OpenCLStatus(rawValue: code)
    #expect(status.kind == kind)
    #expect(OpenCLError.call(function: "f", status: status, context: "").kind == kind)
  }
}
