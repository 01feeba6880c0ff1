import HeddleGraph
import HeddleReference

extension LayerNorm: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    var number = 0
    for width in [1, 7, 31, 32, 33, 64, 576, 1000, 1536] {
      for rows in [[1], [3], [17], [33], [2, 3], []] {
        let form = OperandForm.allCases[number % 4]
        let epsilon: Float = [1e-5, 1e-6, 0.5][number % 3]
        cases.append(
          try make(
            "\(rows + [width]) \(epsilon)", rows + [width], epsilon, form, hasBias: number % 2 == 1,
            isSymbolic: number % 4 < 2, zerosAreRight: width == 1))
        number += 1
      }
    }
    let specials: [(String, Float)] = [
      ("NaN", .nan), ("inf", .infinity), ("-inf", -.infinity), ("1e20", 1e20), ("denormal", 0x1p-133), ("1e18", 1e18),
    ]
    for (name, special) in specials {
      for width in [7, 64, 1000] {
        cases.append(
          try make("\(name) in [3, \(width)]", [3, width], 1e-5, .plain, hasBias: width == 64) {
            $0[width + 2] = special
          })
      }
    }
    cases.append(
      try make("zeros [5, 64]", [5, 64], 1e-5, .plain, zerosAreRight: true) { values in
        for index in values.indices { values[index] = index % 2 == 0 ? 0 : -0.0 }
      })
    cases.append(
      try make("equal values [5, 65]", [5, 65], 1e-5, .plain, hasBias: true) { values in
        for index in values.indices { values[index] = 3 }
      })
    cases.append(
      try make("far from zero [3, 100]", [3, 100], 1e-5, .plain, hasBias: true) { values in
        for index in values.indices { values[index] += 1000 }
      })
    for (name, epsilon) in [("-0", -0.0), ("0", 0), ("subnormal", 0x1p-130), ("great", 1e30)] as [(String, Float)] {
      cases.append(try make("epsilon \(name) [2, 33]", [2, 33], epsilon, .plain))
    }
    cases.append(try make("none [0, 64]", [0, 64], 1e-5, .plain, hasBias: true, isSymbolic: true))
    return cases
  }

  static func make(
    _ name: String, _ shape: [Int], _ epsilon: Float, _ form: OperandForm, hasBias: Bool = false,
    isSymbolic: Bool = false, zerosAreRight: Bool = false, _ change: (inout [Float]) -> Void = { _ in }
  ) throws -> OpCase {
    let draft = CaseDraft(
      LayerNorm.self, "\(name) \(form)\(hasBias ? " bias" : "")\(isSymbolic ? " symbolic" : "")")
    let width = shape[shape.count - 1]
    var values = draft.random.units(shape.reduce(1, *)).map { $0 * 3 + 0.5 }
    change(&values)
    let x = try Tensor(values, shape: shape)
    let weight = draft.random.units(width).map { $0 * 0.5 + 1 }
    let bias = hasBias ? draft.random.units(width) : nil
    var extents = shape.map { Dimension($0) }
    if isSymbolic, shape.count > 1 { extents[0] = try draft.builder.symbol("tokens", in: 0...64) }
    let y = try draft.builder.layerNorm(
      draft.input("x", x, extents, form: form), weight: draft.constant("weight", Tensor(weight, shape: [width])),
      bias: bias.map { try draft.constant("bias", Tensor($0, shape: [width])) }, epsilon: epsilon)
    return try draft.finish(
      ["y": y], tolerance(values, weight, bias, epsilon), floatingPointOperations: 7 * values.count,
      zerosAreRight: zerosAreRight)
  }

  /// The law of `Kernels/Normalization/layer_norm.cl` with the sum as if of one chain. A row of results that are no numbers
  /// allows nothing.
  private static func tolerance(
    _ values: [Float], _ weight: [Float], _ bias: [Float]?, _ epsilon: Float
  ) -> Tolerance {
    .bounded {
      let width = weight.count
      guard width > 0 else { return ["y": []] }
      var bounds: [Double] = []
      for start in stride(from: 0, to: values.count, by: width) {
        let row = values[start..<start + width].map(Double.init)
        let mean = row.reduce(0, +) / Double(width)
        let greatest = row.map(abs).max() ?? 0
        // Values that differ by rounding alone have a root that does too.
        let squares = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
        let drift = Double(width + 12) * Tolerance.unit * greatest
        let root = (squares + Double(epsilon)).squareRoot()
        for (index, value) in row.enumerated() {
          let scaled = abs(Double(weight[index])) / root
          let relative = abs(value - mean) * scaled * (1 + drift * drift / max(root * root, .leastNormalMagnitude))
          let bound =
            Double(width + 12) * Tolerance.unit * (relative + 2 * scaled * greatest)
            + 2 * Tolerance.unit * abs(Double(bias?[index] ?? 0)) + 0x1p-120
          bounds.append(bound.isFinite ? bound : 0)
        }
      }
      return ["y": bounds]
    }
  }
}
