import HeddleGraph
import HeddleReference
import Testing

/// A graph over `x [n, 4]` of small whole numbers, and constants of such numbers: sums are exact, so two graphs of one
/// meaning agree in every bit.
struct PassDraft {
  let builder = GraphBuilder()
  let constants = ConstantStore()
  let x: Value
  private static let rows = 3

  init() throws { x = try builder.input("x", .float32, [builder.symbol("n", in: 1...9), 4]) }

  private func numbers(_ count: Int, _ seed: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7 + seed * 5) % 11 - 5) }
  }

  func constant(_ name: String, _ shape: [Int], _ encoding: Encoding) throws -> Value {
    let seed = name.utf8.reduce(0) { $0 + Int($1) }
    let values = numbers(shape.reduce(1, *), seed)
    if (try? constants.type(ConstantID(name))) == nil {
      try constants.add(ConstantID(name), Tensor(values, as: encoding, shape: shape))
    }
    return try builder.constant(ConstantID(name), in: constants)
  }

  /// A constant `[rows, 4]`.
  func weight(_ name: String, _ rows: Int, _ encoding: Encoding = .float32, columns: Int = 4) throws -> Value {
    try constant(name, [rows, columns], encoding)
  }

  func vector(_ name: String, _ count: Int) throws -> Value { try constant(name, [count], .float32) }

  func build(_ outputs: NameTable<Value>) throws -> Graph { try builder.build(outputs: outputs) }

  /// Two steps of both graphs give the same bits, states included.
  func expectSameMeaning(_ graph: Graph, _ rewritten: Graph, location: SourceLocation = #_sourceLocation) async throws {
    #expect(graph.inputs == rewritten.inputs && graph.states == rewritten.states, sourceLocation: location)
    #expect(graph.outputs.map(\.name) == rewritten.outputs.map(\.name), sourceLocation: location)
    let sessions = try await [graph, rewritten].asyncMap { graph in
      try await ReferenceBackend().compile(graph, constants: constants).makeSession([:])
    }
    for step in 0..<2 {
      let x = try Tensor(numbers(Self.rows * 4, step), shape: [Self.rows, 4])
      let results = try await sessions.asyncMap { try await $0.run(RunRequest(inputs: ["x": x])) }
      #expect(!results[0].isEmpty && results[0] == results[1], sourceLocation: location)
    }
  }
}

extension Array {
  fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await body(element)) }
    return results
  }
}

func count<Operation: GraphOperation>(_ graph: Graph, _: Operation.Type) -> Int {
  graph.nodes.count { $0.operation is Operation }
}

@Suite struct PassesCleaningTests {
  private let draft: PassDraft
  private var builder: GraphBuilder { draft.builder }

  init() throws { draft = try PassDraft() }

  @Test func `dead nodes go, the interface stays`() async throws {
    let unused = try builder.softmax(draft.x)
    _ = try builder.add(unused, unused)
    _ = try builder.state("s", .float32, [2, 4])
    let kept = try builder.multiply(draft.x, draft.weight("w", 1))
    let graph = try draft.build(["y": kept])
    let clean = graph.removingDeadCode()
    #expect(clean.nodes.map(\.operation.name) == ["input", "state", "constant", "binary"])
    #expect(clean.inputs == graph.inputs && clean.states == graph.states)
    #expect(clean.origins.map(\.line) == [0, 3, 4, 5].map { graph.origins[$0].line })
    #expect(clean.removingDeadCode() == clean)
    try await draft.expectSameMeaning(graph, clean)
  }

  @Test func `what only a state's next value needs stays`() async throws {
    let state = try builder.state("s", .float32, [8, 4])
    let tall = try builder.slice(draft.weight("w", 6), axis: 0, start: 1, count: 2)
    try builder.update(state: "s", to: builder.writeRows(tall, to: state, at: 2))
    let graph = try draft.build(["y": builder.add(draft.x, draft.x)])
    #expect(graph.removingDeadCode() == graph)
    let other = try draft.build(["y": draft.x, "s": state])
    try await draft.expectSameMeaning(other, other.removingDeadCode())
  }

  @Test func `equal operations on equal operands are one`() async throws {
    let one = try builder.add(draft.x, draft.weight("w", 1))
    let two = try builder.add(draft.x, draft.weight("w", 1))
    let three = try builder.multiply(builder.softmax(one), builder.softmax(two))
    let graph = try draft.build(["y": three, "two": two, "one": one])
    let merged = graph.mergingCommonSubexpressions()
    #expect(merged.nodes.map(\.operation.name) == ["input", "constant", "binary", "softmax", "binary"])
    #expect(Set(merged.outputs.map(\.value)).count == 2)
    try await draft.expectSameMeaning(graph, merged)
  }

  @Test func `what differs in data, order or operands stays`() throws {
    let (w, v) = (try draft.weight("w", 1), try draft.weight("v", 1))
    let graph = try draft.build([
      "a": builder.add(draft.x, w), "b": builder.add(w, draft.x), "c": builder.multiply(draft.x, w),
      "d": builder.add(draft.x, v), "e": builder.slice(draft.x, axis: 1, start: 0, count: 2),
      "f": builder.slice(draft.x, axis: 1, start: 1, count: 2),
    ])
    #expect(graph.mergingCommonSubexpressions() == graph)
  }

  @Test func `two writes of rows are two`() async throws {
    let (one, two) = (try builder.state("one", .float32, [8, 4]), try builder.state("two", .float32, [8, 4]))
    let first = try builder.writeRows(draft.x, to: one, at: 1)
    let second = try builder.writeRows(draft.x, to: first, at: 1)
    let apart = try builder.writeRows(draft.x, to: one, at: 1)
    try builder.update(state: "one", to: second)
    try builder.update(state: "two", to: apart)
    let graph = try draft.build(["y": draft.x, "two": two])
    let merged = graph.mergingCommonSubexpressions()
    #expect(count(merged, WriteRows.self) == 3)
    try await draft.expectSameMeaning(graph, merged)
  }

  @Test func `results of a node with several are told apart`() throws {
    let pair = Custom(name: "pair", rule: .fixed([draft.x.type, draft.x.type]))
    let (one, two) = (try builder.custom(pair, [draft.x]), try builder.custom(pair, [draft.x]))
    let graph = try draft.build(["a": builder.add(one[0], two[1]), "b": builder.add(one[1], two[0])])
    let merged = graph.mergingCommonSubexpressions()
    #expect(count(merged, Custom.self) == 1)
    #expect(merged.nodes.suffix(2).map { $0.operands.map(\.result) } == [[0, 1], [1, 0]])
  }

  @Test func `passes that find nothing give their graph`() throws {
    let graph = try draft.build(["y": builder.softmax(draft.x)])
    for pass in [Graph.removingDeadCode, Graph.mergingCommonSubexpressions, Graph.fusingResidualAdds] {
      #expect(pass(graph)() == graph)
    }
    #expect(graph.mergingSharedInputMatMuls() == graph)
    #expect(try GraphBuilder().build(outputs: [:]).fused().nodes.isEmpty)
  }
}
