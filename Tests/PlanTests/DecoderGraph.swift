import HeddlePlanning

/// A decoder of two layers with tied embeddings and caches: every kind of launch a language model needs.
enum DecoderGraph {
  static let tokens = 1...64
  static let past = 0...128
  static let capacity = 1...192

  static func make() throws -> Graph {
    let builder = GraphBuilder()
    let tokens = try builder.symbol("tokens", in: tokens)
    let past = try builder.symbol("past", in: past)
    let capacity = try builder.symbol("capacity", in: capacity)
    func constant(_ name: String, _ encoding: Encoding, _ shape: [Dimension]) throws -> Value {
      let constant = Constant(id: ConstantID(name), type: TensorType(encoding, shape))
      return try builder.apply(constant, label: name)[0]
    }
    let ids = try builder.input("ids", .int32, [tokens])
    let table = try constant("table", .q8_0, [96, 32])
    let positions = try builder.range(from: past, count: tokens)
    let rotary = RotaryEmbedding(base: 10000, rotatedDimensions: 16, pairing: .interleaved)
    var x = try builder.embeddingLookup(table: table, ids: ids)
    for layer in 0..<2 {
      func weight(_ name: String, _ rows: Dimension, _ inputs: Dimension) throws -> Value {
        try constant("\(layer).\(name)", .q4_0, [rows, inputs])
      }
      func project(_ x: Value, _ name: String, _ heads: Dimension) throws -> Value {
        let y = try builder.matmul(x, weight(name, heads * 16, 32), label: "\(layer).\(name)")
        return try builder.reshape(y, to: [tokens, heads, 16])
      }
      func cache(_ name: String, _ rows: Value) throws -> Value {
        let state = try builder.state("\(layer).\(name)", .float32, [capacity, 1, 16])
        let next = try builder.writeRows(rows, to: state, at: past)
        try builder.update(state: "\(layer).\(name)", to: next)
        return next
      }
      let norm = try builder.rmsNorm(x, weight: constant("\(layer).norm", .float32, [32]), epsilon: 1e-5)
      let queries = try builder.rotaryEmbedding(project(norm, "q", 2), positions: positions, rotary)
      let keys = try builder.rotaryEmbedding(project(norm, "k", 1), positions: positions, rotary)
      let attended = try builder.attention(
        queries: queries, keys: cache("keys", keys), values: cache("values", project(norm, "v", 1)), past: past,
        scale: 0.25)
      let joined = try builder.reshape(attended, to: [tokens, 32])
      x = try builder.add(x, builder.matmul(joined, weight("o", 32, 32)))
      let middle = try builder.rmsNorm(x, weight: constant("\(layer).norm2", .float32, [32]), epsilon: 1e-5)
      let gated = try builder.multiply(
        builder.unary(.silu, builder.matmul(middle, weight("gate", 64, 32))),
        builder.matmul(middle, weight("up", 64, 32)))
      x = try builder.add(builder.matmul(gated, weight("down", 32, 64)), x)
    }
    let last = try builder.slice(x, axis: 0, start: tokens - 1, count: 1)
    let logits = try builder.matmul(last, table)
    return try builder.build(outputs: ["logits": logits, "next": builder.argmax(logits), "all": builder.softmax(x)])
  }

  static let cpu = TargetProfile(
    preferredShapes: [.wide, .simt], maximumWorkGroupSize: 4096, localMemoryByteCount: 1 << 20, computeUnits: 2)
}
