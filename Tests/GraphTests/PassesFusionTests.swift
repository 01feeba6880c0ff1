import HeddleGraph
import Testing

@Suite struct PassesFusionTests {
  private let draft: PassDraft
  private var builder: GraphBuilder { draft.builder }

  init() throws { draft = try PassDraft() }

  @Test func `views of views are followed, however many`() throws {
    let builder = GraphBuilder()
    let w = try builder.input("w", .float32, [2, 2])
    var x = try builder.input("x", .float32, [2, 2])
    for _ in 0..<250_000 { x = try builder.reshape(x, to: [2, 2]) }
    let graph = try builder.build(outputs: ["y": builder.add(builder.matmul(x, w), w)])
    #expect(count(graph.fusingResidualAdds(), Binary.self) == 0)
  }

  // Residual additions

  @Test(arguments: [true, false]) func `a product's only use in an addition is fused, on either side`(
    productFirst: Bool
  ) async throws {
    let product = try builder.matmul(draft.x, draft.weight("w", 4))
    let residual = try builder.multiply(draft.x, draft.x)
    let sum = try productFirst ? builder.add(product, residual) : builder.add(residual, product)
    let graph = try draft.build(["y": builder.add(sum, sum)])
    let fused = graph.fusingResidualAdds()
    #expect(count(fused, Binary.self) == 2 && count(fused, MatMul.self) == 1)
    let node = try #require(fused.nodes.first { $0.operation is MatMul })
    #expect(node.operation as? MatMul == MatMul(epilogue: .init(residual: true)))
    #expect(node.operands.count == 3)
    try await draft.expectSameMeaning(graph, fused)
  }

  @Test func `a product with another use, a stretched operand or an epilogue stays`() async throws {
    let w = try draft.weight("w", 4)
    let product = try builder.matmul(draft.x, w)
    let used = try draft.build(["y": builder.add(product, draft.x), "product": product])
    #expect(used.fusingResidualAdds() == used)
    let twice = try draft.build(["y": builder.add(product, product)])
    #expect(twice.fusingResidualAdds() == twice)
    let row = try builder.slice(draft.x, axis: 0, start: 0, count: 1)
    let stretched = try draft.build(["y": builder.add(builder.matmul(draft.x, w), row)])
    #expect(stretched.fusingResidualAdds() == stretched)
    // Here the product itself is stretched.
    let narrow = try draft.build(["y": builder.add(builder.matmul(row, w), draft.x)])
    #expect(narrow.fusingResidualAdds() == narrow)
    let sum = try builder.add(builder.add(builder.matmul(draft.x, draft.weight("v", 4)), draft.x), draft.x)
    let chain = try draft.build(["y": sum]).removingDeadCode()
    let fused = chain.fusingResidualAdds().fusingResidualAdds()
    #expect(count(fused, Binary.self) == 1)
    try await draft.expectSameMeaning(chain, fused)
  }

  @Test func `a residual made after the product, and from it, is taken at the addition's place`() async throws {
    let product = try builder.matmul(draft.x, draft.weight("w", 4))
    let later = try builder.softmax(builder.matmul(draft.x, draft.weight("v", 4)))
    let graph = try draft.build(["y": builder.add(product, later)])
    let fused = graph.fusingResidualAdds()
    #expect(count(fused, Binary.self) == 0)
    try await draft.expectSameMeaning(graph, fused)
    let second = try builder.matmul(later, draft.weight("u", 4))
    let dependent = try draft.build(["y": builder.add(second, later)])
    #expect(count(dependent.fusingResidualAdds(), Binary.self) == 0)
    try await draft.expectSameMeaning(dependent, dependent.fusingResidualAdds())
  }

  @Test func `a product of activations is fused too, and a sum of products once`() async throws {
    let left = try builder.matmul(draft.x, draft.x, rightIsTransposed: true)
    let right = try builder.matmul(draft.x, builder.transpose(draft.x, [1, 0]), rightIsTransposed: false)
    let graph = try draft.build(["y": builder.add(left, right)])
    let fused = graph.fusingResidualAdds()
    #expect(fused.nodes.filter { ($0.operation as? MatMul) == MatMul(epilogue: .init(residual: true)) }.count == 1)
    #expect(count(fused, Binary.self) == 0)
    try await draft.expectSameMeaning(graph, fused)
  }

  // Shared inputs

