import Heddle
import OpenCLRuntime
import TestSupport

/// Every public error type, each case with a payload once, all texts hostile. `PublicErrorTests` compares with the
/// sources.
enum PublicErrors {
  private static let text = HostileText.text
  private static let origin = Origin(file: text, line: 1, label: text)
  private static let symbol = Symbol(text)
  private static let type = TensorType(.float32, [Dimension(symbol), Dimension(3)])
  private static let summary = TensorSummary(.float32, [2])
  private static let sparse: SparseFormat = {
    guard let format = SparseFormat(name: "2:4-f32") else { preconditionFailure("2:4-f32 is a format") }
    return format
  }()
  private static let range = BindingRange([symbol: 1...2])

  static let all: [any Error] =
    types + graphs + formats + models + devices + tuning

  private static let typeErrors: [TypeError] = [
    .sizeOverflow([1]), .negativeExtent([1]), .rowNotInBlocks(.float32, 1),
    .wrongByteCount(expected: 1, got: 2, summary), .unboundSymbol(symbol), .outOfRange(symbol, value: 1, range: 2...3),
    .dimensionOverflow(text), .negativeDimension(text, value: -1), .invalidDimension(text, text),
    .wrongEncoding(expected: .float32, got: .int32), .unknownEncoding(text), .notQuantizable(.int32),
    .unknownConstant(ConstantID(text)),
    .duplicateConstant(ConstantID(text)), .invalidPattern(text),
    .invalidSparseData(sparse, .scaleNotFinite(place: 1)),
  ]

  private static let sparseDefects: [SparseDefect] = [
    .indexOutOfRange(group: 1, span: 1, index: 1, limit: 1), .notAscending(group: 1, span: 1, index: 1, after: 1),
    .duplicateIndex(group: 1, span: 1, index: 1), .wrongStart(group: 1, start: 1, expected: 0...0),
    .scaleNotFinite(place: 1),
  ]

  private static let graphErrors: [GraphError] = [
    .wrongResults(text, expected: [type], got: [type], origin), .unknownValue(ValueID(node: 1), origin),
    .foreignValue(origin), .duplicateName(text),
    .symbolRange(SymbolDeclaration(symbol: symbol, minimum: 1, maximum: 0)), .unknownState(text),
    .stateType(text, expected: type, got: type), .unknownConstant(ConstantID(text), origin), .symbolName(text),
    .nameWithNUL(text), .invalidJSON(place: text, problem: text),
  ]

  private static let executionErrors: [ExecutionError] = [
    .missingInput(text, type), .unknownInput(text, known: [text]), .unknownOutput(text, known: [text]),
    .inputType(text, expected: type, got: summary), .conflictingBinding(symbol, 1, 2, input: text),
    .sessionBinding(symbol, session: 1, run: 2), .unknownSymbol(symbol, known: [symbol]),
    .binding(.unboundSymbol(symbol)), .boundMemory(text, expected: text, got: text),
    .extent(text, value: 3, allowed: 1...2, place: text, expected: type, shape: [3]),
    .capacityExceeded(text, needed: 2, capacity: 1), .unknownPlace(.input(text), known: [.state(text)]),
    .access(.output(text), .readOnly), .layout(.input(text), reason: text),
    .otherLayout(.input(text), compiled: nil, got: TensorLayout(offset: 1, strides: [1])), .boundToHost(.input(text)),
    .notRowMajor(.state(text)), .byteCount(.output(text), asked: 2, available: 1), .notPlanned([symbol: 1]),
    .grid(text, groups: [1, 65536, 1], limits: [.max, 65535, 65535]), .deadlineExceeded, .sessionBusy, .driverBusy,
    .sessionUnusable, .expertsExceeded(needed: 2, resident: 1),
    .unsupported(text, reason: text, origin),
  ]

  private static let planErrors: [PlanError] = [
    .unsupported(text, operands: [type], reason: text, origin),
    .unknownCandidate(text, ProblemSignature(rawValue: text), known: [text], origin), .staleState(text, origin),
    .aliasedState(text), .type(.unboundSymbol(symbol), origin), .constant(.unknownConstant(ConstantID(text)), origin),
  ]

