import HeddleGraph
import HeddleText
import HeddleTypes

/// Prunes tensors on a backend, one after the other: what was compiled for a shape and a format is used again.
///
///     let pruner = Pruner(backend: backend)
///     let pruned = try await pruner.prune("blk.0.ffn_up.weight", in: file.constantStore(), as: format)
///     print(pruned.magnitude.share)
///
/// A model is pruned tensor by tensor; nothing of a tensor stays behind on the device but buffers of its shape.
public actor Pruner {
  public let backend: any Backend

  private struct Key: Hashable {
    var format: SparseFormat
    var shape: [Int]
  }

  /// Sessions nobody uses now, the last used last.
  private var idle: [(key: Key, session: any Session)] = []

  /// Shapes whose buffers are kept.
  private static let idleLimit = 4

  public init(backend: any Backend) { self.backend = backend }

  /// A pruned tensor, and how much it keeps.
  public struct Result: Sendable {
    /// `[M, K]` in the format that was asked for.
    public let tensor: Tensor
    public let magnitude: KeptMagnitude
  }

  /// Keeps of a float32 tensor `[M, K]` what is greatest: ``Encode``.
  ///
  /// - Parameter name: stands for the tensor in errors.
  /// - Throws: ``PruningError/notFinite(tensor:index:)``, ``PruningError/notRepresentable(tensor:_:index:)``,
  ///   ``PruningError/notStorable(tensor:_:)``, ``GraphError`` if the shape does not suit the format, and what the
  ///   backend throws.
  public func prune(_ dense: Tensor, as format: SparseFormat, name: String = "x") async throws -> Result {
    try dense.requireFinite(name)
    let key = Key(format: format, shape: dense.shape)
    let session = try await session(key)
    let outputs = try await session.run(RunRequest(inputs: ["x": dense]))
    guard let pruned = outputs["y"] else { throw PruningError.missingOutput("y") }
    idle.append((key, session))
    if idle.count > Self.idleLimit { idle = Array(idle.dropFirst()) }
    try pruned.requireStorable(name)
    return Result(tensor: pruned, magnitude: try KeptMagnitude(of: dense.floats(), in: pruned))
  }

  /// Prunes a constant of any weight encoding, decoded on the device.
  public func prune(_ id: ConstantID, in store: ConstantStore, as format: SparseFormat) async throws -> Result {
    try await prune(values(of: id, in: store), as: format, name: id.name)
  }

  /// The values of a constant in float32, decoded on the device: of a quantized tensor, or of a sparse one where the
  /// backend takes it.
  public func values(of id: ConstantID, in store: ConstantStore) async throws -> Tensor {
    let entry = try store.entry(id)
    if entry.encoding == .float32 { return try store.tensor(id) }
    // A store of its own: what a backend packs goes with it.
    let alone = ConstantStore()
    try alone.add(id, encoding: entry.encoding, shape: entry.shape, provider: entry.provider)
    let builder = GraphBuilder()
    let values = try builder.encode(builder.constant(id, in: alone), as: .float32)
    let graph = try builder.build(outputs: ["values": values])
    let session = try await backend.compile(graph, constants: alone).makeSession([:])
    guard let tensor = try await session.run(RunRequest())["values"] else {
      throw PruningError.missingOutput("values")
    }
    return tensor
  }

  private func session(_ key: Key) async throws -> any Session {
    if let place = idle.lastIndex(where: { $0.key == key }), let session = idle[at: place]?.session {
      idle = Array(idle.part(from: 0, to: place)) + idle.part(from: place &+ 1)
      return session
    }
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, key.shape.map { Dimension($0) })
    let graph = try builder.build(outputs: ["y": builder.encode(x, as: .sparse(key.format))])
    return try await backend.compile(graph, constants: ConstantStore()).makeSession([:])
  }
}
