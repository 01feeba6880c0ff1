import Heddle
import TestSupport
import Testing

@testable import HeddleExecution
@testable import _KernelCases

/// Experts that stay where constants are until a run chooses them: the bits of experts that are all on the device, and no more of
/// them there than was said.
@Suite struct ResidentExpertsTests {
  static let weights: [Encoding] = [.float32, .bfloat16, .q4_1, .q6_k]
  private static let (experts, count, inputs) = (7, 2, 256)

  /// A layer of experts: a gated product or one with a bias, and one behind it.
  private struct Layer {
    let draft: CaseDraft
    let graph: Graph
    let outputs: Int

    init(_ encoding: Encoding, outputs: Int = 32, bias: Bool = false, isOfLevels: Bool = false) throws {
      self.outputs = outputs
      let draft = CaseDraft(MatMulByExpert.self, "resident \(encoding) \(outputs) \(bias) \(isOfLevels)")
      self.draft = draft
      let builder = draft.builder
      let (experts, inputs) = (ResidentExpertsTests.experts, ResidentExpertsTests.inputs)
      let tokens = try builder.symbol("tokens", in: 0...8)
      let x = try builder.input("x", .float32, [tokens, Dimension(inputs)])
      let indices = try builder.input("indices", .int32, [tokens, Dimension(ResidentExpertsTests.count)])
      func weight(_ name: String, _ rows: Int, _ inputs: Int) throws -> Value {
        try draft.constant(name, draft.weights(encoding, [experts, rows, inputs]))
      }
      let taken = try isOfLevels ? builder.quantizeActivations(x) : x
      let hidden: Value
      if bias {
        let rows = try draft.constant("bias", draft.units([experts, outputs]))
        hidden = try builder.matmulByExpert(taken, weight("only", outputs, inputs), indices: indices, bias: rows)
      } else {
        let gate = try builder.matmulByExpert(taken, weight("gate", outputs, inputs), indices: indices)
        let up = try builder.matmulByExpert(taken, weight("up", outputs, inputs), indices: indices)
        hidden = try builder.multiply(builder.unary(.silu, gate), up)
      }
      // Whole blocks again.
      let wide = try builder.concatenate(
        Array(repeating: hidden, count: inputs / outputs + 1), axis: 2)
      let sliced = try builder.slice(wide, axis: 2, start: 0, count: Dimension(inputs))
      let y = try builder.matmulByExpert(sliced, weight("down", 48, inputs), indices: indices)
      graph = try builder.build(outputs: ["hidden": hidden, "y": y])
    }

    func request(_ indices: [Int32]) throws -> RunRequest {
      let tokens = indices.count / ResidentExpertsTests.count
      return RunRequest(inputs: [
        "x": try Tensor.counting([tokens, ResidentExpertsTests.inputs]),
        "indices": try Tensor(indices, shape: [tokens, ResidentExpertsTests.count]),
      ])
    }

    /// With so many experts on the device.
    func resident(_ count: Int) throws -> Graph {
      let memory = ExpertMemory(graph)
      let rest = Double(memory.byteCount) * Double(count) / Double(ResidentExpertsTests.experts)
      var budget = Int(rest)
      // Rows are filled up to 16.
      while true {
        let graph = try #require(memory.graph(within: budget))
        if graph.residentExperts == [count] || count == ResidentExpertsTests.experts { return graph }
        budget += 64
      }
    }
  }

