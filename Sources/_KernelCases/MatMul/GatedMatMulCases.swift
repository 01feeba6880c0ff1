import HeddleGraph
import HeddleReference

extension MatMul {
  /// `matmul` whose two halves of outputs are gated: every encoding, around the tiles of tokens and rows. Of formats that another
  /// stands for, one case is enough.
  static func gatedMatmul() throws -> [OpCase] {
    let epilogue = MatMul.Epilogue(activation: .silu, isGated: true)
    var cases: [OpCase] = []
    for (number, encoding) in Encoding.weights.enumerated() {
      for (place, size) in [(1, 32, 16), (3, 96, 48), (9, 64, 32), (17, 160, 16)].enumerated() {
        let (tokens, length, outputs) = size
        let inputs = length / 32 * max(32, encoding.blockSize)
        let draft = CaseDraft(MatMul.self, "\(encoding) gated \(tokens)x\(inputs)x\(outputs)")
        let x = try draft.units([tokens, inputs])
        let w = try draft.weights(encoding, [2 * outputs, inputs])
        let rows = number % 2 == 0 ? try draft.builder.symbol("tokens", in: 0...128) : Dimension(tokens)
        let operands = [
          try draft.input("x", x, [rows, Dimension(inputs)], form: OperandForm.allCases[(number + tokens) % 4]),
          try draft.constant("w", w),
        ]
        let y = try draft.builder.apply(MatMul(epilogue: epilogue), operands)[0]
        // Where any bits are weights, most gates are closed: a great sum below zero gives a zero.
        cases.append(
          try draft.finish(
            ["y": y], epilogueBound(epilogue, x, w, nil, nil), floatingPointOperations: 4 * tokens * inputs * outputs,
            zerosAreRight: !encoding.isWritable,
            isCampaign: !encoding.values.isRepresentative && place != number % 4))
      }
    }
    return cases
  }
}
