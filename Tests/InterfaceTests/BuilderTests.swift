import CHeddle
import Foundation
import HeddleGraph
import Synchronization
import Testing

@Suite struct BuilderTests {
  /// Adds an operation with one result.
  private func apply(
    _ builder: heddle_builder, _ operation: String, _ operands: [heddle_value] = [], label: String? = nil
  ) throws -> heddle_value {
    try made(0 as heddle_value) {
      heddle_builder_apply(builder, operation, operands, operands.count, label, $0, 1, nil)
    }
  }

  private func graph(_ handle: heddle_graph) throws -> Graph {
    try Graph(json: Data(text { heddle_graph_json(handle, $0, $1, $2) }.utf8))
  }

  private static let input = #"{"input": {"name": "x", "type": {"encoding": "f32", "shape": ["tokens", 32]}}}"#

  @Test func `a graph built by hand is the one that Swift builds`() throws {
    let weights = [Float](repeating: 1, count: 64)
    let store = ConstantStore()
    try store.add("w", Tensor(weights, shape: [2, 32]))
    let swift = GraphBuilder()
    let tokens = try swift.symbol("tokens", in: 1...8)
    let x = try swift.input("x", .float32, [tokens, 32])
    let y = try swift.matmul(x, swift.constant("w", in: store))
    let cache = try swift.state("cache", .float32, [16, 2])
    let next = try swift.writeRows(y, to: cache, at: 0)
    let twin = try swift.custom(
      Custom(name: "twin", rule: .fixed([TensorType(.float32, [1]), TensorType(.int32, [tokens * 2 - 1])])), [y])
    try swift.update(state: "cache", to: next)

    let constants = try made { heddle_constants_create($0) }
    try succeed { heddle_constants_add(constants, "w", "f32", [2, 32], 2, weights, 256, nil, nil) }
    let builder = try made { heddle_builder_create($0) }
    try succeed { heddle_builder_symbol(builder, "tokens", 1, 8) }
    let cx = try apply(builder, Self.input)
    let cw = try made(0 as heddle_value) { heddle_builder_constant(builder, constants, "w", $0) }
    let cy = try apply(builder, #"{"matmul": {}}"#, [cx, cw], label: "product")
    let state = #"{"state": {"name": "cache", "type": {"encoding": "f32", "shape": [16, 2]}}}"#
    let ccache = try apply(builder, state)
    let cnext = try apply(builder, #"{"writeRows": {"position": 0}}"#, [ccache, cy])
    let rule = #"{"fixed": [{"encoding": "f32", "shape": [1]}, {"encoding": "i32", "shape": ["2*tokens - 1"]}]}"#
    // Of two results only as many are written as there is room for.
    var (results, count): ([heddle_value], Int) = ([7, 7, 7], 0)
    try succeed {
      heddle_builder_apply(
        builder, #"{"custom": {"name": "twin", "rule": \#(rule)}}"#, [cy], 1, nil, &results, 2, &count)
    }
    #expect(count == 2 && results[0] != 7 && results[1] != 7 && results[2] == 7)
    try succeed { heddle_builder_update(builder, "cache", cnext) }
    try succeed { heddle_builder_output(builder, "y", cy) }
    let first = try made { heddle_builder_build(builder, $0) }
    #expect(try graph(first) == swift.build(outputs: ["y": y]))
    #expect(try graph(first).origins.compactMap(\.label) == ["x", "w", "product", "cache"])
    #expect(try graph(first).origins.allSatisfy { $0.file == nil })
    // The builder goes on.
    try succeed { heddle_builder_output(builder, "twin", results[1]) }
    let second = try made { heddle_builder_build(builder, $0) }
    #expect(try graph(second) == swift.build(outputs: ["y": y, "twin": twin[1]]))
    for handle in [constants, builder, first, second] { try succeed { heddle_release(handle) } }
  }

  @Test func `an operation whose results nobody wants`() throws {
    let builder = try made { heddle_builder_create($0) }
    try succeed { heddle_builder_symbol(builder, "tokens", 0, .max) }
    let count = try made(-1) { heddle_builder_apply(builder, Self.input, nil, 0, nil, nil, 0, $0) }
    #expect(count == 1)
    let graph = try made { heddle_builder_build(builder, $0) }
    #expect(try self.graph(graph).nodes.count == 1)
    for handle in [builder, graph] { try succeed { heddle_release(handle) } }
  }

  @Test func `values of other builders and made-up ones`() throws {
    let builders = try (0..<2).map { _ in try made { heddle_builder_create($0) } }
    var values: [heddle_value] = []
    for builder in builders {
      try succeed { heddle_builder_symbol(builder, "tokens", 1, 8) }
      values.append(try apply(builder, Self.input))
    }
    func check(_ code: Int, _ part: String, _ value: heddle_value, sourceLocation: SourceLocation = #_sourceLocation) {
      var result: heddle_value = 7
      expect(code, part, sourceLocation: sourceLocation) {
        heddle_builder_apply(builders[0], #"{"softmax": {}}"#, [value], 1, nil, &result, 1, nil)
      }
      #expect(result == 7)
      expect(code, part, sourceLocation: sourceLocation) { heddle_builder_output(builders[0], "y", value) }
      expect(code, part, sourceLocation: sourceLocation) { heddle_builder_update(builders[0], "s", value) }
    }
    check(HEDDLE_INVALID_GRAPH, "another builder", values[1])
    check(HEDDLE_INVALID_ARGUMENT, "there is no value 1", values[0] + 1)
    check(HEDDLE_INVALID_ARGUMENT, "there is no value 1099511627775", values[0] | (1 << 40 - 1))
    for value in [0, 1, .max, builders[0]] as [heddle_value] {
      check(HEDDLE_INVALID_ARGUMENT, "\(value) is no value of a builder", value)
    }
    // A released builder's values stay strangers to the others.
    try succeed { heddle_release(builders[1]) }
    check(HEDDLE_INVALID_GRAPH, "another builder", values[1])
    let third = try made { heddle_builder_create($0) }
    expect(HEDDLE_INVALID_GRAPH, "another builder") { heddle_builder_output(third, "y", values[1]) }
    for handle in [builders[0], third] { try succeed { heddle_release(handle) } }
  }

  @Test func `what is wrong is said by the call that brought it, and changes nothing`() throws {
    let constants = try made { heddle_constants_create($0) }
    let builder = try made { heddle_builder_create($0) }
    try succeed { heddle_builder_symbol(builder, "tokens", 1, 8) }
    expect(HEDDLE_INVALID_GRAPH, "'tokens' is used twice") { heddle_builder_symbol(builder, "tokens", 1, 8) }
    for (low, high) in [(3, 2), (-1, 2), (.max, .min), (.min, .max)] as [(Int64, Int64)] {
      expect(HEDDLE_INVALID_ARGUMENT, "got \(low) to \(high)") { heddle_builder_symbol(builder, "n", low, high) }
    }
    expect(HEDDLE_NULL_ARGUMENT, "name") { heddle_builder_symbol(builder, nil, 0, 1) }
    let x = try apply(builder, Self.input)
    let state = try apply(builder, #"{"state": {"name": "s", "type": {"encoding": "f32", "shape": [4]}}}"#)
    func refuses(_ code: Int, _ part: String, _ operation: String?, _ operands: [heddle_value] = []) {
      var (result, count): (heddle_value, Int) = (7, 7)
      expect(code, part) {
        heddle_builder_apply(builder, operation, operands, operands.count, nil, &result, 1, &count)
      }
      #expect(result == 7 && count == 7)
    }
    refuses(HEDDLE_INVALID_GRAPH, "the name 'x' is used twice", Self.input)
    refuses(HEDDLE_INVALID_GRAPH, "takes 1 operands (x), got 2", #"{"softmax": {}}"#, [x, x])
    refuses(HEDDLE_INVALID_GRAPH, "there is no operation 'sofmax'", #"{"sofmax": {}}"#, [x])
    refuses(HEDDLE_INVALID_GRAPH, "matmul.w: there is no member 'w'", #"{"matmul": {"w": 1}}"#)
    refuses(
      HEDDLE_INVALID_GRAPH, "writeRows.position: 'a b' is no dimension: at character 3",
      #"{"writeRows": {"position": "a b"}}"#)
    refuses(HEDDLE_INVALID_GRAPH, "the symbol 'past' has no value", #"{"range": {"start": "past", "count": 1}}"#)
    refuses(HEDDLE_INVALID_GRAPH, "rmsNorm: there is no 'epsilon'", #"{"rmsNorm": {}}"#, [x, x])
    refuses(HEDDLE_INVALID_GRAPH, "", "{")
    refuses(HEDDLE_INVALID_GRAPH, "", "")
    refuses(HEDDLE_INVALID_GRAPH, "", String(repeating: "[", count: 100_000))
    refuses(HEDDLE_NULL_ARGUMENT, "operation", nil)
    expect(HEDDLE_INVALID_TEXT, "operation") { heddle_builder_apply(builder, [-1, 0], nil, 0, nil, nil, 0, nil) }
    expect(HEDDLE_INVALID_TEXT, "label") { heddle_builder_apply(builder, "{}", nil, 0, [-1, 0], nil, 0, nil) }
    expect(HEDDLE_NULL_ARGUMENT, "operands") { heddle_builder_apply(builder, "{}", nil, 1, nil, nil, 0, nil) }
    expect(HEDDLE_NULL_ARGUMENT, "results") { heddle_builder_apply(builder, Self.input, nil, 0, nil, nil, 1, nil) }
    for count in [-1, .max, 65_537] {
      expect(HEDDLE_INVALID_ARGUMENT, "operands") { heddle_builder_apply(builder, "{}", [x], count, nil, nil, 0, nil) }
    }
    expect(HEDDLE_INVALID_ARGUMENT, "capacity") { heddle_builder_apply(builder, "{}", nil, 0, nil, nil, -1, nil) }
    expect(HEDDLE_INVALID_GRAPH, "no constant 'w'") {
      var value: heddle_value = 0
      return heddle_builder_constant(builder, constants, "w", &value)
    }
    expect(HEDDLE_NULL_ARGUMENT, "value") { heddle_builder_constant(builder, constants, "w", nil) }
    expect(HEDDLE_WRONG_HANDLE, "heddle_builder") { heddle_builder_constant(builder, builder, "w", nil) }
    expect(HEDDLE_INVALID_GRAPH, "no state 't'") { heddle_builder_update(builder, "t", state) }
    expect(HEDDLE_INVALID_GRAPH, "'s' is f32[4], its update f32[tokens, 32]") { heddle_builder_update(builder, "s", x) }
    try succeed { heddle_builder_update(builder, "s", state) }
    expect(HEDDLE_INVALID_GRAPH, "'s' is used twice") { heddle_builder_update(builder, "s", state) }
    try succeed { heddle_builder_output(builder, "y", x) }
    expect(HEDDLE_INVALID_GRAPH, "'y' is used twice") { heddle_builder_output(builder, "y", state) }
    expect(HEDDLE_NULL_ARGUMENT, "name") { heddle_builder_output(builder, nil, x) }
    expect(HEDDLE_NULL_ARGUMENT, "graph") { heddle_builder_build(builder, nil) }
    expect(HEDDLE_NULL_ARGUMENT, "builder") { heddle_builder_create(nil) }
    expect(HEDDLE_WRONG_HANDLE, "heddle_constants") { heddle_builder_build(constants, nil) }

    let graph = try made { heddle_builder_build(builder, $0) }
    let built = try self.graph(graph)
    #expect(built.nodes.count == 2 && built.outputs.map(\.name) == ["y"] && built.symbols.count == 1)
    for handle in [constants, builder, graph] { try succeed { heddle_release(handle) } }
  }

  @Test func `one thread at a time builds, and nothing is lost`() throws {
    let builder = try made { heddle_builder_create($0) }
    let built = Atomic(0)
    let busy = Atomic(0)
    let other = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<200 {
        let operation = #"{"input": {"name": "\#(thread).\#(number)", "type": {"encoding": "f32", "shape": [1]}}}"#
        switch Int(heddle_builder_apply(builder, operation, nil, 0, nil, nil, 0, nil)) {
        case HEDDLE_OK: built.add(1, ordering: .relaxed)
        case HEDDLE_BUSY: busy.add(1, ordering: .relaxed)
        default: other.add(1, ordering: .relaxed)
        }
      }
    }
    #expect(other.load(ordering: .relaxed) == 0)
    #expect(built.load(ordering: .relaxed) + busy.load(ordering: .relaxed) == 1600)
    let graph = try made { heddle_builder_build(builder, $0) }
    #expect(try self.graph(graph).nodes.count == built.load(ordering: .relaxed))
    for handle in [builder, graph] { try succeed { heddle_release(handle) } }
  }
}

@Suite struct GraphJSONTests {
  @Test func `the same graph gives the same text`() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [builder.symbol("tokens", in: 1...8) * 2 - 1, 4])
    let source = try builder.build(outputs: ["y": builder.softmax(x)])
    let json = try source.json()
    let handle = try json.withUnsafeBytes { bytes in
      try made { heddle_graph_from_json(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, $0) }
    }
    let written = try text { heddle_graph_json(handle, $0, $1, $2) }
    #expect(written == String(decoding: json, as: UTF8.self))
    #expect(written.contains(#""2*tokens - 1""#))
    try succeed { heddle_release(handle) }
  }

  @Test(arguments: [
    ("", ""), ("{", ""), ("[]", ""), ("null", ""), ("{}", "there is no 'symbols'"),
    (#"{"symbols": [], "nodes": [], "outputs": [], "update": []}"#, "update: there is no member 'update' here"),
    (
      #"{"symbols": [], "nodes": [], "outputs": [{"name": "y", "value": {"node": 0, "result": 0}}]}"#,
      "the value %0 does not come first"
    ),
    (
      #"{"symbols": [], "outputs": [], "nodes": [{"operation": {"encode": {"encoding": "f8"}}}]}"#,
      "operation.encode.encoding: 'f8' is no encoding"
    ),
    (String(repeating: "[", count: 100_000), ""), (String(repeating: #"{"nodes":["#, count: 100_000), ""),
  ])
  func `JSON that is no graph`(json: String, part: String) {
    var graph: heddle_graph = 77
    expect(HEDDLE_INVALID_GRAPH, part) { heddle_graph_from_json(json, json.utf8.count, &graph) }
    #expect(graph == 77)
  }

  @Test func `wrong arguments`() {
    var graph: heddle_graph = 77
    expect(HEDDLE_NULL_ARGUMENT, "json") { heddle_graph_from_json(nil, 0, &graph) }
    expect(HEDDLE_INVALID_ARGUMENT, "length") { heddle_graph_from_json("{}", -1, &graph) }
    expect(HEDDLE_INVALID_TEXT, "json is not UTF-8") { heddle_graph_from_json([34, -1, 34], 3, &graph) }
    expect(HEDDLE_INVALID_GRAPH) { heddle_graph_from_json("{}", 1, &graph) }
    expect(HEDDLE_NULL_ARGUMENT, "graph") {
      let json = #"{"symbols": [], "nodes": [], "outputs": []}"#
      return heddle_graph_from_json(json, json.utf8.count, nil)
    }
    expect(HEDDLE_INVALID_HANDLE) { heddle_graph_json(0, nil, 0, nil) }
    #expect(graph == 77)
  }
}