  private func bits(_ outputs: NameTable<Tensor>) throws -> [[UInt32]] {
    try ["hidden", "y"].map { try #require(outputs[$0]).floats().map(\.bitPattern) }
  }

  /// Steps whose tokens choose at most two, then at most four experts, some none.
  private static let steps: [[Int32]] = [
    [0, 1], [1, 2, 2, 1], [5, 6], [], [6, -1], [-1, -1], [3, 7], [4, 3, 3, 4], [0, 5], [100, -9],
  ]

  @Test(arguments: TestDevices.distinct, weights)
  func `any number of experts on the device gives the same bits`(device: Device, encoding: Encoding) async throws {
    for form in 0..<4 {
      if form == 3, encoding.values.levels == nil { continue }
      let layer = try Layer(encoding, outputs: form == 1 ? 24 : 32, bias: form == 2, isOfLevels: form == 3)
      let backend = try TestBackends.backend(device)
      for shape in KernelShape.allCases {
        for taping in [Taping.never, .always] {
          var options = PlanOptions()
          options.shape = shape
          options.taping = taping
          let whole = try await backend.compile(layer.graph, constants: layer.draft.constants, options: options)
            .makeSession([:])
          #expect(whole.expertStatistics == nil)
          let expected = try await run(whole, layer)
          for count in [2, 3, 5] {
            let graph = try layer.resident(count)
            let session = try await backend.compile(graph, constants: layer.draft.constants, options: options)
              .makeSession([:])
            let got = try await run(session, layer)
            #expect(got == expected, "form \(form), \(shape), \(taping), \(count) experts")
            #expect(try #require(session.expertStatistics).misses > 0)
          }
        }
      }
    }
  }

  private func run(_ session: any Session, _ layer: Layer) async throws -> [[[UInt32]]] {
    var results: [[[UInt32]]] = []
    for indices in Self.steps { results.append(try bits(await session.run(layer.request(indices)))) }
    results.append(try bits(await session.profile(layer.request([1, 0, 0, 1])).outputs))
    return results
  }

  @Test func `the expert that was used longest ago makes room, and is counted`() async throws {
    let layer = try Layer(.q4_1)
    let backend = try TestBackends.backend(TestDevices.distinct[0])
    let session = try await backend.compile(try layer.resident(3), constants: layer.draft.constants).makeSession([:])
    func statistics() throws -> [Int] {
      let now = try #require(session.expertStatistics)
      return [now.hits, now.misses]
    }
    for (indices, expected) in [
      ([0, 1], [0, 2]), ([2, 0], [1, 3]), ([3, 0], [2, 4]), ([2, 2], [3, 4]), ([1, 1], [3, 5]), ([0, 2], [4, 6]),
      ([2, 0], [6, 6]), ([3, 3], [6, 7]), ([-1, -1], [6, 7]),
    ] as [([Int32], [Int])] {
      _ = try await session.run(layer.request(indices))
      #expect(try statistics() == expected, "\(indices)")
    }
    let now = try #require(session.expertStatistics)
    #expect(now.hitRate == 6.0 / 13)
    // A third of seven experts.
    let memory = ExpertMemory(layer.graph)
    #expect(now.fetchedByteCount == 7 * memory.byteCount / Self.experts)
    #expect(now.residentByteCount == 3 * memory.byteCount / Self.experts)
  }

  @Test func `more experts than may be there are a typed error, and the session goes on`() async throws {
    let layer = try Layer(.float32)
    let backend = try TestBackends.backend(TestDevices.distinct[0])
    let graph = try layer.resident(3)
    #expect(graph.mostTokensOfResidentExperts == 1)
    let session = try await backend.compile(graph, constants: layer.draft.constants).makeSession([:])
    await #expect(throws: ExecutionError.expertsExceeded(needed: 4, resident: 3)) {
      _ = try await session.run(layer.request([0, 1, 2, 3]))
    }
    #expect(session.isUsable)
    let whole = try await backend.compile(layer.graph, constants: layer.draft.constants).makeSession([:])
    let expected = try bits(await whole.run(layer.request([3, 1])))
    #expect(try bits(await session.run(layer.request([3, 1]))) == expected)
  }

  @Test func `sessions have experts of their own, released with them`() async throws {
    let layer = try Layer(.q4_1)
    let backend = try backend(TestDevices.distinct[0])
    let executable = try await backend.compile(layer.resident(2), constants: layer.draft.constants)
    let before = backend.deviceByteCount
    let memory = ExpertMemory(layer.graph)
    do {
      let first = try executable.makeSession([:])
      let pools = 2 * memory.byteCount / Self.experts
      #expect(backend.deviceByteCount >= before + pools && backend.deviceByteCount < before + memory.byteCount)
      let second = try executable.makeSession([:])
      let expected = try bits(await first.run(layer.request([0, 1])))
      for indices in [[2, 3], [4, 5]] as [[Int32]] { _ = try await second.run(layer.request(indices)) }
      #expect(try bits(await first.run(layer.request([0, 1]))) == expected)
      #expect(try #require(first.expertStatistics).hits == 2)
    }
    for _ in 0..<600 where backend.deviceByteCount > before { try? await Task.sleep(for: .milliseconds(50)) }
    #expect(backend.deviceByteCount == before)
  }

