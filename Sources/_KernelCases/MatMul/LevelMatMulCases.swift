import HeddleGraph
import HeddleReference

extension MatMul {
  /// Activations of levels with weights of every encoding, around the tiles of tokens and rows, with epilogues and gates. Of formats
  /// that another stands for, and of those without levels, one case is enough.
  static func levelMatmul() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, encoding) in Encoding.weights.enumerated() {
      let sizes = [(1, 32, 16), (2, 96, 33), (5, 64, 65), (17, 160, 48), (70, 32, 17)]
      for (place, size) in sizes.enumerated() {
        let (tokens, length, outputs) = size
        let inputs = length / 32 * max(32, encoding.blockSize)
        let epilogue: Epilogue =
          place == 3 ? .init(activation: .silu, isGated: true) : place == 1 ? .init(bias: true, residual: true) : .none
        cases.append(
          try levelProduct(
            encoding, tokens, inputs, outputs, epilogue, number + place,
            isShort: encoding.values.levels == nil
              ? encoding == .nf4 && place == 2 : encoding.values.isRepresentative || place == number % 5))
      }
    }
    return cases
  }

  private static func levelProduct(
    _ encoding: Encoding, _ tokens: Int, _ inputs: Int, _ outputs: Int, _ epilogue: Epilogue, _ number: Int,
    isShort: Bool
  ) throws -> OpCase {
    let draft = CaseDraft(MatMul.self, "levels by \(encoding) \(tokens)x\(inputs)x\(outputs) \(epilogue.name)")
    let sums = epilogue.isGated ? 2 * outputs : outputs
    let x = try draft.units([tokens, inputs])
    let levels = try ReferenceBackend().evaluate(QuantizeActivations(), [x])[0]
    let w = try draft.weights(encoding, [sums, inputs])
    let rows = number % 2 == 0 ? try draft.builder.symbol("tokens", in: 0...128) : Dimension(tokens)
    let input = try draft.input("x", x, [rows, Dimension(inputs)], form: OperandForm.allCases[number % 4])
    var operands = [try draft.builder.quantizeActivations(input), try draft.constant("w", w)]
    var (bias, residual): (Tensor?, Tensor?)
    if epilogue.bias {
      let made = try draft.units([sums], times: 3)
      bias = made
      operands.append(try draft.constant("bias", made))
    }
    if epilogue.residual {
      let made = try draft.units([tokens, outputs])
      residual = made
      operands.append(try draft.input("residual", made, [rows, Dimension(outputs)]))
    }
    let y = try draft.builder.apply(MatMul(epilogue: epilogue), operands)[0]
    return try draft.finish(
      ["y": y], epilogueBound(epilogue, levels, w, bias, residual), floatingPointOperations: 2 * tokens * inputs * sums,
      zerosAreRight: !encoding.isWritable, triesEveryTile: encoding.values.isRepresentative, isCampaign: !isShort)
  }
}