  private static let modelErrors: [ModelError] = [
    .unsupportedArchitecture(text, supported: [text]), .unsupportedValue(key: text, value: text, supported: text),
    .invalidValue(key: text, value: text, reason: text), .missingTensor(text),
    .tensorShape(text, expected: [1], got: [2]), .tensorType(text, text, supported: [text]), .unexpectedTensor(text),
    .tensorTypes([.init(type: text, count: 2, example: text)], supported: [text]),
    .invalidJSON(line: 1, .duplicateKey(text)), .invalidMessage(text, index: 0), .invalidTool(index: 0),
    .reservedVariable(text), .cachePrecision(.q8_0, headLength: 8),
    .emptyStopText, .noChatTemplate, .graph(.duplicateName(text)), .invalidOption(text, value: 1, range: 0...0),
    .emptyPrompt, .otherModel, .expertMemory(1, least: 2),
    .promptTooLong(tokens: 1, context: 1), .emptyText, .textTooShort(tokens: 1, context: 1),
    .tokenOutOfRange(1, vocabulary: 1), .unknownStepOption(text, value: 1, known: [text]),
    .cacheFull(position: 1, adding: 1, capacity: 1),
    .notFinite(token: 1, position: 1), .missingOutput(text),
  ]

  private static let pruningErrors: [PruningError] = [
    .shape(text, expected: [1], got: [2]), .notVectorWise(sparse.pattern), .ratio(1), .channel(1, count: 1),
    .noChannels, .channelCounts([1]), .notSparse(.float32), .missingOutput(text), .notFinite(tensor: text, index: [1]),
    .notRepresentable(tensor: text, .float16, index: [1]), .notStorable(tensor: text, .invalidPattern(text)),
    .noMatrices, .nothingToPrune(.channels(percent: 1)), .matchesNothing(NamePattern(text)),
    .allChannels(text, NamePattern(text)), .sparseChannels(text, .float32), .notDense(.int4), .orderOfChannels,
  ]

  private static let quantizationErrors: [QuantizationError] = [
    .notFinite(tensor: text, index: [1]), .notReadable(tensor: text, type: text),
    .rowNotInBlocks(tensor: text, .q4_0, row: 1), .notMade(.int32), .notInGGUF(path: text, tensor: text, .nf4),
    .matchesNothing(NamePattern(text)),
    .importanceCount(tensor: text, expected: 1, got: 2), .missingOutput(text),
  ]

  private static let importanceErrors: [ImportanceError] =
    [
      .notImportance(path: text), .truncated(path: text, offset: 1), .invalidCount(path: text, offset: 1, -1),
      .invalidName(path: text, offset: 1), .incomplete(entry: text), .size(entry: text, sums: 1, counts: 2),
      .value(entry: text, index: 1, -1), .count(entry: text, 0), .duplicate(entry: text), .noEntries,
    ] + files.map { .file($0) } + gguf.map { .gguf($0) }

  private static let driverFolders: [DriverFolderFailure] =
    [.cannotBeMade(1), .notAFolder, .notWritable(1), .notExecutable, .full(freeBytes: 1, neededBytes: 2)].map {
      DriverFolderFailure(driver: text, path: text, reason: $0)
    }

  private static let openCLs: [OpenCLError] = [
    .noPlatform, .driversNotLoaded([text]), .driverFolder(driverFolders[0]), .forkedProcess,
    .processLimit(name: text, allowed: 1, needed: 2, unit: text, cure: text),
    .noDevice(platforms: [text]), .unknownDevice(query: text, available: [text]),
    .ambiguousDevice(query: text, matches: [text]), .unsupportedDevice(device: text, reason: text),
    .deviceLost(device: text, status: build.status, during: text),
    .call(function: text, status: build.status, context: text), .unexpectedAnswer(function: text, context: text),
    .build(build), .invalidText(text), .unknownKernel(name: text, program: text, available: [text]),
    .argument(kernel: text, index: 1, expected: text, got: text), .argumentCount(kernel: text, expected: 1, got: 2),
    .argumentNotSet(kernel: text, index: 1, name: text), .localMemory(kernel: text, requested: 1, limit: 1),
    .workSize(kernel: text, global: [1], local: [1], reason: text), .emptyBuffer, .bufferSize(requested: 1, limit: 1),
    .budgetExceeded(requested: 1, inUse: 1, budget: 1), .bufferRange(offset: 1, byteCount: 1, bufferBytes: 1),
    .subBufferRange(offset: 1, byteCount: 1, bufferBytes: 1), .misaligned(what: text, value: 1, alignment: 2),
    .copyOverlap(source: 1, target: 1, byteCount: 1), .fillPattern(patternBytes: 1, offset: 1, byteCount: 1),
    .foreignContext(text),
  ]

