import HeddleGraph
import Testing
import _KernelCases

@Suite struct InferenceTests {
  @Test(arguments: (OperationSamples.all + [OperationSamples.others]).flatMap(\.accepted))
  func `result types`(sample: OperationSamples.Accepted) throws {
    let operands = try Operands(sample.operands, of: sample.operation, ranges: OperationSamples.ranges)
    #expect(try sample.operation.inferResults(operands) == sample.results)
  }

  @Test func `an operand that is not there`() throws {
    #expect(throws: InferenceError.operandCount(expected: ["x"], got: 0)) {
      try Operands([], of: Softmax(), ranges: [:])
    }
    let none = try Operands([], of: IndexRange(start: 0, count: 1), ranges: [:])
    #expect(throws: InferenceError.operandCount(expected: ["x"], got: 0)) { try none.float32("x") }
  }

  @Test func `a rotation of less than nothing has no frequencies`() {
    for count in [0, 1, -1, -4, Int.min] {
      #expect(RotaryEmbedding(base: 10, rotatedDimensions: count, pairing: .halves).frequencies.isEmpty)
    }
  }

  @Test(arguments: (OperationSamples.all + [OperationSamples.others]).flatMap(\.refused))
  func `wrong operands`(sample: OperationSamples.Refused) {
    #expect(throws: InferenceError.self) {
      let operands = try Operands(sample.operands, of: sample.operation, ranges: OperationSamples.ranges)
      return try sample.operation.inferResults(operands)
    }
  }

  @Test func `an error names the caller's line and both shapes`() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [2, 48])
    let w = try builder.input("w", .float32, [7, 49])
    let error = #expect(throws: GraphError.self) { try builder.matmul(x, w, label: "blk.3.attn_q") }
    let line = #line - 1
    let text = "\(try #require(error))"
    #expect(text.contains("\(#fileID):\(line)"), "\(text)")
    for part in ["matmul", "blk.3.attn_q", "f32[2, 48]", "f32[7, 49]", "48", "49"] {
      #expect(text.contains(part), "\(text)")
    }
  }

  @Test func `a builder refuses what it did not make, and names used twice`() throws {
    let (one, other) = (GraphBuilder(), GraphBuilder())
    let x = try one.input("x", .float32, [2])
    #expect(throws: GraphError.self) { try other.softmax(x) }
    #expect(throws: GraphError.self) { try other.build(outputs: ["y": x]) }
    #expect(throws: GraphError.self) { try other.update(state: "s", to: x) }
    _ = try one.symbol("n", in: 0...3)
    #expect(throws: GraphError.duplicateName("n")) { try one.symbol("n", in: 0...3) }
    #expect(throws: GraphError.self) { try one.symbol("k", in: -1...3) }
    #expect(throws: GraphError.self) { try one.constant("w", in: ConstantStore()) }
    #expect(throws: GraphError.self) { try one.input("y", .float32, [Dimension("undeclared")]) }
    #expect(throws: GraphError.self) { try one.input("y", .float32, [Dimension(-1)]) }
    _ = try one.input("x", .float32, [2])
    #expect(throws: GraphError.duplicateName("x")) { try one.build(outputs: [:]) }
  }

  @Test func `a value has not more axes than planning has time for`() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [1])
    #expect(try builder.reshape(x, to: Array(repeating: 1, count: Graph.maximumRank)).type.rank == 64)
    for rank in [65, 100_000] {
      #expect(throws: GraphError.self) { try builder.reshape(x, to: Array(repeating: 1, count: rank)) }
    }
  }

  @Test func `state updates are checked`() throws {
    func graph(_ name: String, _ extent: Dimension, twice: Bool = false) throws -> Graph {
      let builder = GraphBuilder()
      _ = try builder.state("s", .float32, [4])
      let x = try builder.input("x", .float32, [extent])
      try builder.update(state: name, to: x)
      if twice { try builder.update(state: name, to: x) }
      return try builder.build(outputs: [:])
    }
    #expect(throws: Never.self) { try graph("s", 4) }
    #expect(throws: GraphError.unknownState("t")) { try graph("t", 4) }
    #expect(throws: GraphError.self) { try graph("s", 5) }
    #expect(throws: GraphError.duplicateName("s")) { try graph("s", 4, twice: true) }
  }
}
