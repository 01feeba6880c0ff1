import HeddleGraph
import HeddleReference

extension MatMul {
  /// The error of a product of x `[T, K]` and w `[N, K]` carried through its epilogue.
  ///
  /// A sum is off by `2(K + 2)·u·Σ∣x·w∣` at most, and what products below the least normal number lose; a bias and a
  /// residual add a rounding of their sum. No activation is steeper than 1.13, and its own error is at most 16 u of its
  /// operand (`Kernels/Common/activation_functions.cl`); at −∞ it is zero. A gate multiplies two values that are off.
  static func epilogueBound(
    _ epilogue: MatMul.Epilogue, _ x: Tensor, _ w: Tensor, _ bias: Tensor?, _ residual: Tensor?
  ) -> Tolerance {
    .bounded {
      let (inputs, rows) = (x.shape[1], w.shape[0])
      let (left, right) = (try decodeToFloat32(x), try decodeToFloat32(w))
      func product(_ change: (Float) -> Float) throws -> [Float] {
        let operands = [
          try Tensor(left.map(change), shape: x.shape), try Tensor(right.map(change), shape: w.shape),
        ]
        return try ReferenceBackend().evaluate(MatMul(), operands)[0].floats()
      }
      let (sums, scales) = (try product { $0 }, try product(abs))
      let biases = try bias?.floats()
      let terms = sums.indices.map { index in
        let error = 2 * Double(inputs + 2) * Tolerance.unit * Double(scales[index]) + Double(inputs) * 0x1p-124
        let (sum, bias) = (Double(sums[index]), Double(biases?[index % rows] ?? 0))
        let size = abs(sum) + abs(bias)
        return Term(value: sum + bias, size: size, error: error + (bias == 0 ? 0 : 2 * Tolerance.unit * size))
      }
      func activated(_ term: Term) -> (size: Double, error: Double) {
        guard epilogue.activation != nil else { return (term.size, term.error) }
        if term.value == -.infinity { return (0, 0) }
        return (term.size, 1.13 * term.error + 16 * Tolerance.unit * term.size + 0x1p-120)
      }
      let outputs = epilogue.isGated ? rows / 2 : rows
      let residuals = try residual?.floats()
      return [
        "y": (0..<x.shape[0] * outputs).map { index in
          let gate = activated(terms[index / outputs * rows + index % outputs])
          var (size, error) = gate
          if epilogue.isGated {
            let up = terms[index / outputs * rows + index % outputs + outputs]
            size = gate.size * up.size
            error = gate.error * (up.size + up.error) + gate.size * up.error + 2 * Tolerance.unit * size + 0x1p-120
          }
          if let residuals { error += 2 * Tolerance.unit * (size + error + abs(Double(residuals[index]))) }
          return error
        }
      ]
    }
  }
}

/// A sum with its bias, the magnitude of its parts and how far it may be off.
private struct Term {
  var value: Double
  var size: Double
  var error: Double
}
