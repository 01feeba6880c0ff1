import HeddleFormats
import HeddleGraph
import HeddleText
import HeddleTypes

extension ModelPruning {
  /// Prunes tensor after tensor on a backend, and writes the file.
  ///
  /// - Parameters:
  ///   - path: see ``OutputFile`` for what becomes of what is there.
  ///   - progress: called before each tensor.
  /// - Throws: ``PruningError/notFinite(tensor:index:)`` before anything is written, what ``ModelConversion`` throws, and
  ///   the backend; `CancellationError`. There is no new file then.
  public func write(
    to path: String, on backend: any Backend, progress: (ModelConversion.Progress) -> Void = { _ in }
  ) async throws -> PruningReport {
    try requireFinite()
    let run = PruningRun(self, backend)
    try await conversion(run).write(to: path, progress: progress)
    return try await report(run)
  }

  /// Prunes into a file that was opened before, and commits it.
  ///
  /// - Throws: as ``write(to:on:progress:)-(String,_,_)`` does.
  public func write(
    to file: OutputFile, on backend: any Backend, progress: (ModelConversion.Progress) -> Void = { _ in }
  ) async throws -> PruningReport {
    try requireFinite()
    let run = PruningRun(self, backend)
    try await conversion(run).write(to: file, progress: progress)
    return try await report(run)
  }

  private func requireFinite() throws {
    for step in steps where step.reason == nil {
      try Task.checkCancellation()
      try model.constants.entry(ConstantID(step.name)).requireFinite(step.name)
    }
  }

  private func conversion(_ run: PruningRun) throws -> ModelConversion {
    var conversion = ModelConversion(of: file)
    for step in steps where step.reason == nil || isOrderedBias(step.name) {
      try conversion.replace(step.name, with: step.encoding, shape: step.shape) { _ in try await run.tensor(step) }
    }
    if let channelCount, let count = UInt32(exactly: channelCount) {
      conversion.set("\(model.description.architecture).feed_forward_length", .uint32(count))
    }
    return conversion
  }

  private func report(_ run: PruningRun) async throws -> PruningReport {
    let magnitudes = await run.magnitudes
    let rows = try steps.map { step in
      let info = try file.info(step.name)
      return PruningReport.Row(
        name: step.name, shape: step.shape, before: info.typeName,
        after: step.encoding == info.encoding ? info.typeName : step.encoding.name,
        byteCountBefore: info.byteCount, byteCountAfter: try step.encoding.byteCount(shape: step.shape),
        magnitude: magnitudes[step.name], reason: step.reason)
    }
    return PruningReport(rows: rows, orders: await run.gains)
  }

  /// Whether a tensor stays as it is but for the order of its values.
  private func isOrderedBias(_ name: String) -> Bool {
    guard ordersRows, let request = request(name), request.channelAxis != nil, let layer = request.layer else {
      return false
    }
    return !request.isMatrix && canOrder(layer)
  }

  /// Whether a layer's channels may change places: all its feed-forward matrices are stored anew.
  func canOrder(_ layer: Int) -> Bool {
    guard let matrices = model.feedForwardMatrices(of: layer) else { return false }
    let changed = NameSet(steps.lazy.filter { $0.reason == nil }.map(\.name))
    return [matrices.gate, matrices.up, matrices.down].allSatisfy { changed.contains($0) }
  }
}

