import HeddleFormats
import HeddleGraph
import HeddleText
import HeddleTypes

/// Prunes the matrices of a model's layers by magnitude, and writes the model as safetensors.
///
/// ```swift
/// let pruning = try ModelPruning(of: try ModelFile(path: "model.gguf"), to: .pattern(pattern))
/// let report = try await pruning.write(to: "sparse.safetensors", on: OpenCLBackend(device: .preferred()))
/// print(report.magnitude.share)
/// ```
///
/// - Embeddings, norms, biases and the output stay as they are; biases of channels follow an order of theirs.
/// - With a pattern, values are stored as told, else as coarsely as the file stores them: ``values(for:)``. A matrix whose
///   rows are no whole spans of the pattern stays as it is, and so does one that is sparse already.
/// - With ``PruningTarget/channels(percent:)`` gate, up and their biases lose rows, without a change of those that stay.
///   Down loses columns: a quantized one is stored as float16, or in the values told.
/// - One tensor is in memory at a time; with `ordersRows` and with channels, those of one feed-forward block.
public struct ModelPruning: Sendable {
  /// Why a tensor stays as it is.
  public enum Reason: Hashable, Sendable {
    /// It is no matrix of a layer, or, when channels are left out, has no such channels.
    case notPruned
    case asked(NamePattern)
    case spans(inputs: Int, span: Int)
    case sparse
  }

  /// What becomes of a tensor.
  struct Step: Sendable {
    var name: String
    /// As it will be.
    var encoding: Encoding
    var shape: [Int]
    var reason: Reason?
  }

  public let file: ModelFile
  public let target: PruningTarget
  /// Puts the channels of feed-forward blocks in an order that keeps more (``ChannelOrder``), where all three matrices
  /// are pruned.
  public let ordersRows: Bool
  let model: DecoderModel
  let steps: [Step]
  /// Hidden channels of each feed-forward block when all is done; nil if they stay.
  let channelCount: Int?
  /// What the model asks for, by name.
  private let requests: NameTable<TensorRequest>

  /// Channels stay a multiple of it: whole blocks of quantized formats, and spans of most patterns.
  static let channelMultiple = 32

  /// - Parameters:
  ///   - values: how kept values are stored; nil for what suits each tensor.
  ///   - keeping: tensors that stay as they are.
  /// - Throws: ``ModelError`` if the file is no model that can run, ``PruningError``.
  public init(
    of file: ModelFile, to target: PruningTarget, values: ValueFormat? = nil, keeping: [NamePattern] = [],
    ordersRows: Bool = false
  ) throws {
    self.file = file
    self.target = target
    self.ordersRows = ordersRows
    model = try DecoderModel(file)
    let requests = NameTable(model.requests.map { ($0.name, $0) })
    self.requests = requests
    for pattern in keeping where !file.tensors.contains(where: { pattern.matches($0.name) }) {
      throw PruningError.matchesNothing(pattern)
    }
    switch target {
    case .pattern(let pattern):
      if ordersRows { guard case .vectorWise = pattern.kind else { throw PruningError.notVectorWise(pattern) } }
      channelCount = nil
      steps = try file.tensors.map { try Self.step($0, requests[$0.name], file, pattern, values, keeping) }
    case .channels(let percent):
      guard !ordersRows else { throw PruningError.orderOfChannels }
      let count = try model.hiddenChannelCount()
      let channels = FeedForwardWeights.keptChannelCount(
        of: count, leavingOut: Double(percent) / 100, multipleOf: Self.channelMultiple)
      guard channels < count else { throw PruningError.nothingToPrune(target) }
      channelCount = channels
      steps = try file.tensors.map { try Self.step($0, requests[$0.name], file, channels: channels, values, keeping) }
    }
    guard steps.contains(where: { $0.reason == nil }) else { throw PruningError.nothingToPrune(target) }
  }

