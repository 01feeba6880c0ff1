import HeddleGraph
import HeddleText
import HeddleTypes

/// Quantizes tensors on a backend, some rows at a time: what was compiled for so many rows is used again.
actor Quantizer {
  let backend: any Backend

  /// Values at a time: float32 of 16 MiB.
  private static let partSize = 1 << 22
  /// Compiled parts that are kept.
  private static let idleLimit = 4

  private struct Key: Hashable {
    var source: Encoding
    var target: Encoding
    var shape: [Int]
    var isWeighted: Bool
  }

  private var idle: [(key: Key, session: any Session)] = []

  init(backend: any Backend) { self.backend = backend }

  /// The tensor in another encoding.
  ///
  /// - Parameters:
  ///   - importance: of each matrix of the tensor the importance of its columns; one if all share it.
  ///   - name: stands for the tensor in errors.
  func quantize(
    _ stored: any ConstantProvider, of source: Encoding, shape: [Int], to target: Encoding, importance: [[Float]]?,
    name: String
  ) async throws -> Tensor {
    let width = shape.last ?? 1
    let rows = shape.dropLast().reduce(1, &*)
    let matrices = max(1, importance?.count ?? 1)
    let matrixRows = rows.divided(by: matrices)
    let rowBytes = try source.byteCount(shape: [width])
    var result: [UInt8] = []
    for matrix in 0..<matrices {
      let weights = importance?[at: matrix]
      var first = 0
      while first < matrixRows {
        try Task.checkCancellation()
        let count = min(max(1, Self.partSize.divided(by: width)), matrixRows &- first)
        let start = (matrix &* matrixRows &+ first) &* rowBytes
        let bytes = try stored.withBytes(in: Range(from: start, count: count &* rowBytes)) { Array($0) }
        let part = try Tensor(encoding: source, shape: [count, width], bytes: bytes)
        result += try await quantized(part, target, weights).bytes
        first &+= count
      }
    }
    return try Tensor(encoding: target, shape: shape, bytes: result)
  }

  private func quantized(_ part: Tensor, _ target: Encoding, _ weights: [Float]?) async throws -> Tensor {
    // Blocks are decoded as constants are, in a store of their own: what a backend packs goes with it.
    guard part.encoding.isScalar else {
      let store = ConstantStore()
      try store.add("x", part)
      let builder = GraphBuilder()
      let graph = try graph(builder, try builder.constant("x", in: store), target, weights?.count)
      let session = try await backend.compile(graph, constants: store).makeSession([:])
      return try await run(session, [:], weights)
    }
    let key = Key(source: part.encoding, target: target, shape: part.shape, isWeighted: weights != nil)
    let session: any Session
    if let place = idle.lastIndex(where: { $0.key == key }), let known = idle[at: place]?.session {
      idle = Array(idle.part(from: 0, to: place)) + idle.part(from: place &+ 1)
      session = known
    } else {
      let builder = GraphBuilder()
      let x = try builder.input("x", part.encoding, part.shape.map { Dimension($0) })
      let graph = try graph(builder, x, target, weights?.count)
      session = try await backend.compile(graph, constants: ConstantStore()).makeSession([:])
    }
    let result = try await run(session, ["x": part], weights)
    idle.append((key, session))
    if idle.count > Self.idleLimit { idle = Array(idle.dropFirst()) }
    return result
  }

  private func graph(
    _ builder: GraphBuilder, _ x: Value, _ target: Encoding, _ weightCount: Int?
  ) throws -> Graph {
    var importance: Value?
    if let weightCount { importance = try builder.input("importance", .float32, [Dimension(weightCount)]) }
    let isSearched = target.values.hasEncoder
    let values = isSearched ? try builder.encode(x, as: .float32) : x
    return try builder.build(outputs: ["y": builder.encode(values, as: target, importance: importance)])
  }

  private func run(
    _ session: any Session, _ inputs: NameTable<Tensor>, _ weights: [Float]?
  ) async throws -> Tensor {
    var inputs = inputs
    if let weights { inputs["importance"] = try Tensor(weights, shape: [weights.count]) }
    guard let y = try await session.run(RunRequest(inputs: inputs))["y"] else {
      throw QuantizationError.missingOutput("y")
    }
    return y
  }
}