/// One run over a model's tensors: what was found of their layers so far, and how much they keep.
actor PruningRun {
  private let pruning: ModelPruning
  private let pruner: Pruner
  private(set) var magnitudes: NameTable<KeptMagnitude> = [:]
  private(set) var gains: [Int: PruningReport.Gain] = [:]
  /// The channels of each layer, in their new order.
  private var channels: [Int: [Int]] = [:]

  init(_ pruning: ModelPruning, _ backend: any Backend) {
    self.pruning = pruning
    pruner = Pruner(backend: backend)
  }

  /// A tensor as it is to be stored.
  func tensor(_ step: ModelPruning.Step) async throws -> Tensor {
    let store = pruning.model.constants
    let id = ConstantID(step.name)
    guard let request = pruning.request(step.name), let axis = request.channelAxis, let layer = request.layer,
      let channels = try await channels(of: layer)
    else {
      guard let format = step.encoding.sparse, step.reason == nil else { return try store.tensor(id) }
      return try await pruned(pruner.values(of: id, in: store), step.name, format)
    }
    guard let format = step.encoding.sparse, step.reason == nil else {
      return try await selected(channels, axis, step)
    }
    let values = try await pruner.values(of: id, in: store)
    return try await pruned(values.selecting(channels, axis: axis), step.name, format)
  }

  private func pruned(_ values: Tensor, _ name: String, _ format: SparseFormat) async throws -> Tensor {
    let result = try await pruner.prune(values, as: format, name: name)
    magnitudes[name] = result.magnitude
    return result.tensor
  }

  /// A dense tensor with these channels alone, its values as they are stored where that is possible.
  private func selected(_ channels: [Int], _ axis: Int, _ step: ModelPruning.Step) async throws -> Tensor {
    let (store, id) = (pruning.model.constants, ConstantID(step.name))
    let stored = try store.tensor(id)
    if step.reason == nil, step.shape.count == 2 {
      let values = try await pruner.values(of: id, in: store)
      func sum(_ values: Tensor) throws -> Double {
        try values.floats().reduce(0) { $0 + ($1.isNaN ? 0 : Double(abs($1))) }
      }
      let kept = try values.selecting(channels, axis: axis)
      magnitudes[step.name] = KeptMagnitude(kept: try sum(kept), total: try sum(values))
      // Columns of a quantized matrix cannot be taken apart.
      if axis == 1 {
        let encoded = try await pruner.encoded(kept, as: step.encoding)
        try encoded.requireStorable(step.name)
        return encoded
      }
    }
    return try stored.selecting(channels, axis: axis)
  }

  /// The channels a layer is to have, in order; nil if it stays as it is.
  private func channels(of layer: Int) async throws -> [Int]? {
    if let known = channels[layer] { return known }
    let found: [Int]
    switch pruning.target {
    case .channels(let percent):
      found = try await weights(of: layer).greatestChannels(
        leavingOut: Double(percent) / 100, multipleOf: ModelPruning.channelMultiple)
    case .pattern(let pattern):
      guard pruning.ordersRows, pruning.canOrder(layer) else { return nil }
      let order = try ChannelOrder(of: try await weights(of: layer), for: pattern)
      gains[layer] = PruningReport.Gain(before: order.before, after: order.after)
      found = order.channels
    }
    channels[layer] = found
    return found
  }

  private func weights(of layer: Int) async throws -> FeedForwardWeights {
    guard let names = pruning.model.feedForwardMatrices(of: layer) else { throw PruningError.noChannels }
    func values(_ name: String) async throws -> Tensor {
      try await pruner.values(of: ConstantID(name), in: pruning.model.constants)
    }
    return try await FeedForwardWeights(gate: values(names.gate), up: values(names.up), down: values(names.down))
  }
}

extension Tensor {
  /// The tensor with these channels alone, in this order, which lie along an axis; of a quantized one only rows can be
  /// taken.
  fileprivate func selecting(_ channels: [Int], axis: Int) throws -> Tensor {
    guard shape.indices.contains(axis), let last = channels.max(), last < shape[axis] else {
      throw PruningError.noChannels
    }
    var shape = shape
    let count = shape[axis]
    shape[axis] = channels.count
    let runs = axis == 1 ? shape.first ?? 1 : 1
    return try gathered(channels, runs: runs, of: count, shape: shape)
  }
}

extension Pruner {
  /// Float32 values in another dense encoding, rounded once.
  func encoded(_ values: Tensor, as encoding: Encoding) async throws -> Tensor {
    if values.encoding == encoding { return values }
    let builder = GraphBuilder()
    let x = try builder.input("x", values.encoding, values.shape.map { Dimension($0) })
    let graph = try builder.build(outputs: ["y": builder.encode(x, as: encoding)])
    let session = try await backend.compile(graph, constants: ConstantStore()).makeSession([:])
    guard let y = try await session.run(RunRequest(inputs: ["x": values]))["y"] else {
      throw PruningError.missingOutput("y")
    }
    return y
  }
}