  private static let tuningErrors: [TuningError] = [
    .noBindings(range, reason: text), .rounds(1, range: 2...3), .budget(.seconds(-1)), .notCleared(text),
    .inputsTooLarge(text, shape: [1]), .ratio(1), .noPattern(ratio: 1, inputs: 1),
    .shape(tokens: 1...1, inputs: 1, outputs: 1), .outOfBudget(.seconds(1)),
  ]

  private static let tuningFileErrors: [TuningFileError] = [
    .unreadable(text, reason: text), .notJSON(text), .notDecisions(text), .version(text, got: 1, known: 1),
  ]

  private static let libraryErrors: [LibraryError] = [
    .missing(text, trait: text), .unknownFunction(text),
    .call(function: text, status: 1, name: text, context: text),
    .tooLarge(function: text, parameter: text, value: 1),
  ]

  private static let kernelTextErrors: [KernelTextError] = [
    .missingFile(text, known: [text])
  ]

  private static let types: [any Error] =
    erased(typeErrors)
    + erased(sparseDefects)

  private static let inference: [InferenceError] = [
    .operandCount(expected: [text], got: 1), .rank(operand: text, expected: text, got: type),
    .encoding(operand: text, expected: text, got: type), .dimensions(text, Dimension(symbol), 3),
    .below(text, Dimension(symbol), 1), .above(text, Dimension(symbol), 1), .attribute(text, text), .type(text),
  ]

  private static let graphs: [any Error] =
    erased(inference) + erased(inference.map { GraphError.invalidOperation(text, operands: [type], $0, origin) })
    + erased(graphErrors)
    + erased(executionErrors)
    + erased(planErrors)

  private static let files: [FileError] = [
    .notFound(path: text), .cannotRead(path: text, call: text, code: 2), .cannotWrite(path: text, call: text, code: 2),
    .notARegularFile(path: text, kind: text), .empty(path: text), .tooLarge(path: text, byteCount: 1, limit: 1),
    .changed(path: text, before: 1, after: 2),
  ]

  private static let json: [JSONDefect] = [
    .unexpected(found: text, expected: text), .invalidUTF8, .controlCharacter(1), .loneSurrogate(1),
    .invalidNumber(text, expected: text), .duplicateKey(text), .missingField(text, of: text),
    .unknownField(text, of: text), .limitExceeded(what: text, limit: 1),
  ]

  private static let ggufDefects: [GGUFDefect] = [
    .limitExceeded(what: text, count: 1, limit: 1), .emptyKey(entry: 1), .emptyTensorName(tensor: 1),
    .invalidUTF8(what: text), .nulInName(text), .duplicateKey(text), .duplicateTensor(text),
    .unknownValueType(key: text, id: 1), .nestedArray(key: text), .invalidBool(key: text, byte: 2),
    .invalidAlignment(1), .invalidSplit(number: 1, count: 1), .invalidRank(tensor: text, rank: 9),
    .negativeExtent(tensor: text, shape: [-1]),
    .extentTooLarge(tensor: text, axis: 1, extent: 1), .shapeOverflow(tensor: text, shape: [1]),
    .unknownTensorType(tensor: text, id: 1), .removedTensorType(tensor: text, id: 1, name: text),
    .rowNotInBlocks(tensor: text, type: .q4_0, row: 1), .unalignedOffset(tensor: text, offset: 1, alignment: 32),
    .tensorOutsideFile(tensor: text, offset: 1, byteCount: 1, dataByteCount: 1), .overlappingTensors(text, text),
    .wrongByteCount(tensor: text, expected: 1, got: 2), .noTensorType(tensor: text, encoding: "q9"),
  ]

  private static let safetensorsDefects: [SafetensorsDefect] =
    [
      .notAnObject(found: 1), .unknownDtype(tensor: text, text), .invalidRank(tensor: text, rank: 1, limit: 1),
      .negativeExtent(tensor: text, shape: [-1]), .shapeOverflow(tensor: text, shape: [1]),
      .partialByte(tensor: text, dtype: .f32, shape: [1]), .offsetCount(tensor: text, count: 1),
      .offsetsReversed(tensor: text, begin: 1, end: 0), .unalignedOffset(tensor: text, offset: 1, alignment: 4),
      .wrongByteCount(tensor: text, dtype: .f32, shape: [1], expected: 4, got: 1),
      .tensorOutsideFile(tensor: text, end: 1, dataByteCount: 0), .overlappingTensors(text, text),
      .hole(before: text, begin: 1, end: 2), .trailingBytes(1), .dataTooLarge(limit: 1), .reservedName(text),
    ] + json.map { .json($0) }

