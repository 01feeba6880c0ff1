import HeddleGraph
import HeddleReference
import Testing
import _KernelCases

/// The oracle against literal numbers, computed by hand or with NumPy in float64.
@Suite struct ReferenceTests {
  private func floats(_ values: [Float], _ shape: [Int]) throws -> Tensor { try Tensor(values, shape: shape) }
  private func run(_ operation: any GraphOperation, _ operands: Tensor...) throws -> Tensor {
    try #require(try ReferenceBackend().evaluate(operation, operands).first)
  }

  @Test(arguments: OperationSamples.all.flatMap(\.literals))
  func `what is computed by hand`(literal: OperationSamples.Literal) throws {
    #expect(try ReferenceBackend().evaluate(literal.operation, literal.operands) == literal.results)
  }

  @Test func `range`() throws {
    #expect(try run(IndexRange(start: 5, count: 3)).integers() == [5, 6, 7])
    #expect(try run(IndexRange(start: 5, count: 0)).shape == [0])
  }

  @Test func `convert`() throws {
    let x = try Tensor(encoding: .bfloat16, shape: [2], bytes: [0x80, 0x3F, 0x20, 0xC0])
    #expect(try run(Encode(encoding: .float32), x).floats() == [1, -2.5])
  }

  @Test func `prune`() throws {
    // Sums down the rows are 1, 4, 6 and 0.5: the second and third place of both rows are kept.
    let x = try floats([1, -3, 2, 0.5, 0, 1, -4, .nan], [2, 4])
    func bytes(_ name: String, _ x: Tensor) throws -> [UInt8] {
      try run(Encode(encoding: .sparse(#require(SparseFormat(name: name)))), x).bytes
    }
    func padded(_ values: [UInt8], _ count: Int = 64) -> [UInt8] {
      values + [UInt8](repeating: 0, count: count - values.count)
    }
    #expect(try bytes("vw2:4-f16", x) == padded([0, 0xC2, 0, 0x40, 0, 0x3C, 0, 0xC4]) + [1, 2])
    // Scales 3/127 and 4/127: levels −127 and 84.67, 31.75 and −127.
    let scales = [Float(3) / 127, 4 / 127].flatMap { scale in
      (0..<4).map { UInt8(truncatingIfNeeded: scale.bitPattern >> (8 * $0)) }
    }
    #expect(try bytes("vw2:4-int8", x) == padded([0x81, 85, 32, 0x81]) + padded([1, 2]) + scales)
    // Scales 0.375 and 0.5: levels ⌊0.5⌋ and ⌊13.83⌋, ⌊10.5⌋ and ⌊0.5⌋.
    #expect(try bytes("nvw2:4-int4", x) == padded([0, 0x36, 0x0D, 0, 0, 0x38, 0xA0, 0]) + [2, 1])
    // The greater of two blocks in one row: fifteen rows of it are past the end.
    let row = try floats((0..<32).map { $0 == 20 ? -2 : 0.0625 }, [1, 32])
    let kept: [UInt8] = (16..<32).flatMap { $0 == 20 ? [0x00, 0xC0] : [0x80, 0x3D] }
    #expect(try bytes("block16@50-bf16", row) == padded(kept, 512) + [0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0])
  }

  @Test func `pruning nothing keeps what stands beside the values`() throws {
    func bytes(_ name: String, _ shape: [Int]) throws -> [UInt8] {
      try run(Encode(encoding: .sparse(#require(SparseFormat(name: name)))), floats([], shape)).bytes
    }
    #expect(try bytes("block16@50-f16", [0, 32]) == [0, 0, 0, 0])
    #expect(try bytes("2:4-int8", [3, 0]) == [UInt8](repeating: 0, count: 12))
    #expect(try bytes("2:4-int8", [0, 32]) == [])
  }

  @Test func `embedding lookup`() throws {
    let table = try floats([1, 2, 3, 4, 5, 6], [3, 2])
    let y = try run(
      EmbeddingLookup(), table, Tensor([2 as Int32, 0, -1, 3, 2], shape: [5]))
    #expect(y.shape == [5, 2])
    let values = try y.floats()
    #expect(values[0..<4] == [5, 6, 1, 2])
    #expect(values[4..<8].allSatisfy { $0.isNaN })
    #expect(values[8...] == [5, 6])
  }

  @Test func `RMS norm`() throws {
    let weight = try floats([1, 2], [2])
    let norm = RMSNorm(epsilon: 0.5)
    #expect(
      try run(norm, floats([3, 4, 1, -1], [2, 2]), weight).floats() == [
        0.8320503, 2.2188008, 0.8164966, -1.632993221282959,
      ])
    #expect(try run(norm, floats([0, -0.0], [1, 2]), weight).floats() == [0, 0])
    #expect(try run(norm, floats([1e20, -1e20], [1, 2]), weight).floats() == [0, 0])
    #expect(try run(norm, floats([1e19, 1e19], [1, 2]), weight).floats() == [1, 2])
    let infinite = try run(norm, floats([.infinity, 1], [1, 2]), weight).floats()
    #expect(infinite[0].isNaN && infinite[1] == 0)
    #expect(try run(norm, floats([.nan, 1], [1, 2]), weight).floats().allSatisfy { $0.isNaN })
  }

  @Test func `matmul`() throws {
    let x = try floats([1, 2, 3, 4, 5, 6], [2, 3])
    let w = try floats([1, 0, -1, 2, 1, 0.5], [2, 3])
    #expect(try run(MatMul(), x, w).floats() == [-2, 5.5, -2, 16])
    let straight = try floats([1, 2, 0, 1, -1, 0.5], [3, 2])
    #expect(try run(MatMul(rightIsTransposed: false), x, straight).floats() == [-2, 5.5, -2, 16])
    #expect(
      try run(MatMul(epilogue: .init(residual: true)), x, w, floats([10, 20, 30, 40], [2, 2])).floats() == [
        8, 25.5, 28, 56,
      ])
    // 2²⁴ + 1 is not a float32: the sum is rounded before the residual is added.
    let ones = try floats([1, 1], [1, 2])
    let big = try floats([16_777_216, 1], [1, 2])
    #expect(
      try run(MatMul(epilogue: .init(residual: true)), ones, big, floats([1], [1, 1])).floats() == [16_777_216]
    )
  }

  @Test func `matmul of batches and of nothing`() throws {
    let x = try floats([1, 2, 3, 4], [2, 1, 2])
    let w = try floats([1, 1, 1, -1], [1, 2, 2])
    let y = try run(MatMul(), x, w)
    #expect(y.shape == [2, 1, 2])
    #expect(try y.floats() == [3, -1, 7, -1])
    let none = try run(MatMul(), floats([], [2, 0]), floats([], [3, 0]))
    #expect(try none.floats() == [0, 0, 0, 0, 0, 0])
    #expect(try run(MatMul(), floats([], [0, 2]), floats([1, 2], [1, 2])).shape == [0, 1])
  }

  @Test(arguments: [
    (
      RotaryEmbedding.Pairing.interleaved,
      [-8.058907508850098, -6.93209981918335, 7.404558181762695, 11.232653617858887] as [Float]
    ),
    (.halves, [-8.200027465820312, 6.415787220001221, -7.922092437744141, 11.083215713500977]),
  ])
  func `rotary embedding`(pairing: RotaryEmbedding.Pairing, turned: [Float]) throws {
    let x = try floats((1...12).map(Float.init), [2, 1, 6])
    let y = try run(
      RotaryEmbedding(base: 100, rotatedDimensions: 4, pairing: pairing), x,
      Tensor([0 as Int32, 3], shape: [2]), floats([1, 2], [2]))
    #expect(try y.floats() == [1, 2, 3, 4, 5, 6] + turned + [11, 12])
  }

  @Test func `rows are written`() throws {
    let cache = try floats([1, 2, 3, 4, 5, 6], [3, 2])
    #expect(
      try run(WriteRows(position: 1), cache, floats([7, 8], [1, 2])).floats() == [1, 2, 7, 8, 5, 6])
    #expect(try run(WriteRows(position: 3), cache, floats([], [0, 2])) == cache)
    #expect(throws: ExecutionError.self) { try run(WriteRows(position: 3), cache, floats([7, 8], [1, 2])) }
    #expect(throws: ExecutionError.self) {
      try run(WriteRows(position: Dimension(.max)), cache, floats([7, 8], [1, 2]))
    }
  }

  @Test func `causal attention`() throws {
    let q = try floats([1, 0, 0, 1, 1, 1, -1, 2], [2, 2, 2])
    let k = try floats([1, 2, 0, 1, 3, -1, .nan, .nan], [4, 1, 2])
    let v = try floats([1, 10, 2, 20, 4, 40, .nan, .nan], [4, 1, 2])
    #expect(
      try run(Attention(scale: 0.5, past: 1), q, k, v).floats() == [
        1.3775407, 13.775407, 1.3775407, 13.775407, 2.1079113, 21.079113, 1.4071016, 14.071016,
      ])
    #expect(throws: ExecutionError.self) {
      try run(Attention(scale: 0.5, past: 3), q, k, v)
    }
  }

  @Test func `functions of one value`() throws {
    func values(_ function: Unary.Function, _ x: [Float]) throws -> [Float] {
      try run(Unary(function: function), floats(x, [x.count])).floats()
    }
    // By hand: Φ(1) = 0.84134475, Φ(−2) = 0.02275013, tanh(√(2/π) · 1.044715) = 0.68238399.
    #expect(try values(.gelu, [1, -2, 0]) == [0.841344746069, -0.0455002638964, 0])
    #expect(try values(.geluTanh, [1, 0]) == [0.841191990607, 0])
    #expect(try values(.silu, [1, -1]) == [0.73105857863, -0.26894142137])
    #expect(try values(.relu, [1.5, -1.5]) == [1.5, 0])
    #expect(try values(.sigmoid, [0, 1]) == [0.5, 0.73105857863])
    #expect(try values(.tanh, [0.5]) == [0.46211715726])
    #expect(try values(.exp, [1, -.infinity]) == [2.71828182846, 0])
    #expect(try values(.sqrt, [2, 0]) == [1.41421356237, 0])
    #expect(try values(.negate, [2, -0.5]) == [-2, 0.5])
    #expect(try values(.sqrt, [-1])[0].isNaN)
    for function in Unary.Function.allCases { #expect(try values(function, [.nan])[0].isNaN, "\(function)") }
    for function in Activation.allCases.map(Unary.Function.init) {
      let ends = try values(function, [.infinity, -.infinity, -1e30, -0.0])
      #expect(ends == [.infinity, 0, 0, 0], "\(function)")
      #expect(ends[3].sign == .minus, "\(function)")
    }
    #expect(try values(.silu, [-.infinity])[0].sign == .minus)
    #expect(try values(.geluTanh, [-.infinity])[0].sign == .minus)
    #expect(try values(.gelu, [-.infinity])[0].sign == .plus)
  }

  @Test func `a product's epilogue`() throws {
    // Sums 3 and −5, and with the second half as up 2 and 4.
    let (x, w) = (try floats([1, 2], [1, 2]), try floats([1, 1, 1, -3, 2, 0, 0, 2], [4, 2]))
    func y(_ epilogue: MatMul.Epilogue, _ operands: Tensor...) throws -> [Float] {
      try ReferenceBackend().evaluate(MatMul(epilogue: epilogue), [x, w] + operands)[0].floats()
    }
    let bias = try floats([1, 2, 10, 20], [4])
    #expect(try y(.init(bias: true), bias) == [4, -3, 12, 24])
    #expect(try y(.init(bias: true, activation: .relu), bias) == [4, 0, 12, 24])
    #expect(try y(.init(isGated: true)) == [6, -20])
    #expect(try y(.init(activation: .relu, isGated: true)) == [6, 0])
    let residual = try floats([100, 200], [1, 2])
    #expect(try y(.init(bias: true, isGated: true, residual: true), bias, residual) == [148, 128])
    #expect(try y(.init(activation: .silu, residual: true), floats([0.5, 0, 0, 0], [1, 4]))[0] == 3.35772238)
  }

  @Test func `elementwise`() throws {
    let (left, right) = (try floats([1, 2], [2, 1]), try floats([10, 20, 30], [3]))
    let sum = try run(Binary(function: .add), left, right)
    #expect(sum.shape == [2, 3])
    #expect(try sum.floats() == [11, 21, 31, 12, 22, 32])
    #expect(
      try run(Binary(function: .multiply), left, right).floats() == [10, 20, 30, 20, 40, 60])
  }

  @Test func `softmax`() throws {
    let y = try run(Softmax(), floats([1, 2, 3, 0, 0, 0], [2, 3])).floats()
    #expect(y == [0.09003057, 0.24472848, 0.66524094, 0.33333334, 0.33333334, 0.33333334])
    let edges = try run(Softmax(), floats([-.infinity, 0, -.infinity, -.infinity, .nan, 0], [3, 2])).floats()
    #expect(edges[0...1] == [0, 1])
    #expect(edges[2...].allSatisfy { $0.isNaN })
  }

  @Test func `argmax`() throws {
    let x = try floats([1, 3, 3, 0, .nan, .nan, -.infinity, -.infinity, -.infinity, -0.0, 0, -1], [4, 3])
    #expect(try run(ArgMax(), x).integers() == [1, -2, 0, 0])
    #expect(try run(ArgMax(), floats([.nan, 9, .infinity], [3])).integers() == [-1])
    #expect(try run(ArgMax(), floats([4], [1])).shape == [])
  }

  @Test func `layout`() throws {
    let x = try Tensor((0..<6).map { Int32($0) }, shape: [2, 3])
    let turned = try run(Transpose(permutation: [1, 0]), x)
    #expect(turned.shape == [3, 2])
    #expect(try turned.integers() == [0, 3, 1, 4, 2, 5])
    #expect(try run(Reshape(shape: [3, 2]), x).integers() == [0, 1, 2, 3, 4, 5])
    #expect(try run(Slice(axis: 1, start: 1, count: 2), x).integers() == [1, 2, 4, 5])
    #expect(try run(Slice(axis: 0, start: 1, count: 1), x).integers() == [3, 4, 5])
    #expect(try run(Slice(axis: 1, start: 3, count: 0), x).shape == [2, 0])
    let columns = try run(Concatenate(axis: 1), x, Tensor([8 as Int32, 9], shape: [2, 1]))
    #expect(try columns.integers() == [0, 1, 2, 8, 3, 4, 5, 9])
    let cube = try Tensor((0..<12).map { Float($0) }, shape: [2, 3, 2])
    #expect(
      try run(Transpose(permutation: [2, 0, 1]), cube).floats() == [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
  }

  @Test func `blocks are concatenated whole`() throws {
    let one = try Tensor((0..<64).map { Float($0) }, as: .q4_1, shape: [2, 32])
    let two = try Tensor((0..<32).map { Float(-$0) }, as: .q4_1, shape: [1, 32])
    let y = try run(Concatenate(axis: 0), one, two)
    #expect(y.shape == [3, 32])
    #expect(y.bytes == one.bytes + two.bytes)
  }

  @Test func `evaluating outside a run refuses what it cannot check`() throws {
    let x = try floats([1], [1])
    #expect(throws: InferenceError.self) { try run(Softmax()) }
    #expect(throws: InferenceError.self) { try run(Softmax(), Tensor([1 as Int32], shape: [1])) }
    #expect(throws: (any Error).self) { try run(IndexRange(start: Dimension("n"), count: 1)) }
    #expect(throws: ExecutionError.self) { try run(Input(name: "x", type: TensorType(.float32, [1]))) }
    #expect(throws: ExecutionError.self) { try run(Custom(name: "c", rule: .sameAs(operand: 0)), x) }
    #expect(throws: ExecutionError.self) { try run(IndexRange(start: 0, count: Dimension(1 << 31 - 1))) }
  }

  @Test func `empty tensors of absurd shapes`() throws {
    let x = try floats([], [0, 1 << 40, 1 << 20])
    #expect(try run(Transpose(permutation: [0, 2, 1]), x).shape == [0, 1 << 20, 1 << 40])
    #expect(try run(Softmax(), x).shape == x.shape)
    #expect(try run(Concatenate(axis: 0), x, x).shape == x.shape)
    #expect(try run(Binary(function: .add), x, x).shape == x.shape)
  }
}
