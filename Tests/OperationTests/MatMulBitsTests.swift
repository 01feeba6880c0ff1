import Heddle
import TestSupport
import Testing
@testable import _KernelCases

/// A row's bits do not depend on its company, nor on the tile: what lets prompts be cut into chunks and tuners choose.
@Suite struct MatMulBitsTests {
  static let products: [(activations: Encoding, weights: Encoding)] = [
    (.float32, .float32), (.float32, .float16), (.float32, .bfloat16), (.bfloat16, .bfloat16),
    (.float32, .q4_1),
  ]

  @Test(arguments: TestDevices.distinct, products)
  func `a row alone, in a batch and in any tile has the same bits`(
    device: Device, product: (activations: Encoding, weights: Encoding)
  ) async throws {
    // Odd, and more than one chunk, where blocks allow it.
    let inputs = product.weights.blockSize == 1 ? 287 : 160
    _ = try await rowsAlone(
      device, product.activations, product.weights, inputs: inputs,
      counts: Array(1...17) + [31, 32, 33, 48, 63, 64, 95, 96, 97])
  }

  /// Weights of one kind of pattern each, and how many of their places are used.
  static let sparse: [(weights: String, kept: Dimension?)] = [
    ("2:4-int4", nil), ("vw11:32-f32", nil), ("nvw12:16-bf16", 7), ("block32@75-int8", nil),
  ]

  /// All kernels of a sparse product, of either shape, give the same bits.
  @Test(arguments: TestDevices.distinct, sparse)
  func `a row of a sparse product has the same bits in any kernel`(
    device: Device, product: (weights: String, kept: Dimension?)
  ) async throws {
    let weights = try #require(Encoding(name: product.weights))
    let alone = try await rowsAlone(
      device, .float32, weights, kept: product.kept, inputs: 160, counts: [1, 2, 3, 4, 5, 8, 11, 16, 17, 37, 97])
    #expect(alone.count == 2 && Set(alone.values).count == 1)
  }

  /// What each row of a batch of 97 gives by itself, in kernels of each shape, if batches of `counts` rows give the same in
  /// every candidate.
  private func rowsAlone(
    _ device: Device, _ activations: Encoding, _ weights: Encoding, kept: Dimension? = nil, inputs: Int, counts: [Int]
  ) async throws -> [KernelShape: [[UInt32]]] {
    let backend = try TestBackends.backend(device)
    let (rows, outputs) = (97, 65)
    let draft = CaseDraft(MatMul.self, "bits \(activations) \(weights)")
    let x = try draft.units([rows, inputs])
    let weight = try Tensor(draft.random.units(outputs * inputs), as: weights, shape: [outputs, inputs])
    let tokens = try draft.builder.symbol("tokens", in: 0...rows)
    let operands = [
      try draft.builder.input("x", activations, [tokens, Dimension(inputs)]), try draft.constant("w", weight),
    ]
    let y = try draft.builder.apply(MatMul(kept: kept), operands)[0]
    let graph = try draft.builder.build(outputs: ["y": y])

    var alone: [KernelShape: [[UInt32]]] = [:]
    for variant in try backend.planner.variants(of: graph) {
      let session = try await backend.compile(graph, constants: draft.constants, options: variant.options)
        .makeSession([:])
      func run(_ range: Range<Int>) async throws -> [UInt32] {
        let values = Array(try x.floats()[range.lowerBound * inputs..<range.upperBound * inputs])
        let request = RunRequest(inputs: ["x": try Tensor(values, as: activations, shape: [range.count, inputs])])
        return try await session.run(request)["y"]?.floats().map(\.bitPattern) ?? []
      }
      let shape = try #require(variant.options.shape)
      if alone[shape] == nil {
        var single: [[UInt32]] = []
        for row in 0..<rows { single.append(try await run(row..<row + 1)) }
        alone[shape] = single
      }
      let expected = try #require(alone[shape])
      for count in counts {
        let first = (rows - count) / 2
        let bits = try await run(first..<first + count)
        #expect(bits == Array(expected[first..<first + count].joined()), "\(count) rows, \(variant.options)")
      }
    }
    return alone
  }
}
