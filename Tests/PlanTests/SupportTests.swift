import HeddlePlanning
import Testing

/// `supports` must say what planning does, for every operation and encoding.
@Suite struct SupportTests {
  private struct Use {
    var operation: Operation
    var operands: [TensorType]
    /// Operands that are weights, which support takes to be constants.
    var constants: Set<Int> = []
  }

  private static let encodings: [Encoding] = Encoding.weights + [.int32]

  private static func uses() -> [Use] {
    let n = Dimension("n" as Symbol)
    func f32(_ shape: Dimension...) -> TensorType { TensorType(.float32, shape) }
    var uses: [Use] = []
    for encoding in encodings {
      func type(_ shape: Dimension...) -> TensorType { TensorType(encoding, shape) }
      for width in [0, 1, 32, 33, 64] as [Dimension] {
        for matmul in [MatMul(), MatMul(rightIsTransposed: false), MatMul(epilogue: .init(residual: true))] {
          var x = [f32(3, width), matmul.rightIsTransposed ? type(8, width) : type(width, 8)]
          if matmul.epilogue.residual { x.append(f32(3, 8)) }
          uses.append(Use(operation: .matmul(matmul), operands: x, constants: [1]))
        }
        uses.append(Use(operation: .matmul(MatMul()), operands: [f32(2, n, width), type(8, width)], constants: [1]))
        uses.append(Use(operation: .matmul(MatMul()), operands: [f32(2, n, width), type(2, 8, width)]))
        uses.append(
          Use(
            operation: .embeddingLookup(EmbeddingLookup()), operands: [type(5, width), TensorType(.int32, [n])],
            constants: [0]))
        for target in [Encoding.float32, .float16, .bfloat16] {
          uses.append(Use(operation: .convert(Convert(encoding: target)), operands: [type(3, width)], constants: [0]))
        }
        for name in ["2:4-f16", "vw16:32-int8", "block16@50-int4"] {
          guard let format = SparseFormat(name: name) else { continue }
          uses.append(Use(operation: .prune(Prune(format: format)), operands: [type(3, width)]))
        }
        uses.append(
          Use(
            operation: .matmul(MatMul()), operands: [TensorType(.bfloat16, [n, width]), type(8, width)], constants: [1])
        )
        uses.append(Use(operation: .matmul(MatMul()), operands: [type(n, width), type(8, width)]))
      }
      // Weights with symbols are no constants.
      uses.append(Use(operation: .matmul(MatMul()), operands: [f32(3, n), type(8, n)]))
      uses.append(Use(operation: .matmul(MatMul()), operands: [f32(3, 32), type(n, 32)]))
      uses.append(
        Use(operation: .embeddingLookup(EmbeddingLookup()), operands: [type(n, 32), TensorType(.int32, [2])]))
      uses.append(Use(operation: .convert(Convert(encoding: .float32)), operands: [type(n, 32)]))
      for operation: Operation in [
        .rmsNorm(RMSNorm(epsilon: 0)), .gatedSiLU(GatedSiLU()), .elementwise(Elementwise(function: .add)),
        .elementwise(Elementwise(function: .multiply)), .append(Append(position: 1)),
        .concatenate(Concatenate(axis: 0)), .concatenate(Concatenate(axis: 1)),
      ] {
        uses.append(Use(operation: operation, operands: [type(3, 32), type(3, 32)]))
        uses.append(Use(operation: operation, operands: [type(n, 32), type(32)]))
      }
      for operation: Operation in [
        .unary(Unary(function: .gelu)), .softmax(Softmax()), .argmax(ArgMax()), .reshape(Reshape(shape: [32, n])),
        .transpose(Transpose(permutation: [1, 0])), .slice(Slice(axis: 1, start: 2, count: 3)),
        .custom(Custom(name: "known", rule: .sameAs(operand: 0))),
        .custom(Custom(name: "big", rule: .sameAs(operand: 0))),
        .custom(Custom(name: "unknown", rule: .sameAs(operand: 0))),
      ] {
        uses.append(Use(operation: operation, operands: [type(n, 32)]))
      }
      for dimension in [0, 1, 16, 1024, 1025] as [Dimension] {
        let operands = [type(2, 4, dimension), type(8, 2, dimension), type(8, 2, dimension)]
        uses.append(Use(operation: .causalAttention(CausalAttention(scale: 1, past: 2)), operands: operands))
        let rotary = RotaryEmbedding(base: 1e4, rotatedDimensions: 16, pairing: .halves)
        uses.append(
          Use(operation: .rotaryEmbedding(rotary), operands: [type(2, 4, dimension), TensorType(.int32, [2])]))
      }
    }
    uses.append(Use(operation: .range(IndexRange(start: 0, count: 8)), operands: []))
    return uses
  }

  /// Whether a graph of just this use can be planned; nil if it cannot be built.
  private func plans(_ use: Use, _ planner: Planner) throws -> Bool {
    let builder = GraphBuilder()
    let operands: [Value]
    let results: [Value]
    do {
      _ = try builder.symbol("n", in: 0...64)
      operands = try use.operands.enumerated().map { index, type in
        if use.constants.contains(index) {
          return try builder.apply(.constant(Constant(id: ConstantID("c\(index)"), type: type)))[0]
        }
        return try builder.input("x\(index)", type.encoding, type.shape)
      }
      results = try builder.apply(use.operation, operands)
    } catch {
      return false
    }
    let graph = try builder.build(outputs: ["y": results[0]])
    return (try? planner.plan(graph)) != nil
  }

  @Test(arguments: [TargetProfile.floor, DecoderGraph.cpu]) func `support says what planning does`(
    target: TargetProfile
  ) throws {
    let kernels = [
      "known": CustomKernel(source: "", entry: "k") { _, _, _ in .init(global: [1], local: [1]) },
      "big": CustomKernel(source: "", entry: "k") { _, _, _ in .init(global: [999], local: [999]) },
    ]
    let planner = Planner(target: target, customKernels: kernels)
    var (yes, no) = (0, 0)
    for use in Self.uses() {
      let support = planner.support(use.operation, operands: use.operands)
      let planned = try plans(use, planner)
      #expect(support.isSupported == planned, "\(use.operation) of \(use.operands): \(support)")
      if planned { yes += 1 } else { no += 1 }
      if case .unsupported(let reason) = support { #expect(!reason.isEmpty) }
    }
    #expect(yes > 100 && no > 100)
  }
}
