import Heddle
import TestSupport
import Testing

/// One copy of a nested weight serves every sparsity: how much of it is used is a number of the run.
@Suite struct NestedTests {
  @Test(arguments: TestDevices.all, ["nvw6:8-f32", "nvw6:8-int4"])
  func `what is kept changes from run to run, and nothing is built or allocated`(
    device: Device, name: String
  ) async throws {
    let (rows, inputs) = (40, 24)
    let constants = ConstantStore()
    let numbers = try Tensor.counting([rows, inputs]).floats()
    try constants.add("w", Tensor(numbers, as: #require(Encoding(name: name)), shape: [rows, inputs]))
    let builder = GraphBuilder()
    let tokens = try builder.symbol("tokens", in: 1...20)
    let kept = try builder.symbol("kept", in: 0...6)
    let x = try builder.input("x", .float32, [tokens, Dimension(inputs)])
    let y = try builder.apply(MatMul(kept: kept), [x, builder.constant("w", in: constants)])[0]
    let graph = try builder.build(outputs: ["y": y])

    let backend = try backend(device)
    let session = try await backend.compile(graph, constants: constants).makeSession([:])
    let oracle = try await ReferenceBackend().compile(graph, constants: constants).makeSession([:])
    // Room for what comes.
    _ = try await session.run(
      RunRequest(inputs: ["x": .counting([20, inputs], from: 2)], bindings: ["kept": 6]))
    let (allocations, builds) = (backend.allocationCount, backend.buildCount)
    var results: Set<[Float]> = []
    for tokens in [1, 3, 20] {
      for kept in [6, 0, 1, 5, 2, 6] {
        // Whole numbers: sums are exact in any order.
        let request = RunRequest(inputs: ["x": try .counting([tokens, inputs], from: 2)], bindings: ["kept": kept])
        let got = try #require(try await session.run(request)["y"])
        if name.hasSuffix("f32") {
          #expect(try await oracle.run(request)["y"] == got, "\(tokens) tokens, \(kept) kept")
        } else {
          let expected = try #require(try await oracle.run(request)["y"]).floats()
          #expect(try zip(got.floats(), expected).allSatisfy { abs($0 - $1) <= 1e-4 }, "\(tokens) tokens, \(kept) kept")
        }
        results.insert(try got.floats())
      }
    }
    #expect(results.count == 3 * 5)
    #expect(backend.allocationCount == allocations)
    #expect(backend.buildCount == builds)
    let tooMany = RunRequest(inputs: ["x": try .counting([1, inputs])], bindings: ["kept": 7])
    await #expect(throws: ExecutionError.self) { try await session.run(tooMany) }
  }
}
