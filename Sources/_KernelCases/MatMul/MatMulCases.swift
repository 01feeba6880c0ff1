import HeddleGraph
import HeddleReference

extension MatMul: CasedOperation {
  public static func cases() throws -> [OpCase] {
    try matmulWeights() + matmulRead() + matmulTiles() + matmulExact() + matmulEdges() + matmulSpecial()
      + matmulDynamic()
      + matmulBatched() + matmulEpilogues() + matmulHalf() + gatedMatmul() + levelMatmul() + sparseMatmul()
  }

  /// Every weight encoding at row counts around the tile sizes; K and M rotate, so that all occur with each encoding.
  private static func matmulWeights() throws -> [OpCase] {
    let sizes: [(k: Int, m: Int)] = [
      (32, 1), (64, 15), (96, 16), (32, 17), (64, 49), (96, 65), (576, 33), (64, 64), (32, 128), (192, 31),
      (576, 16), (160, 7),
    ]
    var cases: [OpCase] = []
    for (e, encoding) in Encoding.written.enumerated() {
      for (t, tokens) in [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33].enumerated() {
        for round in 0..<2 {
          let number = e * 5 + t * 3 + round
          let size = sizes[number % sizes.count]
          var form = MatMulForm(encoding: encoding)
          form.isSymbolic = (t + round) % 2 == 0
          form.left = [.plain, .plain, .sliced, .plain, .transposed, .plain, .slicedRows][number % 7]
          form.epilogue = number % 5 == 0 ? .init(residual: true) : .none
          cases.append(try matmul(form, tokens: tokens, inputs: size.k, outputs: size.m))
        }
      }
    }
    return cases
  }

