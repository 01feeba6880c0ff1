import HeddleGraph
import HeddleReference

extension MatMul {
  /// `matmul` with a sparse weight: the campaign runs every pattern with every value format in every tile. What tests run
  /// of it reaches each kernel with each kind of pattern and each value format that it has, in one tile.
  static func sparseMatmul() throws -> [OpCase] {
    try sparseFormats() + sparseEpilogues() + sparseSpecial()
  }

  /// Patterns of each kind, around the sizes that kernels distinguish.
  static let sparsePatterns = [
    "2:4", "1:4", "4:8", "1:8", "8:16", "vw16:32", "vw11:32", "vw5:7", "vw1:1", "vw64:64", "nvw12:16", "block16@50",
    "block32@75", "block48@40", "block64@20",
  ]

  static func sparseFormat(_ pattern: String, _ values: SparseFormat.Values) throws -> SparseFormat {
    guard let pattern = SparsityPattern(name: pattern) else { throw TypeError.invalidPattern(pattern) }
    return SparseFormat(pattern, values)
  }

  /// One to many tokens; rows that do not fill the pattern's groups.
  private static func sparseFormats() throws -> [OpCase] {
    let sizes: [(tokens: Int, outputs: Int)] = [
      (1, 33), (2, 64), (4, 47), (7, 31), (9, 96), (17, 65), (33, 17), (70, 49), (131, 80), (1, 192), (3, 1),
    ]
    var cases: [OpCase] = []
    for (p, pattern) in sparsePatterns.enumerated() {
      for (v, values) in SparseFormat.Values.allCases.enumerated() {
        let format = try sparseFormat(pattern, values)
        // Every pattern meets every value format with one token; row counts rotate. With one value format of each pattern
        // tests run few and many tokens.
        let isShort = v == p % 5
        let places =
          isShort
          ? [0, 1 + p % 3, 4 + (p + p / 5) % 5] : [(p + v) % 2 * 9, 1 + (3 * p + v) % 8, 1 + (3 * p + v + 4) % 10]
        for (round, size) in places.map({ sizes[$0] }).enumerated() {
          var form = MatMulForm(encoding: .sparse(format))
          form.isSymbolic = (p + v + round) % 2 == 0
          form.left = [.plain, .plain, .sliced, .plain, .slicedRows][(p + v + round) % 5]
          form.epilogue = (p + round) % 4 == 0 ? .init(residual: true) : .none
          let inputs = format.pattern.span * [1, 2, 3, 5][(p + round) % 4]
          cases.append(
            try sparse(
              form, format, tokens: size.tokens, inputs: inputs, outputs: size.outputs,
              isCampaign: !isShort || (round == 0 && p % 3 > 0)))
        }
      }
    }
    return cases
  }