  private static let indexDefects: [SafetensorsIndexDefect] =
    [
      .shardName(text, tensor: text), .missingShard(text), .missingTensor(text, shard: text),
      .unmappedTensor(text, shard: text), .misplacedTensor(text, shard: text, mapped: text),
    ] + json.map { .json($0, offset: 1) }

  private static let modelDefects: [SafetensorsModelDefect] =
    [
      .missingEntry(text), .unsupportedVersion(text), .unknownEncoding(tensor: text, text),
      .nativeEncoding(tensor: text, .float32), .absentTensor(text), .undescribedTensor(text, .f32),
      .notBytes(tensor: text, .f32, shape: [1]), .invalidShape(tensor: text, .invalidPattern(text)),
      .wrongByteCount(tensor: text, summary, expected: 1, got: 2),
    ] + json.map { .malformedEntry(text, offset: 1, $0) }

  private static let gguf: [GGUFError] =
    [
      .notGGUF(path: text, found: [0x1B, 0x9B]), .bigEndian(path: text, version: 3),
      .unsupportedVersion(path: text, version: 9),
      .truncated(path: text, offset: 1, reading: text, needed: 1, remaining: 0), .missingKey(path: text, key: text),
      .splitPart(path: text, number: 1, count: 2),
      .wrongType(path: text, key: text, expected: text, got: text),
      .valueOutOfRange(path: text, key: text, value: text, range: 0...1), .unknownTensor(path: text, name: text),
      .unsupportedType(path: text, tensor: text, type: .q6_K),
      .notStorable(path: text, tensor: text, .invalidPattern(text)),
    ] + files.map { .file($0) } + ggufDefects.flatMap { [.malformed(path: text, offset: 1, $0), .cannotEncode($0)] }

  private static let safetensors: [SafetensorsError] =
    [
      .truncated(path: text, offset: 1, reading: text, needed: 1, remaining: 0),
      .headerTooLarge(path: text, byteCount: 1, limit: 1), .unknownTensor(path: text, name: text),
      .noCheckpoint(folder: text), .severalCheckpoints(folder: text), .symbolicLink(path: text),
    ] + files.map { .file($0) }
    + safetensorsDefects.flatMap { [.malformed(path: text, offset: 1, $0), .cannotEncode($0)] }
    + indexDefects.map { .malformedIndex(path: text, $0) }

  private static let splitDefects: [SplitDefect] = [
    .name(number: 0, count: 2, expected: text), .missing(number: 1, count: 2),
    .part(number: 0, count: 2, foundNumber: 1, foundCount: 3), .duplicateTensor(text, other: text),
    .tensorCount(expected: 1, found: 2),
  ]

  private static let configDefects: [HubConfigDefect] = [
    .missingKey(text), .wrongType(key: text, expected: text, found: text),
    .outOfRange(key: text, value: text, range: 1...2), .unsupported(key: text, value: text, supported: text),
    .invalid(key: text, value: text, reason: text),
  ]

  private static let hubTensorDefects: [HubTensorDefect] = [
    .unknown(text), .missing(text), .wrongDtype(tensor: text, .i8), .wrongShape(tensor: text, shape: [1], reason: text),
    .duplicate(text, and: text, are: text), .otherType(tensor: text, text, than: text),
  ]

  private static let hubTokenizerDefects: [HubTokenizerDefect] = [
    .missingField(text), .wrongType(field: text, expected: text, found: text),
    .unsupportedModel(text, supported: [text]), .unknownPretokenizer(text), .unknownNormalizer(text),
    .unsupportedOption(text, value: text, supported: text), .idOutOfRange(token: text, id: 1, count: 1),
    .duplicateID(1, text, and: text), .tooManyTokens(2, limit: 1), .malformedPieces(offset: 1),
  ]

  private static let folders: [ModelFolderError] =
    [
      .missingFile(folder: text, oneOf: [text]), .symbolicLink(path: text), .invalidText(path: text),
      .unsupportedFamily(path: text, found: text, supported: [text]),
    ] + files.map { .file($0) } + json.map { .json(path: text, offset: 1, $0) }
    + configDefects.map { .config(path: text, $0) } + safetensors.map { .checkpoint($0) }
    + hubTensorDefects.map { .tensor(path: text, $0) }
    + quantized.map { .quantized(QuantizedWeightError(path: text, layer: text, defect: $0)) }
    + hubTokenizerDefects.map { .tokenizer(path: text, $0) }

