import HeddleGraph
import HeddleReference
import HeddleText

/// How an operand reaches the operation: a backend takes views as well as whole tensors.
enum OperandForm: String, CaseIterable {
  case plain
  /// The middle of the last axis of an input whose other values are NaN.
  case sliced
  /// The middle of the first axis of such an input.
  case slicedRows
  /// An input with its last two axes exchanged.
  case transposed
}

/// A case being made: a graph builder, values to feed and a generator seeded by the case's name.
final class CaseDraft {
  let operation: any CasedOperation.Type
  let name: String
  let seed: UInt64
  let builder = GraphBuilder()
  let constants = ConstantStore()
  var random: SplitMix64
  var inputs: NameTable<Tensor> = [:]
  var bindings: Bindings = [:]
  var sessionBindings: Bindings = [:]
  private var constantBytes = 0
  /// The values of symbols that are an operand's axis.
  private var extents: Bindings = [:]

  /// - Parameter seed: the name that values are seeded by with the case's own; nil for the operation's.
  init(_ operation: any CasedOperation.Type, _ name: String, seed seedName: String? = nil) {
    self.operation = operation
    self.name = name
    seed = SplitMix64.seed(of: "\(seedName ?? operation.name) \(name)")
    random = SplitMix64(seed: seed)
  }

  /// Uniform float32 values.
  func units(_ shape: [Int], times scale: Float = 1) throws -> Tensor {
    try Tensor(random.units(shape.reduce(1, *)).map { $0 * scale }, shape: shape)
  }

  func wholes(_ shape: [Int], _ range: ClosedRange<Int>) throws -> Tensor {
    try Tensor(random.wholes(shape.reduce(1, *), range), shape: shape)
  }

  /// An operand of the value of `tensor`; `shape` replaces its extents by symbols.
  func input(
    _ name: String, _ tensor: Tensor, _ shape: [Dimension]? = nil, form: OperandForm = .plain
  ) throws -> Value {
    let shape = shape ?? tensor.shape.map { Dimension($0) }
    let rank = shape.count
    for (dimension, extent) in zip(shape, tensor.shape) {
      for symbol in dimension.symbols where dimension == Dimension(symbol) { extents[symbol] = extent }
    }
    let form = rank < (form == .transposed ? 2 : 1) ? .plain : form
    switch form {
    case .plain: return try whole(name, tensor, shape)
    case .sliced, .slicedRows:
      let axis = form == .sliced ? rank - 1 : 0
      let padded = try CaseDraft.pad(tensor, axis: axis, before: 3, after: 2)
      var paddedShape = shape
      paddedShape[axis] = shape[axis] + 5
      return try builder.slice(whole(name, padded, paddedShape), axis: axis, start: 3, count: shape[axis])
    case .transposed:
      var permutation = Array(0..<rank)
      permutation.swapAt(rank - 2, rank - 1)
      let stored = try ReferenceBackend().evaluate(Transpose(permutation: permutation), [tensor])[0]
      return try builder.transpose(whole(name, stored, permutation.map { shape[$0] }), permutation)
    }
  }

  private func whole(_ name: String, _ tensor: Tensor, _ shape: [Dimension]) throws -> Value {
    inputs[name] = tensor
    return try builder.input(name, tensor.encoding, shape)
  }

  func constant(_ name: String, _ tensor: Tensor) throws -> Value {
    try constants.add(ConstantID(name), tensor)
    constantBytes += tensor.bytes.count
    return try builder.constant(ConstantID(name), in: constants)
  }

  func finish(
    _ outputs: NameTable<Value>, _ tolerance: Tolerance, floatingPointOperations: Int = 0, zerosAreRight: Bool = false,
    steps: [RunRequest]? = nil, triesEveryTile: Bool = true, isCampaign: Bool = false
  ) throws -> OpCase {
    let graph = try builder.build(outputs: outputs)
    // An operand that is part of a larger input does not tell its extents.
    let told = Set(graph.inputs.flatMap { input in input.type.shape.filter { $0.symbols.count == 1 } })
    for (symbol, extent) in extents where !told.contains(Dimension(symbol)) { bindings[symbol] = extent }
    let steps = steps ?? [RunRequest(inputs: inputs, bindings: bindings)]
    var bytes = constantBytes
    for step in steps {
      let bindings = try graph.resolveBindings(step, fixed: sessionBindings)
      bytes += step.inputs.values.reduce(0) { $0 + $1.bytes.count }
      for output in graph.outputs {
        let type = graph.type(of: output.value)
        bytes += try type.encoding.byteCount(shape: type.concreteShape(bindings))
      }
    }
    return OpCase(
      family: operation.description.family, operation: operation.name, name: name, seed: seed, graph: graph,
      constants: constants,
      steps: steps, sessionBindings: sessionBindings, tolerance: tolerance,
      floatingPointOperations: floatingPointOperations, bytes: bytes, zerosAreRight: zerosAreRight,
      triesEveryTile: triesEveryTile, isCampaign: isCampaign)
  }

  /// `tensor` between values that must not be used: NaN, or the least integer.
  static func pad(_ tensor: Tensor, axis: Int, before: Int, after: Int) throws -> Tensor {
    func margin(_ count: Int) throws -> Tensor {
      var shape = tensor.shape
      shape[axis] = count
      let elements = shape.reduce(1, *)
      switch tensor.encoding {
      case .int32: return try Tensor(Array(repeating: Int32.min, count: elements), shape: shape)
      case let encoding where !encoding.isScalar:
        let bytes = [UInt8](repeating: 0xFF, count: try encoding.byteCount(shape: shape))
        return try Tensor(encoding: encoding, shape: shape, bytes: bytes)
      default: return try Tensor(Array(repeating: .nan, count: elements), as: tensor.encoding, shape: shape)
      }
    }
    return try ReferenceBackend().evaluate(
      Concatenate(axis: axis), [margin(before), tensor, margin(after)])[0]
  }
}
