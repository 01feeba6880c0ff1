import HeddleGraph
import HeddleReference

extension MatMul {
  /// Products with every epilogue: each part alone with several encodings and token counts, all combinations of parts
  /// with sizes around the tiles, both for packed weights and for right operands that are inputs.
  static func matmulEpilogues() throws -> [OpCase] {
    var cases: [OpCase] = []
    let rows = [16, 33, 1, 17, 15, 7]
    for (e, encoding) in [Encoding.float32, .float16, .bfloat16, .blocks(.q4_1)].enumerated() {
      // Encodings differ before the epilogue: two of them stand for the others where the number of tokens matters.
      for (t, tokens) in [1, 5, 19].enumerated() where t == 1 || e == 0 || e == 3 {
        for (number, epilogue) in MatMul.Epilogue.alone.enumerated() {
          var product = EpilogueProduct(epilogue)
          product.encoding = encoding
          (product.tokens, product.inputs) = (tokens, encoding.blockSize == 1 ? [33, 1, 16][t] : 64)
          product.outputs = epilogue.isGated ? 16 : rows[(e + t + number) % rows.count]
          product.form = e * 7 + t * 3 + number
          cases.append(try product.make())
        }
      }
    }
    for (number, epilogue) in MatMul.Epilogue.combinations.enumerated() {
      var product = EpilogueProduct(epilogue)
      (product.tokens, product.inputs) = ([3, 1, 17][number % 3], [17, 31, 2, 64][number % 4])
      product.outputs = epilogue.isGated ? [16, 48][number % 2] : rows[number % rows.count]
      product.form = number
      cases.append(try product.make())
      product.isDynamic = true
      product.outputs = rows[(number + 2) % rows.count]
      if number % 4 == 0 { cases.append(try product.make()) }
    }
    // Whole numbers are exact through everything but a curve.
    for (number, epilogue) in MatMul.Epilogue.combinations.enumerated()
    where epilogue.activation == nil || epilogue.activation == .relu {
      var product = EpilogueProduct(epilogue)
      product.encoding = [.float32, .bfloat16, .blocks(.q8_0)][number % 3]
      (product.tokens, product.inputs, product.outputs) = ([8, 1, 33][number % 3], 32, epilogue.isGated ? 32 : 21)
      product.form = number + 1
      product.values = .whole
      cases.append(try product.make())
    }
    for epilogue in MatMul.Epilogue.combinations where epilogue.bias && epilogue.residual {
      var product = EpilogueProduct(epilogue)
      (product.tokens, product.inputs, product.outputs) = (9, 5, 16)
      product.values = .special
      cases.append(try product.make())
    }
    // Bias and residual where tiles end, in every tile.
    for (number, tokens) in [1, 2, 4, 7, 17, 97].enumerated() {
      for encoding in [Encoding.float32, .blocks(.q4_1)] {
        var product = EpilogueProduct(.init(bias: true, residual: true))
        product.encoding = encoding
        (product.tokens, product.inputs, product.outputs) = (tokens, 64, number % 2 == 0 ? 33 : 65)
        (product.form, product.triesEveryTile) = (number, true)
        cases.append(try product.make())
      }
    }
    for (tokens, inputs, outputs) in [(0, 32, 16), (3, 0, 16), (3, 32, 0)] {
      for isDynamic in [false, true] {
        var product = EpilogueProduct(.init(bias: true, activation: .gelu, isGated: true, residual: true))
        (product.tokens, product.inputs, product.outputs) = (tokens, inputs, outputs)
        product.isDynamic = isDynamic
        cases.append(try product.make())
      }
    }
    return cases
  }
}

extension MatMul.Epilogue {
  /// Every combination of parts but none.
  static var combinations: [MatMul.Epilogue] {
    let activations: [Activation?] = [nil] + Activation.allCases
    let all = activations.flatMap { activation in
      (0..<8).map { bits in
        MatMul.Epilogue(
          bias: bits & 1 != 0, activation: activation, isGated: bits & 2 != 0, residual: bits & 4 != 0)
      }
    }
    return all.filter { $0 != .none }
  }

  /// One part at a time.
  static var alone: [MatMul.Epilogue] {
    [.init(bias: true), .init(isGated: true), .init(residual: true)]
      + Activation.allCases.map { MatMul.Epilogue(activation: $0) }
  }
}

/// A product with an epilogue, as a case.
struct EpilogueProduct: Sendable {
  enum Values: String { case units, whole, special }