  /// What suits a tensor of this encoding: as many bits, or the next more.
  public static func values(for encoding: Encoding) -> ValueFormat {
    if encoding.values.suitsPatterns { return encoding.values }
    let isNarrow = 8 &* encoding.values.block.byteCount <= 5 &* encoding.values.blockSize
    return encoding.isScalar ? .float32 : isNarrow ? .int4 : .int8
  }

  private static func step(
    _ info: ModelTensor, _ request: TensorRequest?, _ file: ModelFile, _ pattern: SparsityPattern,
    _ values: ValueFormat?,
    _ keeping: [NamePattern]
  ) throws -> Step {
    let encoding = try file.encoding(of: info.name)
    var step = Step(name: info.name, encoding: encoding, shape: info.shape, reason: .notPruned)
    guard let inputs = info.shape.last, request?.isPrunable == true else { return step }
    if let pattern = keeping.first(where: { $0.matches(info.name) }) {
      step.reason = .asked(pattern)
    } else if encoding.pattern != nil {
      step.reason = .sparse
    } else if !inputs.isMultiple(of: pattern.span) {
      step.reason = .spans(inputs: inputs, span: pattern.span)
    } else {
      step.reason = nil
      step.encoding = .sparse(try SparseFormat(pattern, values ?? Self.values(for: encoding)))
    }
    return step
  }

  private static func step(
    _ info: ModelTensor, _ request: TensorRequest?, _ file: ModelFile, channels: Int, _ values: ValueFormat?,
    _ keeping: [NamePattern]
  ) throws -> Step {
    let encoding = try file.encoding(of: info.name)
    var step = Step(name: info.name, encoding: encoding, shape: info.shape, reason: .notPruned)
    guard let axis = request?.channelAxis, step.shape.indices.contains(axis) else { return step }
    // The count of channels is one for the whole model.
    if let pattern = keeping.first(where: { $0.matches(info.name) }) {
      throw PruningError.allChannels(info.name, pattern)
    }
    if encoding.pattern != nil { throw PruningError.sparseChannels(info.name, encoding) }
    step.reason = nil
    step.shape.update(at: axis) { $0 = channels }
    if axis == 1 {
      if let values {
        guard let dense = Encoding(name: values.name) else { throw PruningError.notDense(values) }
        step.encoding = dense
      } else if !encoding.isScalar {
        step.encoding = .float16
      }
    }
    return step
  }
}

extension ModelPruning {
  /// A shape of matrices that could be pruned, how they are stored, and how many there are.
  public struct MatrixShape: Hashable, Sendable {
    public let outputs: Int
    public let inputs: Int
    public let encoding: Encoding
    public let count: Int
  }

  /// The shapes of the layers' matrices that are not sparse: the most frequent first, of equals the largest.
  public static func matrixShapes(of file: ModelFile) throws -> [MatrixShape] {
    var groups: [[Int]: [Encoding]] = [:]
    for request in try DecoderModel(file).requests where request.isPrunable {
      let encoding = try file.encoding(of: request.name)
      if encoding.pattern != nil { continue }
      groups[request.shape, default: []].append(encoding)
    }
    return groups.compactMap { shape, encodings -> MatrixShape? in
      guard let outputs = shape.first, let inputs = shape.last, let encoding = encodings.first else { return nil }
      return MatrixShape(outputs: outputs, inputs: inputs, encoding: encoding, count: encodings.count)
    }.sorted { left, right in
      (right.count, right.outputs.multipliedFullWidth(by: right.inputs).low, right.inputs)
        < (left.count, left.outputs.multipliedFullWidth(by: left.inputs).low, left.inputs)
    }
  }
}

extension ModelPruning.Reason: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .notPruned: "not what is pruned"
    case .asked(let pattern): "kept as '\(pattern)'"
    case .spans(let inputs, let span): "\(inputs) inputs are no multiple of \(span)"
    case .sparse: "sparse already"
    }
  }
}

extension ModelPruning {
  /// What the model asks for under a name.
  func request(_ name: String) -> TensorRequest? { requests[name] }
}