  /// Bias, gate and activation; a bound count of kept places.
  private static func sparseEpilogues() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, pattern) in ["2:4", "vw16:32", "nvw8:32", "block16@50", "block32@75"].enumerated() {
      for (place, (tokens, outputs)) in [(1, 64), (5, 32), (40, 96)].enumerated() {
        let values = SparseFormat.Values.allCases[(number + tokens) % 5]
        let format = try sparseFormat(pattern, values)
        let epilogue = MatMul.Epilogue(bias: tokens == 5, activation: .silu, isGated: true, residual: tokens == 40)
        let inputs = 96
        let draft = CaseDraft(MatMul.self, "\(format) gated \(tokens)x\(inputs)x\(outputs)")
        let x = try draft.units([tokens, inputs])
        let w = try HeddleReference.encode(
          draft.random.units(2 * outputs * inputs), as: .sparse(format), shape: [2 * outputs, inputs])
        var operands = [try draft.input("x", x), try draft.constant("w", w)]
        let bias = epilogue.bias ? try draft.units([2 * outputs]) : nil
        let residual = epilogue.residual ? try draft.units([tokens, outputs]) : nil
        if let bias { operands.append(try draft.input("bias", bias)) }
        if let residual { operands.append(try draft.input("residual", residual)) }
        let y = try draft.builder.apply(MatMul(epilogue: epilogue), operands)[0]
        cases.append(
          try draft.finish(
            ["y": y], epilogueBound(epilogue, x, w, bias, residual),
            floatingPointOperations: 4 * tokens * inputs * outputs,
            zerosAreRight: pattern.hasPrefix("block"), triesEveryTile: false, isCampaign: place != number % 3))
      }
    }
    for (number, tokens) in [1, 2, 5, 20, 100].enumerated() {
      for (place, kept) in [0, 1, 7, 12].enumerated() {
        let format = try sparseFormat(number % 2 == 0 ? "nvw12:32" : "nvw12:16", .allCases[(number + kept) % 5])
        cases.append(
          try nested(
            format, kept: kept, tokens: tokens, inputs: 64, outputs: 70, isCampaign: place != number % 4))
      }
    }
    return cases
  }

  /// What x holds where nothing is kept must not be looked at; kept zeros of either sign and kept NaN count.
  private static func sparseSpecial() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, pattern) in ["2:4", "2:8", "vw11:32", "vw5:7", "nvw8:32", "block16@50", "block32@75", "block32@100"]
      .enumerated()
    {
      for (place, tokens) in [1, 3, 8, 18, 66].enumerated() {
        let format = try sparseFormat(pattern, .allCases[(number + tokens) % 5])
        let (inputs, outputs) = (format.pattern.span * 4, 64)
        let draft = CaseDraft(MatMul.self, "\(format) special \(tokens)x\(inputs)x\(outputs)")
        // Columns that no row keeps: their magnitudes are the least of all.
        var weights = draft.random.units(outputs * inputs)
        let poisoned = Set(
          (0..<inputs).filter {
            $0 % format.pattern.span == 1
              || ($0 / format.pattern.span == 2 && format.pattern.rowsPerGroup > 1 && format.pattern.indexBits == 0
                && pattern.hasPrefix("block"))
          })
        for index in weights.indices {
          if poisoned.contains(index % inputs) { weights[index] *= 0x1p-60 }
          if index % inputs == 3 { weights[index] = -0.0 }
        }
        var x = draft.random.units(tokens * inputs)
        let w = try HeddleReference.encode(weights, as: .sparse(format), shape: [outputs, inputs])
        let layout = try SparseLayout(format, shape: w.shape)
        let isKept = try w.bytes.withUnsafeBytes { try layout.keptPlaces($0) }
        let unused = (0..<inputs).filter { input in !(0..<outputs).contains { isKept[$0 * inputs + input] } }
        for token in 0..<tokens {
          for (place, input) in unused.enumerated() {
            x[token * inputs + input] = [Float.nan, .infinity, -.infinity][(place + token) % 3]
          }
        }
        let xs = try Tensor(x, shape: [tokens, inputs])
        let operands = [try draft.input("x", xs), try draft.constant("w", w)]
        let y = try draft.builder.apply(MatMul(), operands)[0]
        cases.append(
          try draft.finish(
            ["y": y], sparseBound(xs, w, nil), floatingPointOperations: 2 * tokens * inputs * outputs,
            zerosAreRight: pattern.hasSuffix("@100"), triesEveryTile: false, isCampaign: place != number % 5))
      }
    }
    return cases
  }

  private static func sparse(
    _ form: MatMulForm, _ format: SparseFormat, tokens: Int, inputs: Int, outputs: Int, isCampaign: Bool
  ) throws -> OpCase {
    let draft = CaseDraft(MatMul.self, "\(format) \(tokens)x\(inputs)x\(outputs) \(form)")
    let x = try draft.units([tokens, inputs])
    let w = try HeddleReference.encode(
      draft.random.units(outputs * inputs), as: form.encoding, shape: [outputs, inputs])
    let rows = form.isSymbolic ? try draft.builder.symbol("tokens", in: 0...256) : Dimension(tokens)
    var operands = [
      try draft.input("x", x, [rows, Dimension(inputs)], form: form.left), try draft.constant("w", w),
    ]
    let residual = form.epilogue.residual ? try draft.units([tokens, outputs]) : nil
    if let residual { operands.append(try draft.input("residual", residual, [rows, Dimension(outputs)])) }
    let y = try draft.builder.apply(MatMul(epilogue: form.epilogue), operands)[0]
    return try draft.finish(
      ["y": y], sparseBound(x, w, residual), floatingPointOperations: 2 * tokens * inputs * outputs,
      zerosAreRight: form.encoding.name.hasPrefix("block"), triesEveryTile: false, isCampaign: isCampaign)
  }

  private static func nested(
    _ format: SparseFormat, kept: Int, tokens: Int, inputs: Int, outputs: Int, isCampaign: Bool
  ) throws -> OpCase {
    let draft = CaseDraft(MatMul.self, "\(format) kept \(kept) \(tokens)x\(inputs)x\(outputs)")
    let symbol = try draft.builder.symbol("kept", in: 0...format.pattern.keptPerSpan)
    draft.bindings["kept"] = kept
    let x = try draft.units([tokens, inputs])
    let w = try HeddleReference.encode(
      draft.random.units(outputs * inputs), as: .sparse(format), shape: [outputs, inputs])
    let operands = [try draft.input("x", x), try draft.constant("w", w)]
    let y = try draft.builder.apply(MatMul(kept: symbol), operands)[0]
    return try draft.finish(
      ["y": y], sparseBound(x, w, nil, limit: kept), floatingPointOperations: 2 * tokens * inputs * outputs,
      zerosAreRight: kept == 0, triesEveryTile: false, isCampaign: isCampaign)
  }

  /// `2·(K + 3)·u·Σ∣x·w∣` over what is kept, plus what products below the least normal number lose.
  private static func sparseBound(_ x: Tensor, _ w: Tensor, _ residual: Tensor?, limit: Int = .max) -> Tolerance {
    .bounded {
      guard case .sparse(let format) = w.encoding else { return [:] }
      let layout = try SparseLayout(format, shape: w.shape)
      let isKept = try w.bytes.withUnsafeBytes { try layout.keptPlaces($0, limit: limit) }
      let (left, right) = (try decodeToFloat32(x), try decodeToFloat32(w))
      let (inputs, outputs) = (layout.inputs, layout.rows)
      let residuals = try residual?.floats()
      return [
        "y": (0..<x.shape[0] * outputs).map { index in
          let (token, row) = (index / outputs, index % outputs)
          var sum = residuals.map { abs(Double($0[index])) } ?? 0
          for k in 0..<inputs where isKept[row * inputs + k] {
            sum += abs(Double(left[token * inputs + k]) * Double(right[row * inputs + k]))
          }
          return 2 * Double(inputs + 4) * Tolerance.unit * sum + Double(inputs) * 0x1p-124
        }
      ]
    }
  }
}
