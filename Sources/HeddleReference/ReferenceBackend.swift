import HeddleGraph

/// The oracle: every operation in plain Swift, on any host, with float64 sums. Slow and obvious on purpose; what
/// kernels are judged against, and a backend like any other.
///
/// - A result is the float64 value rounded to float32 once: the ideal of its node for the float32 operands it got.
public struct ReferenceBackend: Backend {
  /// Computes the results of a ``Custom`` operation.
  public typealias CustomImplementation = @Sendable (Custom, [Tensor]) throws -> [Tensor]

  public let customOperations: [String: CustomImplementation]
  /// The largest tensor that may arise, in bytes; a greater one is refused with an error.
  public let largestTensor: Int

  public init(customOperations: [String: CustomImplementation] = [:], largestTensor: Int = 1 << 32) {
    self.customOperations = customOperations
    self.largestTensor = largestTensor
  }

  public var deviceName: String { "reference" }

  public func supports(_ operation: any GraphOperation, operands: [TensorType]) -> Support {
    if let custom = operation as? Custom, customOperations[custom.name] == nil {
      return .unsupported("no implementation is registered for the custom operation '\(custom.name)'")
    }
    return .supported
  }

  /// - Throws: ``ExecutionError/unsupported(_:reason:_:)``; ``GraphError`` if a constant is missing or of another type.
  public func compile(_ graph: Graph, constants: ConstantStore) async throws -> any Executable {
    for (node, origin) in zip(graph.nodes, graph.origins) {
      if case .unsupported(let reason) = supports(node.operation, operands: node.operands.map { graph.type(of: $0) }) {
        throw ExecutionError.unsupported(node.operation.name, reason: reason, origin)
      }
      for constant in node.constants {
        guard let stored = try? constants.type(constant.id) else {
          throw GraphError.unknownConstant(constant.id, origin)
        }
        guard stored == constant.type else {
          throw GraphError.wrongResults(node.operation.name, expected: [stored], got: [constant.type], origin)
        }
      }
    }
    return ReferenceExecutable(graph: graph, constants: constants, backend: self)
  }

  /// The results of one operation whose attributes have no symbols, for constant folding.
  ///
  /// - Throws: ``InferenceError`` if the operands do not fit; leaves other than a range are
  ///   ``ExecutionError/unsupported(_:reason:_:)``.
  public func evaluate(_ operation: any GraphOperation, _ operands: [Tensor]) throws -> [Tensor] {
    let types = operands.map { TensorType($0.encoding, $0.shape.map { Dimension($0) }) }
    let results = try operation.inferResults(Operands(types, of: operation, ranges: [:]))
    return try evaluate(operation, operands, results: results, bindings: [:], origin: Origin())
  }

  func evaluate(
    _ operation: any GraphOperation, _ operands: [Tensor], results: [TensorType], bindings: Bindings, origin: Origin
  ) throws -> [Tensor] {
    let shapes = try results.map { try check($0, bindings, operation, origin) }
    if let custom = operation as? Custom {
      guard let implementation = customOperations[custom.name] else {
        throw ExecutionError.unsupported(operation.name, reason: "'\(custom.name)' is not registered", origin)
      }
      let values = try implementation(custom, operands)
      guard values.map(\.encoding) == results.map(\.encoding), values.map(\.shape) == shapes else {
        throw ExecutionError.unsupported(
          operation.name, reason: "the implementation of '\(custom.name)' gave \(values), not \(results)", origin)
      }
      return values
    }
    if shapes.allSatisfy({ $0.contains(0) }) {
      // A sparse tensor without values may have indices or scales: zeros.
      return try zip(results, shapes).map {
        let count = try $0.encoding.byteCount(shape: $1)
        return try Tensor(encoding: $0.encoding, shape: $1, bytes: [UInt8](repeating: 0, count: count))
      }
    }
    guard let operation = operation as? any ReferenceOperation else {
      throw ExecutionError.unsupported(operation.name, reason: "it has no value outside a run", origin)
    }
    return try operation.evaluate(operands, ReferenceContext(shapes: shapes, bindings: bindings))
  }

  /// The concrete shape, of a size that may be allocated.
  func check(_ type: TensorType, _ bindings: Bindings, _ operation: any GraphOperation, _ origin: Origin) throws
    -> [Int]
  {
    let shape = try type.concreteShape(bindings)
    let bytes = try type.encoding.byteCount(shape: shape)
    guard bytes <= largestTensor else {
      throw ExecutionError.unsupported(
        operation.name, reason: "\(TensorSummary(type.encoding, shape)) is larger than \(largestTensor) bytes", origin)
    }
    return shape
  }
}
