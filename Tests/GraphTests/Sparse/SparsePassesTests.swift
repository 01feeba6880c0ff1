import HeddleGraph
import Testing

/// Rows that share a pattern stay together: what may be joined, merged and gated.
@Suite struct SparsePassesTests {
  private let draft: PassDraft
  private var builder: GraphBuilder { draft.builder }

  init() throws { draft = try PassDraft() }

  private static func encoding(_ name: String) throws -> Encoding {
    .sparse(try #require(SparseFormat(name: name)))
  }

  private func types(_ name: String, _ rows: [Dimension]) throws -> [TensorType] {
    try rows.map { TensorType(try Self.encoding(name), [$0, 64]) }
  }

  private func infer(_ operation: any GraphOperation, _ types: [TensorType]) throws -> [TensorType] {
    try operation.inferResults(Operands(types, of: operation, ranges: ["n": 0...64]))
  }

  @Test(
    arguments: [
      ("2:4-int4", [1, 7, 5]), ("2:4-f32", [0, 3]), ("vw16:32-int8", [32, 64, 5]), ("nvw16:32-f32", [64, 0, 1]),
      ("vw16:32-int8", [7]), ("vw1:1-f32", [0, 33]),
    ] as [(String, [Dimension])])
  func `rows that can be joined`(name: String, rows: [Dimension]) throws {
    let sum = rows.reduce(0, +)
    #expect(try infer(Concatenate(axis: 0), types(name, rows)) == types(name, [sum]))
  }

  @Test(
    arguments: [
      ("vw16:32-int8", [31, 32]), ("nvw16:32-f32", [32, 16, 32]), ("vw16:32-f32", [Dimension("n"), 32]),
      ("block16@50-f32", [16, 16]), ("block64@0-int8", [64, 64]), ("block32@100-f32", [32]),
    ] as [(String, [Dimension])])
  func `rows that cannot be joined`(name: String, rows: [Dimension]) throws {
    let error = try #require(throws: InferenceError.self) {
      try infer(Concatenate(axis: 0), types(name, rows))
    }
    guard case .type = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test func `only rows of one format are joined, and nothing else is cut or moved`() throws {
    let one = try types("2:4-f32", [8])[0]
    for (operation, types) in [
      (Concatenate(axis: 1), [one, one]),
      (Concatenate(axis: 0), [one, try types("2:4-f16", [8])[0]]),
      (Concatenate(axis: 0), [one, TensorType(one.encoding, [8, 32])]),
      (Slice(axis: 0, start: 0, count: 4), [one]), (Slice(axis: 1, start: 0, count: 32), [one]),
      (Reshape(shape: [4, 128]), [one]), (Transpose(permutation: [1, 0]), [one]),
      (Unary(function: .relu), [one]),
    ] as [(any GraphOperation, [TensorType])] {
      #expect(throws: InferenceError.self, "\(operation)") { try infer(operation, types) }
    }
  }

  @Test func `products that a sparse weight cannot have`() throws {
    func f(_ shape: Dimension...) -> TensorType { TensorType(.float32, shape) }
    let w = try Self.encoding("2:4-f32")
    let nested = TensorType(try Self.encoding("nvw16:32-f32"), [8, 64])
    let weight = TensorType(w, [8, 64])
    for (matmul, types) in [
      (MatMul(), [f(2, 32), weight]), (MatMul(rightIsTransposed: false), [f(2, 8), weight]),
      (MatMul(), [f(2, 64), TensorType(w, [3, 8, 64])]), (MatMul(), [TensorType(.bfloat16, [2, 64]), weight]),
      (MatMul(), [weight, weight]), (MatMul(kept: 1), [f(2, 64), weight]),
      (MatMul(kept: 17), [f(2, 64), nested]), (MatMul(kept: Dimension("n")), [f(2, 64), nested]),
      (MatMul(kept: -1), [f(2, 64), nested]),
      (MatMul(epilogue: .init(isGated: true)), [f(2, 64), TensorType(w, [7, 64])]),
    ] as [(MatMul, [TensorType])] {
      #expect(throws: InferenceError.self, "\(matmul) \(types)") { try infer(matmul, types) }
    }
    #expect(try infer(MatMul(kept: 16), [f(2, 64), nested]) == [f(2, 8)])
    #expect(try infer(MatMul(kept: 0), [f(2, 64), nested]) == [f(2, 8)])
  }

  @Test func `vector-wise products of one input are merged if their weights are whole groups`() async throws {
    let encoding = try Self.encoding("vw2:4-int8")
    let graph = try draft.build([
      "a": builder.matmul(draft.x, draft.weight("a", 32, encoding)),
      "b": builder.matmul(draft.x, draft.weight("b", 64, encoding)),
      "c": builder.matmul(draft.x, draft.weight("c", 7, encoding)),
    ])
    let merged = graph.mergingSharedInputMatMuls()
    #expect(count(merged, MatMul.self) == 1 && count(merged, Concatenate.self) == 1 && count(merged, Slice.self) == 3)
    try await draft.expectSameMeaning(graph, merged)
  }

  @Test(arguments: ["vw2:4-f32", "nvw2:4-int4"]) func `rows that are no whole group stay apart`(name: String) throws {
    let encoding = try Self.encoding(name)
    let graph = try draft.build([
      "a": builder.matmul(draft.x, draft.weight("a", 31, encoding)),
      "b": builder.matmul(draft.x, draft.weight("b", 32, encoding)),
    ])
    #expect(graph.mergingSharedInputMatMuls() == graph)
  }

  @Test func `blocks stay apart`() throws {
    let type = TensorType(try Self.encoding("block16@50-f32"), [32, 16])
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [3, 16])
    let outputs = try ["a", "b"].map { name in
      (name, try builder.matmul(x, builder.apply(Constant(id: ConstantID(name), type: type))[0]))
    }
    let graph = try builder.build(outputs: NameTable(outputs))
    #expect(graph.mergingSharedInputMatMuls() == graph)
  }