  var epilogue: MatMul.Epilogue
  /// Of x and of w.
  var left = Encoding.float32
  var encoding = Encoding.float32
  var (tokens, inputs, outputs) = (1, 1, 1)
  /// Chooses how the operands reach the product.
  var form = 0
  var isDynamic = false
  var triesEveryTile = false
  /// Whether a dynamic w is `[N, K]`.
  var isTransposed = true
  var values = Values.units

  init(_ epilogue: MatMul.Epilogue) { self.epilogue = epilogue }

  func make() throws -> OpCase {
    let kind = (left == .float32 ? "" : "\(left) by ") + (isDynamic ? "dynamic \(isTransposed ? "" : "straight ")" : "")
    let draft = CaseDraft(
      MatMul.self, "\(kind)\(encoding) \(tokens)x\(inputs)x\(outputs) \(epilogue.name) \(values) \(form)")
    let forms = OperandForm.allCases
    let sums = epilogue.isGated ? 2 * outputs : outputs
    let x = try encode(left(draft).floats(), as: left, shape: [tokens, inputs])
    let w = try right(draft, [sums, inputs])
    var stored = w
    if !isTransposed { stored = try ReferenceBackend().evaluate(Transpose(permutation: [1, 0]), [w])[0] }
    let rows = form % 2 == 0 ? try draft.builder.symbol("tokens", in: 0...128) : Dimension(tokens)
    var operands = [
      try draft.input("x", x, [rows, Dimension(inputs)], form: forms[form % 4]),
      try isDynamic ? draft.input("w", stored, form: forms[form / 4 % 4]) : draft.constant("w", stored),
    ]
    var (bias, residual): (Tensor?, Tensor?)
    if epilogue.bias {
      let made = try vector(draft, sums)
      bias = made
      operands.append(try biasOperand(draft, made))
    }
    if epilogue.residual {
      let made = values == .whole ? try draft.wholes([tokens, outputs], -99...99) : try draft.units([tokens, outputs])
      residual = made
      operands.append(try draft.input("residual", made, [rows, Dimension(outputs)], form: forms[(form / 2 + 1) % 4]))
    }
    let y = try draft.builder.apply(MatMul(rightIsTransposed: isTransposed, epilogue: epilogue), operands)[0]
    return try draft.finish(
      ["y": y], values == .whole ? .equal : MatMul.epilogueBound(epilogue, x, w, bias, residual),
      floatingPointOperations: 2 * tokens * inputs * sums,
      zerosAreRight: inputs == 0 || values == .special || epilogue.activation == .relu, triesEveryTile: triesEveryTile)
  }

  private func left(_ draft: CaseDraft) throws -> Tensor {
    switch values {
    case .units: return try draft.units([tokens, inputs], times: 2)
    case .whole: return try draft.wholes([tokens, inputs], -4...4)
    case .special:
      // A row each; w is positive, so sums become these.
      let rows: [Float] = [.nan, .infinity, -.infinity, -0.0, 1e30, -1e30, 100, -100, -3e38]
      return try Tensor((0..<tokens * inputs).map { rows[$0 / inputs % rows.count] }, shape: [tokens, inputs])
    }
  }

  private func right(_ draft: CaseDraft, _ shape: [Int]) throws -> Tensor {
    switch values {
    case .units: return try HeddleReference.encode(draft.random.units(shape.reduce(1, *)), as: encoding, shape: shape)
    case .whole: return try draft.wholeWeights(encoding, shape)
    case .special:
      return try HeddleReference.encode(
        draft.random.units(shape.reduce(1, *)).map { $0 * 0.01 + 0.015 }, as: encoding, shape: shape)
    }
  }

  private func vector(_ draft: CaseDraft, _ count: Int) throws -> Tensor {
    switch values {
    case .units: return try draft.units([count], times: 3)
    case .whole: return try draft.wholes([count], -9...9)
    case .special:
      let specials: [Float] = [.nan, .infinity, -.infinity, -0.0, 3e38, -3e38, 50, -50, 0, 1]
      return try Tensor((0..<count).map { specials[$0 % specials.count] }, shape: [count])
    }
  }

  /// A constant, an input, the middle of one, or a column of one.
  private func biasOperand(_ draft: CaseDraft, _ bias: Tensor) throws -> Value {
    switch form % 4 {
    case 0: return try draft.constant("bias", bias)
    case 1: return try draft.input("bias", bias, form: .sliced)
    case 2:
      return try draft.input("bias", Tensor(encoding: bias.encoding, shape: [1, bias.shape[0]], bytes: bias.bytes))
    default:
      let column = try Tensor(encoding: bias.encoding, shape: [bias.shape[0], 1], bytes: bias.bytes)
      return try draft.builder.transpose(draft.input("bias", column, form: .sliced), [1, 0])
    }
  }
}
