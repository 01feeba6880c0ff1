import Heddle
import TestSupport
import Testing
@testable import _KernelCases

/// A row's bits do not depend on its company, nor on the tile: what lets prompts be cut into chunks and tuners choose.
@Suite struct MatMulBitsTests {
  static let products: [(activations: Encoding, weights: Encoding)] = [
    (.float32, .float32), (.float32, .float16), (.float32, .bfloat16), (.bfloat16, .bfloat16),
    (.float32, .blocks(.q4_1)),
  ]

  @Test(arguments: TestDevices.all, products)
  func `a row alone, in a batch and in any tile has the same bits`(
    device: Device, product: (activations: Encoding, weights: Encoding)
  ) async throws {
    let backend = try TestBackends.backend(device)
    // Odd, and more than one chunk, where blocks allow it.
    let (rows, inputs, outputs) = (97, product.weights.blockSize == 1 ? 287 : 160, 65)
    let draft = CaseDraft("MatMul", .matmul, "bits \(product)")
    let x = try draft.units([rows, inputs])
    let weight = try encode(draft.random.units(outputs * inputs), as: product.weights, shape: [outputs, inputs])
    let tokens = try draft.builder.symbol("tokens", in: 0...rows)
    let y = try draft.builder.matmul(
      draft.builder.input("x", product.activations, [tokens, Dimension(inputs)]), draft.constant("w", weight))
    let graph = try draft.builder.build(outputs: ["y": y])

    var alone: [KernelShape: [[UInt32]]] = [:]
    for variant in try backend.planner.variants(of: graph) {
      let session = try await backend.compile(graph, constants: draft.constants, options: variant.options)
        .makeSession([:])
      func run(_ range: Range<Int>) async throws -> [UInt32] {
        let values = Array(try x.floats()[range.lowerBound * inputs..<range.upperBound * inputs])
        let request = RunRequest(inputs: [
          "x": try encode(values, as: product.activations, shape: [range.count, inputs])
        ])
        return try await session.run(request)["y"]?.floats().map(\.bitPattern) ?? []
      }
      let shape = try #require(variant.options.shape)
      if alone[shape] == nil {
        var single: [[UInt32]] = []
        for row in 0..<rows { single.append(try await run(row..<row + 1)) }
        alone[shape] = single
      }
      let expected = try #require(alone[shape])
      for count in Array(1...17) + [31, 32, 33, 48, 63, 64, 95, 96, 97] {
        let first = (rows - count) / 2
        let bits = try await run(first..<first + count)
        #expect(bits == Array(expected[first..<first + count].joined()), "\(count) rows, \(variant.options)")
      }
    }
  }
}
