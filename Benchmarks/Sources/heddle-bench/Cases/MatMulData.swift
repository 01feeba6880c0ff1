import Heddle

/// The values of one case, the same in every run.
final class MatMulData {
  let problem: MatMulProblem
  /// Row-major `[tokens, inputs]`, as float32.
  let x: [Float]
  /// `[outputs, inputs]` in the problem's encoding.
  let weights: Tensor
  private var widened: HostFloats?
  private var known: MatMulOracle?

  init(_ problem: MatMulProblem) throws {
    self.problem = problem
    var random = SplitMix64(named: problem.name)
    x = MatMulData.values(problem.activationValues, problem.tokens * problem.inputs, &random)
    weights = try MatMulData.weights(of: problem, &random)
  }

  /// x as Heddle takes it.
  func activations() throws -> Tensor {
    try encode(x, as: .dense(problem.activations), shape: [problem.tokens, problem.inputs])
  }

  /// The weights as float32 `[outputs, inputs]`, zeros where nothing is kept; made once.
  func floatWeights() throws -> HostFloats {
    if let widened { return widened }
    let made: HostFloats
    if problem.sparseFormat == nil {
      made = HostFloats(count: problem.outputs * problem.inputs)
      for row in 0..<problem.outputs {
        for (column, value) in try weightRow(row).enumerated() { made.values[row * problem.inputs + column] = value }
      }
    } else {
      made = HostFloats(try decodeToFloat32(weights))
    }
    widened = made
    return made
  }

  func oracle() throws -> MatMulOracle {
    if let known { return known }
    let made = try MatMulOracle(self)
    known = made
    return made
  }

  /// Row `row` of the weights, decoded by the reference; zeros where nothing is kept, which add nothing to a sum.
  func weightRow(_ row: Int) throws -> [Float] {
    if problem.sparseFormat != nil {
      return Array(try floatWeights().values[row * problem.inputs..<(row + 1) * problem.inputs])
    }
    let length = problem.constantByteCount / max(1, problem.outputs)
    return try weights.bytes.withUnsafeBytes {
      try decodeToFloat32(UnsafeRawBufferPointer(rebasing: $0[row * length..<(row + 1) * length]), problem.encoding)
    }
  }

  /// Uniform in -1 ..< 1 and exact in `type`.
  private static func values(_ type: ScalarType, _ count: Int, _ random: inout SplitMix64) -> [Float] {
    let bits: UInt64 =
      switch type {
      case .float16: 11
      case .bfloat16: 8
      case .float32, .int32: 24
      }
    let half = Int64(1) << (bits - 1)
    let unit = 1 / Float(half)
    return (0..<count).map { _ in Float(Int64(random.next() >> (64 - bits)) - half) * unit }
  }

  private static func weights(of problem: MatMulProblem, _ random: inout SplitMix64) throws -> Tensor {
    let shape = [problem.outputs, problem.inputs]
    let count = problem.outputs * problem.inputs
    switch problem.encoding {
    case .dense(let type): return try encode(values(type, count, &random), as: problem.encoding, shape: shape)
    case .blocks(let format):
      // Quantizing tens of millions of values would take longer than measuring: a prime number of blocks, repeated.
      let pool = 4093
      let some = values(.float32, pool * format.blockSize, &random)
      let encoded = try encode(some, as: problem.encoding, shape: [pool, format.blockSize]).bytes
      var bytes: [UInt8] = []
      bytes.reserveCapacity(problem.constantByteCount)
      while bytes.count < problem.constantByteCount {
        bytes += encoded.prefix(problem.constantByteCount - bytes.count)
      }
      return try Tensor(encoding: problem.encoding, shape: shape, bytes: bytes)
    case .sparse(let format):
      let sparse = try SparseWeights(format, shape: shape) { values(.float32, $0, &random) }
      return try sparse.tensor(&random)
    }
  }
}

/// Floats at an address that does not move, aligned to a cache line.
final class HostFloats {
  let address: UnsafeMutableRawPointer
  let values: UnsafeMutableBufferPointer<Float>

  init(count: Int) {
    address = UnsafeMutableRawPointer.allocate(byteCount: max(64, 4 * count), alignment: 64)
    values = UnsafeMutableBufferPointer(start: address.bindMemory(to: Float.self, capacity: count), count: count)
    values.initialize(repeating: 0)
  }

  convenience init(copyOf floats: HostFloats) {
    self.init(count: floats.values.count)
    _ = values.update(from: floats.values)
  }

  convenience init(_ floats: [Float]) {
    self.init(count: floats.count)
    _ = values.update(from: floats)
  }

  deinit { address.deallocate() }
}
