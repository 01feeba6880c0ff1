import HeddleGraph
import HeddleReference

extension Attention {
  /// Values that are part of the keys, and keys longer than values: DeepSeek's latents, around chunks of 64 keys.
  static func attentionLatents() throws -> [OpCase] {
    var cases: [OpCase] = []
    func add(
      _ tokens: Int, _ past: Int, _ heads: (Int, Int), _ width: Int, _ valueWidth: Int, areKeys: Bool = true,
      mask: AttentionMask = .causal, after: Int = 0, _ encoding: Encoding = .float32, form: OperandForm = .plain,
      softCap: Float? = nil
    ) throws {
      let size = AttentionSize(
        tokens: tokens, past: past, queryHeads: heads.0, keyHeads: heads.1, width: width, valueWidth: valueWidth,
        spare: mask.isCausal ? 5 : 0, mask: mask, after: after, valuesAreKeys: areKeys)
      cases.append(
        try make(
          size, form: form, isSymbolic: past <= 512 && cases.count % 3 == 0, number: cases.count, keyEncoding: encoding,
          valueEncoding: areKeys ? .float32 : encoding, softCap: softCap, logSumExp: cases.count % 2 == 0))
    }
    // The whole latent and its turned part; keys that are values; in a wide kernel's greatest size.
    for (tokens, past, heads, width, values) in [
      (1, 130, (4, 1), 576, 512), (2, 63, (3, 1), 576, 512), (17, 60, (2, 1), 576, 512), (1, 70, (8, 1), 512, 512),
      (20, 5, (2, 2), 512, 512), (1, 65, (128, 1), 80, 64), (1, 4, (128, 1), 576, 512),
    ] {
      try add(tokens, past, heads, width, values)
    }
    // Small ones at each length that a chunk may end with; those that only the baseline takes.
    for (index, length) in [1, 2, 63, 64, 65, 127, 1000].enumerated() {
      try add(1, length - 1, (8, 1), 80, 64)
      if length < 127 { try add(length, 0, (4, 2), 24, 16, form: [.plain, .slicedRows, .sliced][index % 3]) }
      if length < 1000 { try add(min(length, 5), max(0, length - 5), (3, 1), 12, 5) }
    }
    // Two or three tokens of a prompt an item, as heads that share so much leave.
    for heads in [8, 12] { try add(20, 1, (heads, 1), 256, 256) }
    // Values of their own, shorter than keys: a prompt of a latent that is not absorbed.
    for (tokens, past, width, values) in [(1, 64, 48, 32), (33, 31, 48, 32), (65, 0, 192, 128), (2, 126, 576, 512)] {
      try add(tokens, past, (2, 2), width, values, areKeys: false)
    }
    for (mask, after) in [
      (.full, 70), (.slidingWindow(64), 0), (.causal & (.window(7) | .first(3)), 0),
      (.localGlobal(block: 16, global: 3), 20), (.block(65) & .window(30), 90),
    ] as [(AttentionMask, Int)] {
      for (tokens, past) in [(2, 127), (67, 62)] {
        try add(tokens, past, (4, 1), 40, 32, mask: mask, after: after, softCap: tokens == 2 ? 30 : nil)
      }
    }
    for encoding in [Encoding.float16, .bfloat16, .q8_0, .int8_g64] {
      try add(1, 70, (6, 1), 576, 512, encoding)
      try add(33, 40, (4, 2), 64, 32, encoding)
      try add(3, 66, (3, 1), 128, 72, encoding)
    }
    let some = [(70, 1), (1, 1), (130, 1), (0, 0), (64, 1)]
    let many = [(70, 30), (5, 5), (130, 2), (200, 65)]
    return try cases
      + [
        AttentionBatch(sequences: some, page: 64, keyHeads: 1, width: 80, valueWidth: 64, valuesAreKeys: true),
        AttentionBatch(
          sequences: many, page: 64, isMixed: true, queryHeads: 6, width: 24, valueWidth: 16,
          mask: .causal & (.window(20) | .selected), takes: ["selection", "sinks", "slopes", "bias", "shared"],
          valuesAreKeys: true),
        AttentionBatch(
          sequences: [(150, 3)], page: 64, keyHeads: 1, width: 40, valueWidth: 32, takes: ["past", "sinks"],
          keyEncoding: .float16, valueEncoding: .float16, valuesAreKeys: true),
      ].map { try make($0) }
  }
}
