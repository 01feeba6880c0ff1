import Foundation
import HeddleGraph
import HeddleReference
import HeddleText

/// The sizes of one attention.
struct AttentionSize: CustomStringConvertible {
  var tokens: Int
  var past: Int
  var queryHeads: Int
  var keyHeads: Int
  var width: Int
  var valueWidth: Int
  /// Rows of the cache past those in use, which hold NaN.
  var spare = 5
  var mask = AttentionMask.causal
  /// Rows that a mask may leave past the last token's.
  var after = 0
  /// Whether values are the first of each key's.
  var valuesAreKeys = false

  /// Rows that are in use.
  var rows: Int { past + tokens + after }
  var description: String {
    "T\(tokens) past\(past) heads\(queryHeads)/\(keyHeads) D\(width)" + (valueWidth == width ? "" : " E\(valueWidth)")
      + (valuesAreKeys ? " of keys" : "") + (mask == .causal ? "" : " of \(rows), \(mask)")
  }
  var floatingPointOperations: Int {
    let pairs = (0..<tokens).reduce(0) { sum, t in sum + (0..<rows).count { mask.sees(query: past + t, key: $0) } }
    return 2 * pairs * queryHeads * (width + valueWidth)
  }
}

extension Attention: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    let heads = [(2, 2), (3, 1), (6, 2), (4, 1), (8, 2), (1, 1), (9, 3)]
    let tokens = [1, 2, 1, 7, 16, 17, 1, 32, 33, 40, 3, 1]
    var number = 0
    for width in [4, 8, 16, 64, 80, 128] {
      for past in [0, 1, 31, 32, 63, 200] {
        for _ in 0..<2 {
          let (queryHeads, keyHeads) = heads[number % heads.count]
          let size = AttentionSize(
            tokens: tokens[number % tokens.count], past: past, queryHeads: queryHeads, keyHeads: keyHeads, width: width,
            valueWidth: number % 9 == 4 ? 24 : width)
          let form = [.plain, .slicedRows, .plain, .sliced, .plain, .transposed][number % 6] as OperandForm
          cases.append(try make(size, form: form, isSymbolic: number % 2 == 0, number: number))
          number += 1
        }
      }
    }
    // Around chunks of 64 keys, with heads that end within a vector of 16, and the greatest.
    for (tokens, past, width) in [
      (1, 62, 24), (1, 63, 40), (1, 64, 72), (2, 63, 8), (16, 120, 24), (3, 127, 256), (63, 1, 40), (64, 0, 24),
      (65, 63, 8), (1, 999, 64), (20, 128, 256),
    ] {
      let size = AttentionSize(
        tokens: tokens, past: past, queryHeads: 4, keyHeads: 2, width: width, valueWidth: width == 40 ? 48 : width)
      cases.append(try make(size, form: .plain, isSymbolic: false, number: number))
      number += 1
    }
    // Keys and values in other encodings, each its own.
    let encodings: [(keys: Encoding, values: Encoding)] = [
      (.float16, .float16), (.bfloat16, .bfloat16), (.float32, .float16), (.bfloat16, .float32),
    ]
    for (index, stored) in encodings.enumerated() {
      for (tokens, past, width) in [(1, 130, 64), (5, 70, 24), (33, 40, 80), (2, 3, 4)] {
        let size = AttentionSize(
          tokens: tokens, past: past, queryHeads: 6, keyHeads: 2, width: width, valueWidth: index == 2 ? 16 : width)
        let form = [.plain, .slicedRows, .transposed, .sliced][(number + index) % 4] as OperandForm
        cases.append(
          try make(
            size, form: form, isSymbolic: tokens == 5, number: number, keyEncoding: stored.keys,
            valueEncoding: stored.values))
        number += 1
      }
    }
    // In blocks: of heads that are one block or several.
    let blocks: [(keys: Encoding, values: Encoding, width: Int)] = [
      (.q8_0, .q8_0, 64), (.q8_0, .float16, 32), (.float32, .q8_0, 96), (.int8_g64, .int8_g128, 128),
    ]
    for stored in blocks {
      for (tokens, past) in [(1, 130), (5, 70), (33, 40)] {
        let size = AttentionSize(
          tokens: tokens, past: past, queryHeads: 6, keyHeads: 2, width: stored.width, valueWidth: stored.width)
        cases.append(
          try make(
            size, form: .plain, isSymbolic: tokens == 5, number: number, keyEncoding: stored.keys,
            valueEncoding: stored.values))
        number += 1
      }
    }
    // Many heads of great dimensions that share keys: few tokens of an item. Gemma 2B's among them.
    for (heads, width) in [(8, 256), (12, 256), (32, 128)] {
      let size = AttentionSize(
        tokens: 21, past: 70, queryHeads: heads, keyHeads: 1, width: width, valueWidth: width)
      cases.append(try make(size, form: .plain, isSymbolic: false, number: number))
      number += 1
    }
    let empty = AttentionSize(tokens: 0, past: 3, queryHeads: 2, keyHeads: 1, width: 8, valueWidth: 8)
    cases.append(try make(empty, form: .plain, isSymbolic: true))
    let full = AttentionSize(tokens: 2, past: 1, queryHeads: 3, keyHeads: 1, width: 1, valueWidth: 1, spare: 0)
    cases.append(try make(full, form: .plain, isSymbolic: false))
    return try cases + attentionMasks() + attentionValues() + attentionSteps() + attentionRoles() + attentionLatents()
  }

  /// Scores that are huge, equal or dominated by one key; NaN in a row that some queries see.
  private static func attentionValues() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (tokens, past) in [(1, 40), (5, 31), (17, 70)] {
      let size = AttentionSize(tokens: tokens, past: past, queryHeads: 3, keyHeads: 1, width: 16, valueWidth: 16)
      cases.append(
        try make(size, values: "huge scores", form: .plain, isSymbolic: true) { q, k, _ in
          for index in q.indices { q[index] *= 1e3 }
          for index in k.indices { k[index] *= 1e2 }
        })
      cases.append(
        try make(size, values: "equal scores", form: .plain, isSymbolic: true) { _, k, _ in
          for index in k.indices { k[index] = 0.5 }
        })
      cases.append(
        try make(size, values: "one key wins", form: .plain, isSymbolic: true) { q, k, _ in
          for index in q.indices { q[index] = 30 }
          for index in k.indices { k[index] = index / 16 == past / 2 ? 30 : -30 }
        })
      cases.append(
        try make(size, values: "keys get better", form: .plain, isSymbolic: true) { q, k, _ in
          for index in q.indices { q[index] = abs(q[index]) }
          for index in k.indices { k[index] += Float(index / 16) }
        })
      cases.append(
        try make(size, values: "NaN seen late", form: .plain, isSymbolic: true) { q, k, v in
          k[(past + tokens - 1) * 16 + 3] = .nan
          v[(past + tokens / 2) * 16 + 5] = .nan
          q[1] = .nan
        })
    }
    // Every float that an attention may be scaled by.
    for (name, scale) in [
      ("negative", -0.25), ("-0", -0.0), ("0", 0), ("subnormal", 0x1p-130), ("-subnormal", -0x1p-130), ("great", 64),
    ] as [(String, Float)] {
      let size = AttentionSize(tokens: 3, past: 33, queryHeads: 2, keyHeads: 1, width: 16, valueWidth: 16)
      cases.append(try make(size, values: "\(name) scale", form: .plain, isSymbolic: true, scale: scale))
    }
    return cases
  }

  /// Values as a cache has them.
  static func cached(_ values: [Float], _ encoding: Encoding, _ shape: [Int]) throws -> Tensor {
    if encoding.isWritable { return try Tensor(values, as: encoding, shape: shape) }
    return try ReferenceBackend().evaluate(Encode(encoding: encoding), [Tensor(values, shape: shape)])[0]
  }

  /// Attention of inputs; the cache rows past those in use are NaN.
  static func make(
    _ size: AttentionSize, values: String = "", form: OperandForm, isSymbolic: Bool, number: Int = 0,
    scale: Float? = nil, keyEncoding: Encoding = .float32, valueEncoding: Encoding = .float32, softCap: Float? = nil,
    logSumExp: Bool = false, zerosAreRight: Bool = false,
    change: (inout [Float], inout [Float], inout [Float]) -> Void = { _, _, _ in }
  ) throws -> OpCase {
    let stored = keyEncoding == .float32 && valueEncoding == .float32 ? "" : "\(keyEncoding.name)/\(valueEncoding.name)"
    let words = [
      size.description, values, stored, softCap.map { "cap \($0)" } ?? "", logSumExp ? "log-sum-exp" : "",
      form == .plain ? "" : "\(form)", isSymbolic ? "symbolic" : "fixed",
    ]
    let draft = CaseDraft(Attention.self, words.filter { !$0.isEmpty }.joined(separator: " "), seed: "causalAttention")
    let rows = size.rows
    var q = draft.random.units(size.tokens * size.queryHeads * size.width).map { $0 * 2 }
    var k = draft.random.units(rows * size.keyHeads * size.width).map { $0 * 2 }
    var v = draft.random.units(rows * size.keyHeads * size.valueWidth)
    change(&q, &k, &v)
    // What no query sees is not looked at.
    for row in 0..<rows where !(0..<size.tokens).contains(where: { size.mask.sees(query: size.past + $0, key: row) }) {
      for index in row * size.keyHeads * size.width..<(row + 1) * size.keyHeads * size.width { k[index] = .nan }
      for index in row * size.keyHeads * size.valueWidth..<(row + 1) * size.keyHeads * size.valueWidth {
        v[index] = .nan
      }
    }
    let queries = try Tensor(q, shape: [size.tokens, size.queryHeads, size.width])
    let keys = try cached(k, keyEncoding, [rows, size.keyHeads, size.width])
    let valueRows = try cached(v, valueEncoding, [rows, size.keyHeads, size.valueWidth])
    let (past, tokens) =
      isSymbolic
      ? (
        try draft.builder.symbol("past", in: 0...512), try draft.builder.symbol("tokens", in: 0...max(64, size.tokens))
      )
      : (Dimension(size.past), Dimension(size.tokens))
    if isSymbolic { draft.bindings["past"] = size.past }
    let cache = { (tensor: Tensor) in try CaseDraft.pad(tensor, axis: 0, before: 0, after: size.spare) }
    let scale = scale ?? 1 / Float(size.width).squareRoot()
    let operation = Attention(
      scale: scale, past: past, mask: size.mask, softCap: softCap, logSumExp: logSumExp,
      valueLength: size.valuesAreKeys ? size.valueWidth : nil)
    var inputs = try [
      draft.input("queries", queries, [tokens, Dimension(size.queryHeads), Dimension(size.width)], form: form),
      draft.input("keys", cache(keys), form: number % 3 == 1 ? form : .plain),
    ]
    if !size.valuesAreKeys {
      inputs.append(try draft.input("values", cache(valueRows), form: number % 3 == 2 ? form : .plain))
    }
    let results = try draft.builder.apply(operation, inputs)
    var outputs: NameTable<Value> = [:]
    for (name, result) in zip(["y", "logSumExp"], results) { outputs[name] = result }
    return try draft.finish(
      outputs,
      .bounded {
        let bounds = try attentionBound(
          [queries, keys] + (size.valuesAreKeys ? [] : [valueRows]), past: size.past, operation)
        return logSumExp ? ["y": bounds.output, "logSumExp": bounds.logSumExp] : ["y": bounds.output]
      },
      floatingPointOperations: size.floatingPointOperations, zerosAreRight: zerosAreRight)
  }
}
