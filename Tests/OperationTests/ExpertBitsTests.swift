import Heddle
import TestSupport
import Testing
@testable import _KernelCases

/// A row by its expert has the bits of the dense product with that expert's weights, in any tile and batch.
@Suite struct ExpertBitsTests {
  static let weights: [Encoding] = [.float32, .bfloat16, .q4_1, .q6_k, .mxfp4]

  private static let (tokens, count, experts, outputs) = (41, 2, 5, 48)

  @Test(arguments: TestDevices.distinct, weights)
  func `a row has the bits of the dense product with its expert's weights`(
    device: Device, encoding: Encoding
  ) async throws {
    try await compare(device, encoding, isOfLevels: false)
    if encoding.values.levels != nil { try await compare(device, encoding, isOfLevels: true) }
  }

  private func compare(_ device: Device, _ encoding: Encoding, isOfLevels: Bool) async throws {
    let inputs = encoding.blockSize == 1 ? 287 : max(160, encoding.blockSize)
    let draft = CaseDraft(MatMulByExpert.self, "bits \(encoding) \(isOfLevels)")
    let x = try draft.units([Self.tokens, inputs])
    let w = try draft.weights(encoding, [Self.experts, Self.outputs, inputs])
    let chosen = (0..<Self.tokens * Self.count).map { _ in draft.random.integer(0...Self.experts - 1) }
    let dense = try await denseRows(device, draft, x, w, isOfLevels)

    let rows = try draft.builder.symbol("tokens", in: 0...Self.tokens)
    let input = try draft.builder.input("x", .float32, [rows, Dimension(inputs)])
    let indices = try draft.builder.input("indices", .int32, [rows, Dimension(Self.count)])
    let y = try draft.builder.matmulByExpert(
      isOfLevels ? draft.builder.quantizeActivations(input) : input, draft.constant("w", w), indices: indices)
    let graph = try draft.builder.build(outputs: ["y": y])
    let backend = try TestBackends.backend(device)
    var shapes: Set<KernelShape> = []
    for variant in try backend.planner.variants(of: graph) {
      let shape = try #require(variant.options.shape)
      shapes.insert(shape)
      let session = try await backend.compile(graph, constants: draft.constants, options: variant.options)
        .makeSession([:])
      for taken in [0..<1, 3..<5, 5..<18, 0..<Self.tokens] {
        let pairs = taken.lowerBound * Self.count..<taken.upperBound * Self.count
        let request = RunRequest(inputs: [
          "x": try Tensor(
            Array(x.floats()[taken.lowerBound * inputs..<taken.upperBound * inputs]), shape: [taken.count, inputs]),
          "indices": try draft.integers(Array(chosen[pairs]), [taken.count, Self.count]),
        ])
        let bits = try await session.run(request)["y"]?.floats().map(\.bitPattern)
        let expected = pairs.flatMap { dense[shape]?[chosen[$0]][$0 / Self.count] ?? [] }
        #expect(bits == expected, "\(taken), \(variant.options)")
      }
    }
    #expect(shapes.count == dense.count)
  }

  @Test(arguments: TestDevices.distinct, weights)
  func `gate and up in one product have the bits of products of each`(device: Device, encoding: Encoding) async throws {
    let inputs = encoding.blockSize == 1 ? 61 : max(160, encoding.blockSize)
    let draft = CaseDraft(MatMulByExpert.self, "gated \(encoding)")
    let builder = draft.builder
    let x = try draft.input("x", draft.units([Self.tokens, inputs]))
    let chosen = (0..<Self.tokens * Self.count).map { _ in draft.random.integer(0...Self.experts - 1) }
    let indices = try draft.input("indices", draft.integers(chosen, [Self.tokens, Self.count]))
    let weights = try ["gate", "up"].map { name in
      try draft.constant(name, draft.weights(encoding, [Self.experts, Self.outputs, inputs]))
    }
    let gate = try builder.matmulByExpert(x, weights[0], indices: indices)
    let up = try builder.matmulByExpert(x, weights[1], indices: indices)
    let graph = try builder.build(outputs: ["y": builder.multiply(builder.unary(.silu, gate), up)])
    #expect(graph.fused().nodes.contains { ($0.operation as? MatMulByExpert)?.isGated == true })
    let backend = try TestBackends.backend(device)
    for shape in KernelShape.allCases {
      var results: [[UInt32]?] = []
      for runsPasses in [false, true] {
        var options = PlanOptions()
        options.shape = shape
        options.runsPasses = runsPasses
        let session = try await backend.compile(graph, constants: draft.constants, options: options).makeSession([:])
        results.append(try await session.run(RunRequest(inputs: draft.inputs))["y"]?.floats().map(\.bitPattern))
      }
      #expect(results[0] != nil && results[0] == results[1], "\(shape)")
    }
  }

  /// What dense products give: of each shape, expert and token.
  private func denseRows(
    _ device: Device, _ draft: CaseDraft, _ x: Tensor, _ w: Tensor, _ isOfLevels: Bool
  ) async throws -> [KernelShape: [[[UInt32]]]] {
    let backend = try TestBackends.backend(device)
    var results: [KernelShape: [[[UInt32]]]] = [:]
    let size = w.bytes.count / Self.experts
    for expert in 0..<Self.experts {
      let own = CaseDraft(MatMul.self, "expert \(expert)")
      let weight = try Tensor(
        encoding: w.encoding, shape: Array(w.shape.dropFirst()),
        bytes: Array(w.bytes[expert * size..<(expert + 1) * size]))
      let input = try own.input("x", x)
      let y = try own.builder.matmul(
        isOfLevels ? own.builder.quantizeActivations(input) : input, own.constant("w", weight))
      let graph = try own.builder.build(outputs: ["y": y])
      for variant in try backend.planner.variants(of: graph) {
        guard let shape = variant.options.shape, results[shape]?.count ?? 0 == expert else { continue }
        let session = try await backend.compile(graph, constants: own.constants, options: variant.options)
          .makeSession([:])
        let bits = try await session.run(RunRequest(inputs: ["x": x]))["y"]?.floats().map(\.bitPattern) ?? []
        results[shape, default: []].append(
          stride(from: 0, to: bits.count, by: Self.outputs).map { Array(bits[$0..<$0 + Self.outputs]) })
      }
    }
    return results
  }
}