  /// A constant whose bytes cannot be had while it is told so.
  private final class Broken: ConstantProvider, @unchecked Sendable {
    struct Failure: Error {}
    let tensor: Tensor
    var isBroken = false
    init(_ tensor: Tensor) { self.tensor = tensor }
    var byteCount: Int { tensor.bytes.count }
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
      try tensor.withBytes(body)
    }
    func withBytes<Result>(in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
      if isBroken { throw Failure() }
      return try tensor.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
  }

  @Test func `an expert that cannot be read is the error, and is fetched again`() async throws {
    let draft = CaseDraft(MatMulByExpert.self, "broken")
    let provider = Broken(try draft.weights(.float32, [Self.experts, 16, 8]))
    let store = ConstantStore()
    try store.add("w", encoding: .float32, shape: [Self.experts, 16, 8], provider: provider)
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [1, 8])
    let indices = try builder.input("indices", .int32, [1, 2])
    func graph(_ resident: Int?) throws -> Graph {
      try builder.build(outputs: [
        "y": builder.matmulByExpert(x, builder.constant("w", in: store), indices: indices, resident: resident)
      ]).removingDeadCode()
    }
    let backend = try TestBackends.backend(TestDevices.distinct[0])
    func request(_ first: Int32, _ second: Int32) throws -> RunRequest {
      RunRequest(inputs: ["x": try .counting([1, 8]), "indices": try Tensor([first, second], shape: [1, 2])])
    }
    let whole = try await backend.compile(graph(nil), constants: store).makeSession([:])
    let session = try await backend.compile(graph(2), constants: store).makeSession([:])
    let before = try await session.run(request(0, 1))["y"]
    #expect(before == (try await whole.run(request(0, 1))["y"]))
    provider.isBroken = true
    await #expect(throws: Broken.Failure.self) { _ = try await session.run(request(1, 4)) }
    #expect(session.isUsable)
    provider.isBroken = false
    for (first, second) in [(1, 4), (0, 1), (4, 6)] as [(Int32, Int32)] {
      let (expected, got) = (try await whole.run(request(first, second)), try await session.run(request(first, second)))
      #expect(got["y"] == expected["y"])
    }
    await #expect(throws: ExecutionError.deadlineExceeded) {
      _ = try await session.run(request(2, 3), within: .zero)
    }
    #expect(try await session.run(request(2, 3))["y"] == (try await whole.run(request(2, 3))["y"]))
  }

  @Test func `a budget is shared out, and one too small for a token gives no graph`() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [3, 32])
    var y = x
    let store = ConstantStore()
    for layer in 0..<3 {
      let indices = try builder.input("indices\(layer)", .int32, [3, 2])
      try store.add(ConstantID("w\(layer)"), Tensor([Float](repeating: 0, count: 8 * 32 * 32), shape: [8, 32, 32]))
      let parts = try builder.matmulByExpert(y, builder.constant(ConstantID("w\(layer)"), in: store), indices: indices)
      y = try builder.reshape(builder.slice(parts, axis: 1, start: 0, count: 1), to: [3, 32])
    }
    let graph = try builder.build(outputs: ["y": y])
    let memory = ExpertMemory(graph)
    let expert = 32 * 32 * 4
    #expect(memory.byteCount == 24 * expert && memory.leastByteCount == 6 * expert)
    #expect(memory.graph(within: 6 * expert - 1) == nil)
    #expect(memory.graph(within: 24 * expert) == graph && graph.mostTokensOfResidentExperts == nil)
    for (budget, resident) in [(6, [2, 2, 2]), (7, [3, 2, 2]), (14, [5, 5, 4]), (23, [8, 8, 7])] {
      let limited = try #require(memory.graph(within: budget * expert + expert - 1))
      #expect(limited.nodes.compactMap { ($0.operation as? MatMulByExpert).map { $0.resident ?? 8 } } == resident)
      #expect(limited.mostTokensOfResidentExperts == resident[2] / 2)
    }
    #expect(throws: GraphError.self) {
      let few = GraphBuilder()
      let x = try few.input("x", .float32, [3, 32])
      _ = try few.matmulByExpert(
        x, few.constant("w0", in: store), indices: few.input("indices", .int32, [3, 2]), resident: 1)
    }
  }
}

extension Graph {
  /// Of all products by expert, each number once.
  fileprivate var residentExperts: Set<Int> { Set(nodes.compactMap { ($0.operation as? MatMulByExpert)?.resident }) }
}
