import HeddleGraph
import HeddleReference

/// The sizes of one lightning indexer, and what its values are.
struct IndexerSize: CustomStringConvertible {
  var tokens: Int
  var past: Int
  var heads: Int
  var width: Int
  var count: Int
  var encoding = Encoding.float32
  var scale: Float = 0.25

  var keys: Int { past + tokens }
  var description: String {
    "\(count) T\(tokens) past\(past) heads\(heads) D\(width)" + (encoding == .float32 ? "" : " \(encoding)")
      + (scale == 0.25 ? "" : " scale \(scale)")
  }
}

extension LightningIndexer: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    let widths = [8, 64, 128, 40, 5, 16]
    let heads = [1, 3, 64, 7, 16, 32]
    var number = 0
    for tokens in [1, 2, 65] {
      for keys in [1, 63, 64, 65, 1000] where keys >= tokens {
        for count in [1, 8, keys / 2 + 1, keys, keys + 70] {
          let size = IndexerSize(
            tokens: tokens, past: keys - tokens, heads: heads[number % 6],
            width: keys == 1000 && tokens == 65 ? 16 : widths[(number / 2) % 6], count: count)
          let form = [.plain, .slicedRows, .sliced, .transposed][number % 4] as OperandForm
          cases.append(try whole(size, form: form, isSymbolic: number % 3 == 0))
          number += 1
        }
      }
    }
    // V3.2's own heads; a dimension that is too great for wide kernels; tokens past the few that share a pass.
    for size in [
      IndexerSize(tokens: 3, past: 300, heads: 64, width: 128, count: 200),
      IndexerSize(tokens: 2, past: 5, heads: 2, width: 584, count: 4),
      IndexerSize(tokens: 16, past: 100, heads: 9, width: 24, count: 50),
      IndexerSize(tokens: 17, past: 100, heads: 9, width: 24, count: 50),
      IndexerSize(tokens: 0, past: 3, heads: 2, width: 8, count: 4),
      IndexerSize(tokens: 0, past: 0, heads: 2, width: 8, count: 4),
    ] { cases.append(try whole(size, form: .plain, isSymbolic: true)) }
    for encoding in [.float16, .bfloat16] as [Encoding] {
      for (tokens, width) in [(1, 64), (20, 24), (2, 5)] {
        let size = IndexerSize(
          tokens: tokens, past: 70, heads: 6, width: width, count: 12, encoding: encoding)
        cases.append(try whole(size, form: tokens == 20 ? .sliced : .plain, isSymbolic: false))
      }
    }
    for scale in [0, -0.5, 1] as [Float] {
      let size = IndexerSize(tokens: 5, past: 90, heads: 4, width: 16, count: 20, scale: scale)
      cases.append(try whole(size, form: .plain, isSymbolic: true))
    }
    return try cases + specialValues() + separatedScores()
  }

  /// Small whole numbers, whose scores are exact.
  private static func whole(
    _ size: IndexerSize, values: String = "", form: OperandForm, isSymbolic: Bool,
    _ change: (inout [Float], inout [Float], inout [Float]) -> Void = { _, _, _ in }
  ) throws -> OpCase {
    let draft = CaseDraft(LightningIndexer.self, "\(size)" + (values.isEmpty ? "" : " \(values)"))
    var queries = draft.random.wholes(size.tokens * size.heads * size.width, -4...4)
    var keys = draft.random.wholes(size.keys * size.width, -4...4)
    var weights = draft.random.wholes(size.tokens * size.heads, -3...3)
    change(&queries, &keys, &weights)
    return try make(draft, size, queries, keys, weights, form: form, isSymbolic: isSymbolic)
  }

  private static func make(
    _ draft: CaseDraft, _ size: IndexerSize, _ queries: [Float], _ keys: [Float], _ weights: [Float], form: OperandForm,
    isSymbolic: Bool
  ) throws -> OpCase {
    let spare = [Float](repeating: size.encoding.isScalar ? .nan : 0, count: 5 * size.width)
    let rows = try Tensor(keys + spare, as: size.encoding, shape: [size.keys + 5, size.width])
    var tokens = Dimension(size.tokens)
    var past = Dimension(size.past)
    if isSymbolic {
      tokens = try draft.builder.symbol("tokens", in: 0...128)
      past = try draft.builder.symbol("past", in: 0...(size.past + 5))
      draft.bindings["past"] = size.past
    }
    let (heads, width) = (Dimension(size.heads), Dimension(size.width))
    // Its last dimension may not be cut in blocks.
    let keyForm = size.encoding.isScalar ? form : .plain
    let q = try draft.input(
      "queries", Tensor(queries, shape: [size.tokens, size.heads, size.width]), [tokens, heads, width], form: form)
    let k = try draft.input("keys", rows, form: keyForm)
    let w = try draft.input(
      "weights", Tensor(weights, shape: [size.tokens, size.heads]), [tokens, heads], form: form)
    let y = try draft.builder.lightningIndexer(
      queries: q, keys: k, weights: w, count: size.count, past: past, scale: size.scale)
    return try draft.finish(
      ["y": y], .exact, floatingPointOperations: 2 * size.tokens * size.keys * size.heads * size.width,
      zerosAreRight: true)
  }

  private static func specialValues() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (tokens, past, count) in [(1, 70, 40), (2, 63, 80), (20, 50, 30)] {
      let size = IndexerSize(tokens: tokens, past: past, heads: 3, width: 8, count: count)
      let row = size.width
      cases += [
        try whole(size, values: "ties", form: .plain, isSymbolic: true) { queries, keys, weights in
          for i in queries.indices { queries[i] = queries[i] > 2 ? 1 : 0 }
          for i in keys.indices { keys[i] = keys[i] > 2 ? 1 : 0 }
          for i in weights.indices { weights[i] = 1 }
        },
        try whole(size, values: "zero weights", form: .plain, isSymbolic: true) { _, _, weights in
          for i in weights.indices { weights[i] = i % 2 == 0 ? 0 : -0.0 }
        },
        try whole(size, values: "negative weights", form: .plain, isSymbolic: true) { _, _, weights in
          for i in weights.indices { weights[i] = -1 - Float(i % 3) }
        },
        try whole(size, values: "±1e5", form: .plain, isSymbolic: true) { queries, keys, weights in
          for i in queries.indices { queries[i] *= 1e5 }
          for i in keys.indices { keys[i] *= 2 }
          for i in weights.indices { weights[i] = i % 2 == 0 ? 1 : -2 }
        },
        try whole(size, values: "NaN keys", form: .plain, isSymbolic: true) { _, keys, _ in
          for key in stride(from: 3, to: past, by: 7) { keys[key * row + key % row] = .nan }
        },
        try whole(size, values: "NaN tokens", form: .plain, isSymbolic: true) { queries, _, weights in
          queries[1] = .nan
          weights[weights.count - 1] = .nan
        },
        try whole(size, values: "infinite keys", form: .plain, isSymbolic: true) { _, keys, _ in
          keys[5 * row] = .infinity
          keys[9 * row + 1] = -.infinity
        },
        try whole(size, values: "subnormal", form: .plain, isSymbolic: true) { queries, _, _ in
          for i in queries.indices { queries[i] *= 0x1p-120 }
        },
      ]
    }
    return cases
  }

  /// Any values, drawn until what is chosen of their scores is apart by more than sums in float32 are off.
  private static func separatedScores() throws -> [OpCase] {
    var cases: [OpCase] = []
    for size in [
      IndexerSize(tokens: 1, past: 99, heads: 64, width: 128, count: 5, scale: 0.011),
      IndexerSize(tokens: 2, past: 62, heads: 3, width: 32, count: 4, scale: 0.1),
      IndexerSize(tokens: 20, past: 40, heads: 5, width: 16, count: 2, scale: 0.2),
      IndexerSize(tokens: 2, past: 40, heads: 4, width: 64, count: 4, encoding: .q8_0),
      IndexerSize(tokens: 18, past: 40, heads: 4, width: 128, count: 2, encoding: .q8_0),
      IndexerSize(tokens: 1, past: 40, heads: 4, width: 64, count: 4, encoding: .bfloat16),
      IndexerSize(tokens: 1, past: 40, heads: 4, width: 32, count: 4, encoding: .float16),
    ] {
      let draft = CaseDraft(LightningIndexer.self, "\(size) any values")
      var values: (queries: [Float], keys: [Float], weights: [Float])
      repeat {
        values = (
          draft.random.units(size.tokens * size.heads * size.width), draft.random.units(size.keys * size.width),
          draft.random.units(size.tokens * size.heads)
        )
      } while try !isSeparated(size, values.queries, values.keys, values.weights)
      cases.append(
        try make(draft, size, values.queries, values.keys, values.weights, form: .plain, isSymbolic: false))
    }
    return cases
  }

  private static func isSeparated(
    _ size: IndexerSize, _ queries: [Float], _ keys: [Float], _ weights: [Float]
  ) throws -> Bool {
    let stored = try Tensor(keys, as: size.encoding, shape: [size.keys, size.width]).decoded()
    return (0..<size.tokens).allSatisfy { token in
      let scores = (0...size.past + token).map { key in
        (0..<size.heads).reduce(0.0) { sum, head in
          let row = (token * size.heads + head) * size.width
          let product = (0..<size.width).reduce(0.0) {
            $0 + Double(queries[row + $1]) * Double(stored[key * size.width + $1])
          }
          return sum + Double(weights[token * size.heads + head]) * max(0, product)
        }
      }.sorted(by: >).prefix(size.count + 1)
      return zip(scores, scores.dropFirst()).allSatisfy { $0 - $1 > 1e-4 }
    }
  }
}