  @Test func `nested products are merged if they keep as much`() async throws {
    let encoding = try Self.encoding("nvw3:4-f32")
    func product(_ name: String, _ kept: Dimension?) throws -> Value {
      try builder.apply(MatMul(kept: kept), [draft.x, draft.weight(name, 32, encoding)])[0]
    }
    let graph = try draft.build([
      "a": product("a", 2), "b": product("b", 2), "c": product("c", 1), "d": product("d", nil), "e": product("e", nil),
    ])
    let merged = graph.mergingSharedInputMatMuls()
    let kept = merged.nodes.compactMap { node -> Dimension?? in
      if let matmul = node.operation as? MatMul { matmul.kept } else { nil }
    }
    #expect(kept.count == 3 && Set(kept) == [2, 1, nil])
    try await draft.expectSameMeaning(graph, merged)
  }

  @Test(arguments: [
    ("vw2:4-f32", 32, true), ("nvw2:4-int8", 64, true), ("vw2:4-f32", 16, false), ("vw2:4-f32", 48, false),
  ])
  func `gate and up become one product if they are whole groups`(name: String, outputs: Int, isFused: Bool) async throws
  {
    let encoding = try Self.encoding(name)
    let gate = try builder.matmul(draft.x, draft.weight("gate", outputs, encoding))
    let up = try builder.matmul(draft.x, draft.weight("up", outputs, encoding))
    let graph = try draft.build(["y": builder.multiply(builder.unary(.silu, gate), up)])
    let fused = graph.mergingSharedInputMatMuls().fusingGatedMatMuls()
    #expect(count(fused, Unary.self) == (isFused ? 0 : 1) && count(fused, MatMul.self) == (isFused ? 1 : 2))
    try await draft.expectSameMeaning(graph, fused)
    // One weight of both: the halves of a product are whole groups or they are not.
    let both = try builder.matmul(draft.x, draft.weight("both", 2 * outputs, encoding))
    let halves = try (0..<2).map { half in
      try builder.slice(both, axis: 1, start: Dimension(half * outputs), count: Dimension(outputs))
    }
    let whole = try draft.build(["y": builder.multiply(builder.unary(.silu, halves[0]), halves[1])]).removingDeadCode()
    #expect(count(whole.fusingGatedMatMuls(), Unary.self) == (isFused ? 0 : 1))
    try await draft.expectSameMeaning(whole, whole.fusingGatedMatMuls())
  }
}
