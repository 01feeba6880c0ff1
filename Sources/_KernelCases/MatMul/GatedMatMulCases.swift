import HeddleGraph
import HeddleReference

extension KernelCases {
  /// `matmul` whose two halves of outputs are gated: every encoding, around the tiles of tokens and rows.
  static func gatedMatmul() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, encoding) in Encoding.weights.enumerated() {
      for (tokens, inputs, outputs) in [(1, 32, 16), (3, 96, 48), (9, 64, 32), (17, 160, 16)] {
        let draft = CaseDraft("MatMul", .matmul, "\(encoding) gated \(tokens)x\(inputs)x\(outputs)")
        let x = try draft.units([tokens, inputs])
        let w = try encode(draft.random.units(2 * outputs * inputs), as: encoding, shape: [2 * outputs, inputs])
        let rows = number % 2 == 0 ? try draft.builder.symbol("tokens", in: 0...64) : Dimension(tokens)
        let operands = [
          try draft.input("x", x, [rows, Dimension(inputs)], form: OperandForm.allCases[(number + tokens) % 4]),
          try draft.constant("w", w),
        ]
        let y = try draft.builder.apply(.matmul(MatMul(epilogue: .gatedSiLU)), operands)[0]
        cases.append(
          try draft.finish(
            ["y": y], gatedBound(x, w), floatingPointOperations: 4 * tokens * inputs * outputs))
      }
    }
    return cases
  }

  /// The errors of both sums carried through the gate, whose slope is below 1.1, and eight roundings of the gate itself.
  private static func gatedBound(_ x: Tensor, _ w: Tensor) -> Tolerance {
    .bounded {
      let (tokens, inputs, rows) = (x.shape[0], x.shape[1], w.shape[0])
      let reference = ReferenceBackend()
      let magnitudes = try Tensor(x.floats().map(abs), shape: x.shape)
      let weights = try Tensor(decodeToFloat32(w).map(abs), shape: w.shape)
      let sums = try reference.evaluate(.matmul(MatMul()), [x, w])[0].floats().map { abs(Double($0)) }
      let errors = try reference.evaluate(.matmul(MatMul()), [magnitudes, weights])[0].floats().map {
        2 * Double(inputs + 2) * Tolerance.unit * Double($0)
      }
      var bounds: [Double] = []
      for t in 0..<tokens {
        for m in 0..<rows / 2 {
          let (gate, up) = (t * rows + m, t * rows + rows / 2 + m)
          bounds.append(
            1.1 * errors[gate] * (sums[up] + errors[up]) + (sums[gate] + errors[gate]) * errors[up]
              + 8 * Tolerance.unit * sums[gate] * sums[up] + 0x1p-120)
        }
      }
      return ["y": bounds]
    }
  }
}
