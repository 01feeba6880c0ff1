import HeddleGraph
import HeddleReference

extension Attention {
  /// Masks of each rule, alone and joined; a few tokens and a prompt, around the chunks of keys; tokens that see no key; caps of
  /// scores, and the log-sum-exp.
  static func attentionMasks() throws -> [OpCase] {
    let masks: [(mask: AttentionMask, after: Int)] = [
      (.full, 0), (.full, 70), (.slidingWindow(64), 0), (.slidingWindow(1), 0),
      (.causal & (.window(7) | .first(3)), 0), (.window(40), 65), (.localGlobal(block: 16, global: 3), 20),
      (.causal & .localGlobal(block: 64, global: 2), 0), (.block(65) & .window(30), 90), (.first(5), 0),
      (.global(70), 3),
    ]
    var cases: [OpCase] = []
    for (index, (mask, after)) in masks.enumerated() {
      for (tokens, past) in index < 4 ? [(1, 129), (6, 62), (70, 0), (33, 64)] : [(2, 127), (67, 62)] {
        let (queries, keys) = [(4, 2), (3, 3), (6, 1)][(index + tokens) % 3]
        let size = AttentionSize(
          tokens: tokens, past: past, queryHeads: queries, keyHeads: keys, width: index % 5 == 4 ? 4 : 8,
          valueWidth: index % 4 == 2 ? 16 : 8, spare: mask.isCausal ? 5 : 0, mask: mask, after: after)
        cases.append(
          try make(
            size, form: .plain, isSymbolic: index % 3 == 1, number: cases.count,
            softCap: index % 2 == 1 ? [1.5, 30][index / 2 % 2] : nil, logSumExp: index % 3 != 2))
      }
    }
    // Blocks that end before the first key, windows beyond the last: what some queries see is nothing.
    let beyond = AttentionSize(
      tokens: 40, past: 100, queryHeads: 2, keyHeads: 1, width: 8, valueWidth: 8, spare: 0, mask: .window(20),
      after: -25)
    cases.append(try make(beyond, form: .plain, isSymbolic: false, logSumExp: true))
    let few = AttentionSize(
      tokens: 5, past: 100, queryHeads: 2, keyHeads: 1, width: 8, valueWidth: 8, spare: 0, mask: .window(3), after: -3)
    cases.append(try make(few, form: .plain, isSymbolic: true, logSumExp: true))
    // Scores far beyond a cap, and far below it, where its curve is a line.
    for cap in [0.5, 1e4] as [Float] {
      cases.append(
        try make(
          AttentionSize(tokens: 3, past: 70, queryHeads: 2, keyHeads: 1, width: 8, valueWidth: 8), form: .plain,
          isSymbolic: false, scale: 4, softCap: cap, logSumExp: true))
    }
    // No key that is seen, none at all, and no values: only the log-sum-exp is left.
    for (tokens, mask, after, values) in [
      (3, AttentionMask(anyOf: []), 0, 8), (40, AttentionMask(anyOf: []), 0, 8), (2, .full, -32, 8),
      (20, .full, -50, 8),
      (3, .causal, 0, 0),
    ] {
      let size = AttentionSize(
        tokens: tokens, past: 30, queryHeads: 2, keyHeads: 1, width: 8, valueWidth: values, spare: 0, mask: mask,
        after: after)
      cases.append(try make(size, form: .plain, isSymbolic: false, logSumExp: true, zerosAreRight: true))
    }
    // Whole chunks of scores of −∞, and nothing else: what values they have does not count.
    for (tokens, past, isAll) in [(1, 150, false), (20, 120, false), (2, 100, true), (30, 100, true)] {
      let size = AttentionSize(tokens: tokens, past: past, queryHeads: 3, keyHeads: 1, width: 8, valueWidth: 8)
      cases.append(
        try make(
          size, values: isAll ? "scores of −∞" : "a chunk of −∞", form: .plain, isSymbolic: tokens > 2, logSumExp: true,
          zerosAreRight: isAll
        ) { q, k, v in
          for index in q.indices { q[index] = abs(q[index]) + 0.5 }
          for row in isAll ? 0..<size.rows : 64..<128 {
            k[row * 8 + row % 8] = -.infinity
            if isAll { v[row * 8] = .infinity }
          }
        })
    }
    return cases
  }
}
