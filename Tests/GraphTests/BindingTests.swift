import HeddleGraph
import Testing

@Suite struct BindingTests {
  private let graph: Graph

  init() throws {
    let builder = GraphBuilder()
    let tokens = try builder.symbol("tokens", in: 0...8)
    let past = try builder.symbol("past", in: 0...Int.max)
    let capacity = try builder.symbol("capacity", in: 1...32)
    let x = try builder.input("x", .float32, [tokens, 2])
    let z = try builder.input("z", .float32, [tokens, 2 * tokens])
    let cache = try builder.state("cache", .float32, [capacity, 2])
    let next = try builder.writeRows(x, to: cache, at: past, label: "grow")
    graph = try builder.build(outputs: ["next": next, "z": z])
  }

  private func request(_ x: [Int], _ z: [Int], _ bindings: Bindings) throws -> RunRequest {
    RunRequest(
      inputs: [
        "x": try Tensor(Array(repeating: 0 as Float, count: x.reduce(1, *)), shape: x),
        "z": try Tensor(Array(repeating: 0 as Float, count: z.reduce(1, *)), shape: z),
      ], bindings: bindings)
  }

  @Test func `symbols follow from inputs, bindings and the session`() throws {
    let bindings = try graph.resolveBindings(request([3, 2], [3, 6], ["past": 1]), fixed: ["capacity": 4])
    #expect(bindings == ["tokens": 3, "past": 1, "capacity": 4])
    #expect(try graph.resolveBindings(request([0, 2], [0, 0], ["past": 4, "capacity": 4]))["tokens"] == 0)
  }

  @Test func `what is wrong is said`() throws {
    let fixed: Bindings = ["capacity": 4]
    func error(_ request: RunRequest, _ fixed: Bindings) -> ExecutionError? {
      #expect(throws: ExecutionError.self) { try graph.resolveBindings(request, fixed: fixed) }
    }
    var missing = try request([1, 2], [1, 2], ["past": 0])
    missing.inputs["x"] = nil
    #expect(error(missing, fixed) == .missingInput("x", TensorType(.float32, [Dimension("tokens" as Symbol), 2])))
    var unknown = try request([1, 2], [1, 2], ["past": 0])
    unknown.inputs["y"] = unknown.inputs["x"]
    #expect(error(unknown, fixed) == .unknownInput("y", known: ["x", "z"]))
    var wrong = try request([1, 2], [1, 2], ["past": 0])
    wrong.inputs["x"] = try Tensor([1 as Int32, 2], shape: [1, 2])
    guard case .inputType("x", _, _) = error(wrong, fixed) else { throw Unexpected() }
    wrong.inputs["x"] = try Tensor([1 as Float, 2], shape: [2])
    guard case .inputType("x", _, _) = error(wrong, fixed) else { throw Unexpected() }
    guard case .inputType("z", _, _) = try error(request([2, 2], [2, 5], ["past": 0]), fixed) else {
      throw Unexpected()
    }
    #expect(
      try error(request([1, 2], [2, 4], ["past": 0]), fixed) == .conflictingBinding("tokens", 1, 2, input: "z"))
    #expect(
      try error(request([1, 2], [1, 2], ["past": 0, "tokens": 3]), fixed)
        == .conflictingBinding("tokens", 3, 1, input: "x"))
    #expect(
      try error(request([1, 2], [1, 2], ["past": 0, "capacity": 5]), fixed)
        == .sessionBinding("capacity", session: 4, run: 5))
    guard case .unknownSymbol("rows", _) = try error(request([1, 2], [1, 2], ["rows": 0]), fixed) else {
      throw Unexpected()
    }
    #expect(try error(request([1, 2], [1, 2], [:]), fixed) == .binding(.unboundSymbol("past")))
    #expect(
      try error(request([9, 2], [9, 18], ["past": 0]), fixed)
        == .binding(.outOfRange("tokens", value: 9, range: 0...8)))
    guard case .capacityExceeded(let name, 5, 4) = try error(request([2, 2], [2, 4], ["past": 3]), fixed) else {
      throw Unexpected()
    }
    #expect(name.contains("grow"))
    guard case .capacityExceeded(_, .max, 4) = try error(request([2, 2], [2, 4], ["past": .max]), fixed) else {
      throw Unexpected()
    }
  }

  private struct Unexpected: Error {}
}