  @Test func `matmuls of one input are one, and each output a slice`() async throws {
    let one = try builder.matmul(draft.x, draft.weight("a", 4), label: "a")
    let between = try builder.multiply(one, draft.x)
    let two = try builder.matmul(draft.x, draft.weight("b", 2), label: "b")
    let three = try builder.matmul(draft.x, draft.weight("c", 7), label: "c")
    let graph = try draft.build(["between": between, "one": one, "two": two, "three": three])
    let merged = graph.mergingSharedInputMatMuls()
    #expect(count(merged, MatMul.self) == 1 && count(merged, Concatenate.self) == 1 && count(merged, Slice.self) == 3)
    let matmul = try #require(merged.nodes.firstIndex { $0.operation is MatMul })
    #expect(merged.origins[matmul].label == "a + b + c")
    #expect(merged.nodes[matmul].results[0].shape.last == 13)
    let slices = merged.nodes.indices.filter { merged.nodes[$0].operation is Slice }
    #expect(slices.map { merged.origins[$0].label } == ["a", "b", "c"])
    #expect(
      slices.map { merged.nodes[$0].operation as? Slice } == [
        Slice(axis: 1, start: 0, count: 4), Slice(axis: 1, start: 4, count: 2),
        Slice(axis: 1, start: 6, count: 7),
      ])
    try await draft.expectSameMeaning(graph, merged)
  }

  @Test func `other encodings, other inputs and other kinds of matmul stay apart`() async throws {
    let other = try builder.multiply(draft.x, draft.x)
    let graph = try draft.build([
      "f32": builder.matmul(draft.x, draft.weight("a", 4)),
      "f16": builder.matmul(draft.x, draft.weight("b", 4, .float16)),
      "other": builder.matmul(other, draft.weight("c", 4)),
      "right": builder.matmul(draft.x, draft.weight("d", 4), rightIsTransposed: false),
      "dynamic": builder.matmul(draft.x, draft.x),
    ])
    #expect(graph.mergingSharedInputMatMuls() == graph)
    let halves = try draft.build([
      "a": builder.matmul(draft.x, draft.weight("e", 3, .float16)), "b": builder.matmul(draft.x, draft.weight("f", 5)),
      "c": builder.matmul(draft.x, draft.weight("g", 2, .float16)), "d": builder.matmul(draft.x, draft.weight("h", 1)),
    ]).removingDeadCode()
    let merged = halves.mergingSharedInputMatMuls()
    #expect(count(merged, MatMul.self) == 2)
    for node in merged.nodes where node.operation is Concatenate {
      #expect(Set(node.operands.map { merged.type(of: $0).encoding }).count == 1)
    }
    try await draft.expectSameMeaning(halves, merged)
  }

  @Test func `two groups, and a weight used twice`() async throws {
    let (a, b) = (try draft.weight("a", 4), try draft.weight("b", 4))
    let one = try builder.multiply(builder.matmul(draft.x, a), builder.matmul(draft.x, b))
    let two = try builder.multiply(builder.matmul(one, b), builder.matmul(one, a))
    let graph = try draft.build(["y": two, "a": builder.multiply(a, a)])
    let merged = graph.mergingSharedInputMatMuls()
    #expect(count(merged, MatMul.self) == 2 && count(merged, Slice.self) == 4)
    try await draft.expectSameMeaning(graph, merged)
  }

  @Test func `all passes together keep the meaning and are stable`() async throws {
    let norm = try builder.rmsNorm(draft.x, weight: draft.vector("n", 4), epsilon: 0.5)
    let again = try builder.rmsNorm(draft.x, weight: draft.vector("n", 4), epsilon: 0.5)
    let (w, v) = (try draft.weight("w", 4), try draft.weight("v", 4))
    let gated = try builder.multiply(builder.unary(.silu, builder.matmul(norm, w)), builder.matmul(again, v))
    let sum = try builder.add(draft.x, builder.matmul(gated, w))
    _ = try builder.softmax(sum)
    let graph = try draft.build(["y": sum])
    let fused = graph.fused()
    #expect(count(fused, RMSNorm.self) == 1 && count(fused, MatMul.self) == 2)
    // Halves of four rows are no whole groups: the gate stays a product of two values.
    #expect(count(fused, Binary.self) == 1 && count(fused, Softmax.self) == 0)
    #expect(fused.fused() == fused)
    try await draft.expectSameMeaning(graph, fused)
  }
}
