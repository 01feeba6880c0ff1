import HeddleFormats
import HeddleGraph
import HeddleText
import HeddleTypes

/// A decoder of a file: its description and its tensors, each checked for its shape and type.
///
/// ```swift
/// let model = try DecoderModel(try ModelFile(path: "model.gguf"))
/// let executable = try await backend.compile(model.graph(), constants: model.constants)
/// ```
///
/// The tensors that a file must have, and may have, are those that building the graph asks for.
public struct DecoderModel: Sendable {
  public let description: DecoderDescription
  /// The tensors that the graph uses, without a copy.
  public let constants: ConstantStore
  /// What each step may choose.
  public let stepOptions: [StepOption]
  /// The tensors that building asks for, in its order, of those that the file has or must have.
  let requests: [TensorRequest]
  private let tensors: FileTensors

  /// The most tokens of a sequence that short rotary factors are for; nil if there are no others.
  var shortContext: Int? {
    description.shortFactors.flatMap { tensors.has(DecoderGraph.shortFactors) ? $0.context : nil }
  }

  /// What ``Symbol/longFactors`` is in sequences of a capacity; nil if the model has no such symbol.
  func usesLongFactors(capacity: Int) -> Int? { shortContext.map { capacity > $0 ? 1 : 0 } }

  /// - Throws: what ``DecoderDescription/init(_:)`` throws, ``ModelError/missingTensor(_:)``,
  ///   ``ModelError/tensorShape(_:expected:got:)``, ``ModelError/tensorType(_:_:supported:)``,
  ///   ``ModelError/tensorTypes(_:supported:)``, ``ModelError/unexpectedTensor(_:)``.
  public init(_ file: ModelFile) throws(ModelError) {
    description = try DecoderDescription(file.metadata, isInFile: file.contains)
    try UnsupportedType.requireNone(in: file)
    let needs = try DecoderGraph.needs(of: description, in: file.contains)
    requests = needs.requests
    tensors = FileTensors(types: try Self.types(of: requests, in: file))
    for tensor in file.tensors where tensors.types[tensor.name] == nil && !Self.isIgnored(tensor.name, description) {
      throw .unexpectedTensor(tensor.name)
    }
    do { constants = try file.constantStore(names: tensors.types.keys.sorted()) } catch { throw .file(error) }
    try Self.add(needs.computed, to: constants)
    stepOptions = try Self.nestedPattern(of: tensors).map { [StepOption.kept(of: $0)] } ?? []
  }

  /// The graph of one step, see `DecoderGraph`.
  ///
  /// - Parameters:
  ///   - chunk: the most tokens of a step; the context if that is less.
  ///   - hiddenStates: whether the graph gives `hidden.N`, for finding a layer that computes something else.
  ///   - allLogits: whether the graph gives `all_logits`, what each token of the step expects to come next.
  ///   - cache: how keys and values are kept.
  ///   - experts: what of experts is counted, chosen or moved.
  /// - Throws: ``ModelError/invalidOption(_:value:range:)``, ``ModelError/graph(_:)``.
  public func graph(
    chunk: Int = 512, hiddenStates: Bool = false, allLogits: Bool = false, cache: CachePrecision = .f32,
    experts: ExpertOptions = ExpertOptions()
  ) throws(ModelError) -> Graph {
    for run in description.layers {
      for length in run.mixer.cachedLengths where !length.isMultiple(of: cache.encoding.blockSize) {
        throw .cachePrecision(cache, headLength: length)
      }
    }
    let options = ModelOptions(
      chunk: chunk, hiddenStates: hiddenStates, allLogits: allLogits, cache: cache, experts: experts)
    return try DecoderGraph.build(
      description, tensors: tensors, options, stepOptions + experts.stepOptions(description))
  }

  /// The graph that a model is opened with.
  ///
  /// - Throws: what ``graph(chunk:hiddenStates:allLogits:cache:experts:)`` throws, ``ModelError/expertMemory(_:least:)``.
  func graph(_ options: ModelOptions) throws(ModelError) -> Graph {
    let exact = try graph(
      chunk: options.chunk, hiddenStates: options.hiddenStates, allLogits: options.allLogits, cache: options.cache,
      experts: options.experts)
    let graph = options.activations == .int8 ? exact.quantizingActivations() : exact
    guard let budget = options.expertMemory else { return graph }
    let memory = ExpertMemory(graph)
    guard let limited = memory.graph(within: budget) else {
      throw .expertMemory(budget, least: memory.leastByteCount)
    }
    return limited
  }

  private static func add(_ computed: NameTable<[Float]>, to constants: ConstantStore) throws(ModelError) {
    for (name, numbers) in computed {
      do { try constants.add(ConstantID(name), Tensor(numbers, shape: [numbers.count])) } catch {
        throw .graph(.duplicateName(name))
      }
    }
  }

  private static func types(
    of requests: [TensorRequest], in file: ModelFile
  ) throws(ModelError) -> NameTable<TensorType> {
    var types: NameTable<TensorType> = [:]
    for request in requests {
      guard file.contains(request.name) else {
        if request.isRequired { throw .missingTensor(request.name) }
        continue
      }
      let info: ModelTensor
      do { info = try file.info(request.name) } catch { throw .file(error) }
      guard request.allows(info.shape) else {
        throw .tensorShape(request.name, expected: request.shape, got: info.shape)
      }
      guard let encoding = info.encoding, request.allows(encoding) else {
        throw .tensorType(request.name, info.typeName, supported: request.encodings)
      }
      types[request.name] = TensorType(encoding, info.shape.map { Dimension($0) })
    }
    return types
  }

  /// The pattern of the weights that are nested; nil if none is. One density is bound for all of them, so they share one.
  private static func nestedPattern(of tensors: FileTensors) throws(ModelError) -> SparsityPattern? {
    var patterns: Set<SparsityPattern> = []
    for (_, type) in tensors.types {
      if let format = type.encoding.sparse, format.pattern.isNested { patterns.insert(format.pattern) }
    }
    guard patterns.count <= 1 else {
      throw .unsupportedValue(
        key: "nested patterns", value: patterns.map(\.name).sorted().joined(separator: ", "),
        supported: "one for all weights")
    }
    return patterns.first
  }

  /// Tensors of old files that hold what is computed now, and those of layers that are left.
  private static func isIgnored(_ name: String, _ decoder: DecoderDescription) -> Bool {
    if name.hasSuffix("attn_rot_embd.weight") || name == "rope_freqs" { return true }
    guard let layer = QuantizedModelFacts.layer(name) else { return false }
    return layer >= decoder.layerCount && layer < decoder.layerCount &+ decoder.guessingLayerCount
  }
}

/// The tensors of a file that were found as they were asked for.
private struct FileTensors: TensorSource {
  var types: NameTable<TensorType>

  func type(of request: TensorRequest) -> TensorType? { types[request.name] }
  func has(_ name: String) -> Bool { types[name] != nil }
}