  private static let modelFiles: [ModelFileError] =
    [
      .unknownFormat(path: text, found: [0x1B, 0x9B]), .unknownTensor(path: text, name: text),
      .unsupportedType(path: text, tensor: text, type: text),
      .notStorable(path: text, tensor: text, .invalidPattern(text)),
      .notFinite(path: text, tensor: text, .float32, index: [1]), .notHeads(path: text, tensor: text, shape: [1]),
    ] + splitDefects.map { .split(path: text, $0) } + folders.map { .folder($0) } + files.map { .file($0) }
    + gguf.map { .gguf($0) } + safetensors.map { .safetensors($0) }
    + modelDefects.map { .notAModel(path: text, $0) }

  private static let quantized: [QuantizedWeightDefect] =
    [
      .missingTensor(text), .wrongDtype(tensor: text, expected: [.i32], got: .f32),
      .wrongShape(tensor: text, expected: [[1]], got: [2]), .notAMatrix(tensor: text, shape: [1]),
      .groupOutOfRange(tensor: text, index: 1, group: -1, groups: 1), .notFinite(tensor: text, index: 1),
      .invalidStateShape(tensor: text, [1]), .wrongLevel(tensor: text, index: 1, expected: 0, got: 1),
      .unsupportedBits(3), .unsupportedState(tensor: text, key: text, expected: text, got: text),
      .groupNotInBlocks(columns: 16, block: 32), .notStorable(.invalidPattern(text)), .invalidGroupSize(0),
      .invalidScaleBlock(.init(rows: 0, columns: 1)),
    ] + json.map { .malformedState(tensor: text, offset: 1, $0) }

  private static let formats: [any Error] =
    erased(quantized) + quantized.map { QuantizedWeightError(path: text, layer: text, defect: $0) } + erased(files)
    + erased(json) + erased(ggufDefects) + erased(gguf) + erased(safetensorsDefects) + erased(safetensors)
    + erased(indexDefects) + erased(splitDefects) + erased(configDefects) + erased(hubTensorDefects)
    + erased(hubTokenizerDefects) + erased(folders)
    + erased(modelDefects) + erased(modelFiles) + erased(importanceErrors)

  private static let tokenizers: [TokenizerError] = [
    .unsupportedModel(text), .unsupportedPretokenizer(text), .emptyVocabulary, .vocabularyTooLarge(tokens: 1, bytes: 1),
    .wrongTokenTypeCount(expected: 1, got: 2), .unknownTokenType(id: 1, type: 1), .missingMerges,
    .wrongScoreCount(expected: 1, got: 2), .malformedCharacterMap(bytes: 1),
    .malformedMerge(index: 1, text: text), .mergeOfUnknownToken(index: 1, text: text),
    .specialIDOutOfRange(key: text, id: 1, count: 1), .idOutOfRange(1, count: 1),
  ]

  private static let templates: [ChatTemplateError] = [
    .syntax(text, line: 1), .unsupported(text, line: 1), .evaluation(text, line: 1), .raised(text),
    .limitExceeded(text, line: 1),
  ]

  private static let sampling: [SamplingError] = [
    .invalidTemperature(1), .invalidTopK(1), .invalidTopP(1), .invalidMinP(1), .invalidPenalty(text, 1),
    .invalidWindow(0), .noLogits, .notANumber(id: 1), .nothingPossible,
  ]

  private static let models: [any Error] =
    erased(tokenizers) + erased(templates) + erased(sampling)
    + erased(modelErrors)
    + erased(modelFiles.map { ModelError.file($0) }) + erased(tokenizers.map { ModelError.tokenizer($0) })
    + erased(templates.map { ModelError.chatTemplate($0) }) + erased(sampling.map { ModelError.sampling($0) })
    + erased(pruningErrors) + erased(quantizationErrors)

  private static let build = BuildFailure(
    program: text, device: text, options: [text], source: text, log: text, status: OpenCLStatus(rawValue: -11))

  private static let devices: [any Error] =
    erased([build]) + erased([build.status])
    + erased(driverFolders) + erased(openCLs)

  private static let tuning: [any Error] =
    erased(tuningErrors)
    + erased(tuningFileErrors)
    + erased(libraryErrors)
    + erased(kernelTextErrors)

  private static func erased(_ errors: [some Error]) -> [any Error] { errors.map { $0 } }
}
