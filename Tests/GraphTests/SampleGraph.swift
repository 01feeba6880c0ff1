import HeddleGraph
import _KernelCases

/// Graphs for tests of what is the same for all operations.
enum SampleGraph {
  /// Every use of every operation that is taken, each on inputs and constants of its own.
  static func samples() throws -> Graph {
    let builder = GraphBuilder()
    for (symbol, range) in OperationSamples.ranges.sorted(by: { $0.key < $1.key }) {
      _ = try builder.symbol(symbol.name, in: range)
    }
    var outputs: NameTable<Value> = [:]
    for (index, sample) in (OperationSamples.all + [.others]).flatMap(\.accepted).enumerated() {
      let operands = try sample.operands.enumerated().map { place, type in
        let name = "\(index).\(place)"
        if type.encoding.isScalar { return try builder.input(name, type.encoding, type.shape) }
        guard type.shape.allSatisfy({ $0.constant != nil }) else {
          return try builder.input(name, type.encoding, type.shape)
        }
        return try builder.apply(Constant(id: ConstantID(name), type: type))[0]
      }
      let results = try builder.apply(sample.operation, operands, label: "sample \(index)")
      for (place, result) in results.enumerated() { outputs["\(index).\(place)"] = result }
    }
    return try builder.build(outputs: outputs)
  }

  /// A decoder's block with something of everything.
  static func all() throws -> Graph {
    let store = ConstantStore()
    try store.add("table", Tensor(encoding: .q8_0, shape: [5, 32], bytes: Array(repeating: 0, count: 5 * 34)))
    try store.add("weight", Tensor(Array(repeating: 1 as Float, count: 32), shape: [32]))
    try store.add("half", Tensor(encoding: .float16, shape: [32, 32], bytes: Array(repeating: 0, count: 2048)))
    let builder = GraphBuilder()
    let tokens = try builder.symbol("tokens", in: 1...16)
    let past = try builder.symbol("past", in: 0...48)
    let capacity = try builder.symbol("capacity", in: 16...64)
    let ids = try builder.input("ids", .int32, [tokens])
    let x = try builder.embeddingLookup(table: builder.constant("table", in: store), ids: ids, label: "embed")
    let positions = try builder.range(from: past, count: tokens)
    let normed = try builder.scope("block") {
      try builder.rmsNorm(x, weight: builder.constant("weight", in: store), epsilon: 1e-5, label: "norm")
    }
    let w = try builder.encode(builder.constant("half", in: store), as: .float32)
    let q = try builder.matmul(normed, w)
    let heads = try builder.reshape(q, to: [tokens, 4, 8])
    let turned = try builder.rotaryEmbedding(
      heads, positions: positions, RotaryEmbedding(base: 10_000, rotatedDimensions: 8, pairing: .halves))
    let cache = try builder.state("cache", .float32, [capacity, 4, 8])
    let next = try builder.writeRows(turned, to: cache, at: past)
    try builder.update(state: "cache", to: next)
    let attended = try builder.attention(queries: turned, keys: next, values: next, past: past, scale: 0.25)
    let flat = try builder.reshape(attended, to: [tokens, 32])
    let gated = try builder.multiply(builder.unary(.silu, flat), x)
    let bias = try builder.constant("weight", in: store)
    let biased = try builder.matmul(gated, w, bias: bias, activation: .geluTanh, residual: x)
    let sum = try builder.multiply(builder.add(builder.unary(.negate, biased), x), gated)
    let last = try builder.slice(sum, axis: 0, start: tokens - 1, count: 1)
    let both = try builder.concatenate([last, builder.transpose(builder.transpose(last, [1, 0]), [1, 0])], axis: 0)
    let scaled = try builder.multiply(both, builder.state("scale", .float32, [1]))
    let custom = try builder.custom(
      Custom(
        name: "twist", attributes: ["n": .integer(3), "r": .number(0.1), "t": .text("é\"")], rule: .sameAs(operand: 0)),
      [scaled])[0]
    let pruned = try builder.encode(w, as: .sparse(SparseFormat(SparsityPattern(.perRow(kept: 2, of: 4)), .int4)))
    return try builder.build(
      outputs: ["next": builder.argmax(custom), "p": builder.softmax(custom), "pruned": pruned])
  }
}