  /// Every encoding that is only read, of any bits: rows of one block and of several, at row counts around the tile sizes. Of
  /// formats that another stands for, few tokens and many are enough.
  private static func matmulRead() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (e, encoding) in Encoding.read.enumerated() {
      for (t, tokens) in [1, 2, 3, 5, 8, 9, 17, 33].enumerated() {
        var form = MatMulForm(encoding: encoding)
        form.isSymbolic = (e + t) % 2 == 0
        form.left = OperandForm.allCases[(e + t) % 4]
        form.epilogue = t % 4 == 1 ? .init(residual: true) : .none
        let blocks = [1, 2, 3][(e + t) % 3] * (encoding.blockSize < 256 ? 3 : 1)
        let outputs = [1, 16, 17, 33, 49, 64, 65][(2 * e + t) % 7]
        let isShort = encoding.values.isRepresentative || t == e % 6 || t == 6 + e % 2
        cases.append(
          try matmul(
            form, tokens: tokens, inputs: blocks * encoding.blockSize, outputs: outputs, isCampaign: !isShort))
      }
    }
    return cases
  }

  /// Around the tiles of many tokens: items of 12 and 96 tokens, tiles of 48, 64 and 128 outputs, chunks of 128 inputs.
  private static func matmulTiles() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (e, encoding) in [Encoding.float32, .bfloat16, .q4_1].enumerated() {
      let inputs = encoding.blockSize == 1 ? [127, 128, 129, 257] : [128, 160, 256, 288]
      for (number, (tokens, outputs)) in [
        (65, 63), (95, 127), (96, 64), (97, 129), (127, 48), (193, 47), (23, 191), (24, 577), (25, 193),
      ].enumerated() {
        var form = MatMulForm(encoding: encoding)
        form.left = number % 3 == 1 ? .sliced : .plain
        cases.append(
          try matmul(form, tokens: tokens, inputs: inputs[(number + e) % 4], outputs: outputs, tag: " tiles"))
      }
    }
    return cases
  }

  /// Whole numbers whose sums are exact in any order.
  private static func matmulExact() throws -> [OpCase] {
    var cases: [OpCase] = []
    for encoding in Encoding.written {
      for (tokens, k, m) in [(1, 64, 17), (3, 96, 33), (8, 64, 16), (19, 32, 5), (33, 64, 65)] {
        var form = MatMulForm(encoding: encoding)
        form.isWhole = true
        form.isSymbolic = tokens % 2 == 1
        form.epilogue = tokens == 8 ? .init(residual: true) : .none
        cases.append(try matmul(form, tokens: tokens, inputs: k, outputs: m))
      }
    }
    return cases
  }

  /// No tokens, no outputs, no inputs; dense rows of any length.
  private static func matmulEdges() throws -> [OpCase] {
    var cases: [OpCase] = []
    for encoding in Encoding.weights {
      let block = max(32, encoding.blockSize)
      for (number, size) in [(0, 2 * block, 17), (0, block, 5), (3, 0, 5), (3, block, 0)].enumerated() {
        var form = MatMulForm(encoding: encoding)
        form.isSymbolic = number > 0
        cases.append(
          try matmul(
            form, tokens: size.0, inputs: size.1, outputs: size.2, isCampaign: !encoding.values.isRepresentative))
      }
    }
    for encoding in [Encoding.float32, .float16, .bfloat16] {
      for (number, k) in [0, 1, 3, 31, 33, 63, 65, 127].enumerated() {
        for (tokens, m) in [(1, 33), (33, 17)] {
          var form = MatMulForm(encoding: encoding)
          form.isSymbolic = (number + tokens) % 2 == 0
          form.left = OperandForm.allCases[(number + m) % 4]
          form.epilogue = (number + tokens) % 3 == 0 ? .init(residual: true) : .none
          cases.append(try matmul(form, tokens: tokens, inputs: k, outputs: m, tag: " row"))
        }
      }
    }
    return cases
  }

  static func matmul(
    _ form: MatMulForm, tokens: Int, inputs: Int, outputs: Int, tag: String = "", isCampaign: Bool = false
  ) throws -> OpCase {
    let size = "\(tokens)x\(inputs)x\(outputs)"
    let draft = CaseDraft(MatMul.self, "\(form.encoding) \(size) \(form)\(tag)")
    let x = form.isWhole ? try draft.wholes([tokens, inputs], -8...8) : try draft.units([tokens, inputs])
    let w =
      form.isWhole
      ? try draft.wholeWeights(form.encoding, [outputs, inputs])
      : try draft.weights(form.encoding, [outputs, inputs])
    let rows = form.isSymbolic ? try draft.builder.symbol("tokens", in: 0...128) : Dimension(tokens)
    var operands = [
      try draft.input("x", x, [rows, Dimension(inputs)], form: form.left), try draft.constant("w", w),
    ]
    var residual: Tensor?
    if form.epilogue.residual {
      let values = form.isWhole ? try draft.wholes([tokens, outputs], -99...99) : try draft.units([tokens, outputs])
      operands.append(try draft.input("residual", values, [rows, Dimension(outputs)]))
      residual = values
    }
    let operation = MatMul(epilogue: form.epilogue)
    let y = try draft.builder.apply(operation, operands)[0]
    return try draft.finish(
      ["y": y], form.isWhole ? .equal : matmulBound(operation, x, w, residual),
      floatingPointOperations: 2 * tokens * inputs * outputs, zerosAreRight: inputs == 0, isCampaign: isCampaign)
  }

  /// `2·(K + 2)·u·Σ∣x·w∣`, plus what products below the least normal number lose; with a residual, K + 3 roundings
  /// and its magnitude.
  static func matmulBound(_ operation: MatMul, _ x: Tensor, _ w: Tensor, _ residual: Tensor? = nil) -> Tolerance {
    .bounded {
      var operation = operation
      operation.epilogue = .none
      let inputs = x.shape.last ?? 0
      let left = try Tensor(x.decoded().map(abs), shape: x.shape)
      let right = try Tensor(w.decoded().map(abs), shape: w.shape)
      let sums = try ReferenceBackend().evaluate(operation, [left, right])[0].floats()
      let residuals = try residual?.floats().map { abs(Double($0)) } ?? Array(repeating: 0, count: sums.count)
      return [
        "y": zip(sums, residuals).map { sum, residual in
          2 * Double(inputs + 3) * Tolerance.unit * (Double(sum) + residual) + Double(inputs) * 0x1p-124
        }
      ]
    }
  }
}

/// What varies between matrix products beside their sizes.
struct MatMulForm: CustomStringConvertible {
  var encoding: Encoding
  var isSymbolic = false
  var isWhole = false
  var left = OperandForm.plain
  var epilogue = MatMul.Epilogue.none

  var description: String {
    [
      isSymbolic ? "symbolic" : "fixed", isWhole ? "whole" : "", left == .plain ? "" : left.rawValue,
      epilogue.residual ? "add" : "",
    ].filter { !$0.isEmpty }.joined(separator: " ")
  }
}
