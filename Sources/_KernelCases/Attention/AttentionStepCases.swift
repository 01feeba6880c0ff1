import HeddleGraph
import HeddleReference
import HeddleText

extension Attention {
  /// Prompt, chunk and single tokens through the caches of one session.
  static func attentionSteps() throws -> [OpCase] {
    let steps: [(chunks: [Int], queries: Int, keys: Int, width: Int, capacity: Int, cache: Encoding)] = [
      ([5, 1, 1], 2, 2, 8, 16, .float32), ([17, 3, 1], 6, 2, 16, 32, .float16),
      ([33, 1, 7, 1], 9, 3, 64, 64, .float32),
      ([1, 1, 1, 1], 3, 1, 80, 4, .bfloat16), ([31, 2, 0, 1], 4, 1, 128, 40, .float32),
      ([3, 1, 40, 1], 9, 3, 64, 64, .float16), ([3, 1, 40, 1], 9, 3, 64, 64, .q8_0),
    ]
    return try steps.map {
      try attentionSteps(
        $0.chunks, heads: ($0.queries, $0.keys), width: $0.width, capacity: $0.capacity, cache: $0.cache)
    }
  }

  private static func attentionSteps(
    _ chunks: [Int], heads: (queries: Int, keys: Int), width: Int, capacity: Int, cache encoding: Encoding
  ) throws -> OpCase {
    let draft = CaseDraft(
      Attention.self,
      "steps \(chunks.map(String.init).joined(separator: "+")) heads\(heads.queries)/\(heads.keys) D\(width)"
        + (encoding == .float32 ? "" : " \(encoding.name)"),
      seed: "causalAttention")
    let builder = draft.builder
    let past = try builder.symbol("past", in: 0...128)
    let tokens = try builder.symbol("tokens", in: 0...64)
    let slots = try builder.symbol("capacity", in: 1...128)
    let row = [Dimension(heads.keys), Dimension(width)]
    let scale = 1 / Float(width).squareRoot()
    let queries = try builder.input("queries", .float32, [tokens, Dimension(heads.queries), Dimension(width)])
    var caches: NameTable<Value> = [:]
    for name in ["keys", "values"] {
      let state = try builder.state("\(name) cache", encoding, [slots] + row)
      let rows = try builder.input(name, .float32, [tokens] + row)
      let stored = encoding == .float32 ? rows : try builder.encode(rows, as: encoding)
      let next = try builder.writeRows(stored, to: state, at: past)
      try builder.update(state: "\(name) cache", to: next)
      caches[name] = next
    }
    guard let keys = caches["keys"], let values = caches["values"] else { return try draft.finish([:], .exact) }
    let y = try builder.attention(queries: queries, keys: keys, values: values, past: past, scale: scale)

    var steps: [RunRequest] = []
    var done = 0
    var operations = 0
    for chunk in chunks {
      steps.append(
        RunRequest(
          inputs: [
            "queries": try draft.units([chunk, heads.queries, width], times: 2),
            "keys": try draft.units([chunk, heads.keys, width], times: 2),
            "values": try draft.units([chunk, heads.keys, width]),
          ],
          bindings: ["past": done]))
      operations +=
        AttentionSize(
          tokens: chunk, past: done, queryHeads: heads.queries, keyHeads: heads.keys, width: width, valueWidth: width
        ).floatingPointOperations
      done += chunk
    }
    draft.sessionBindings = ["capacity": capacity]
    let requests = steps
    let tolerance = Tolerance.bounded {
      var bounds: [String: [Double]] = [:]
      for (index, request) in requests.enumerated() {
        func rows(_ name: String) throws -> Tensor {
          let all = try ReferenceBackend().evaluate(
            Concatenate(axis: 0), requests[...index].compactMap { $0.inputs[name] })[0]
          return try Tensor(all.floats(), as: encoding, shape: all.shape)
        }
        guard let queries = request.inputs["queries"] else { continue }
        bounds[OpCase.output("y", step: index, of: requests.count)] = try attentionBound(
          [queries, rows("keys"), rows("values")], past: request.bindings["past"] ?? 0, Attention(scale: scale)
        ).output
      }
      return bounds
    }
    return try draft.finish(["y": y], tolerance, floatingPointOperations: operations, steps: steps)
  }
}
