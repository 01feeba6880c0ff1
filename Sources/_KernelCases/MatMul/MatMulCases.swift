import HeddleGraph
import HeddleReference

extension MatMul: CasedOperation {
  public static func cases() throws -> [OpCase] {
    try matmulWeights() + matmulTiles() + matmulExact() + matmulEdges() + matmulSpecial() + matmulDynamic()
      + matmulBatched() + matmulEpilogues() + matmulHalf() + gatedMatmul() + sparseMatmul()
  }

  /// Every weight encoding at row counts around the tile sizes; K and M rotate, so that all occur with each encoding.
  private static func matmulWeights() throws -> [OpCase] {
    let sizes: [(k: Int, m: Int)] = [
      (32, 1), (64, 15), (96, 16), (32, 17), (64, 49), (96, 65), (576, 33), (64, 64), (32, 128), (192, 31),
      (576, 16), (160, 7),
    ]
    var cases: [OpCase] = []
    for (e, encoding) in Encoding.weights.enumerated() {
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

  /// Around the tiles of many tokens: items of 12 and 96 tokens, tiles of 48, 64 and 128 outputs, chunks of 128 inputs.
  private static func matmulTiles() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (e, encoding) in [Encoding.float32, .bfloat16, .blocks(.q4_1)].enumerated() {
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
    for encoding in Encoding.weights {
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
      var form = MatMulForm(encoding: encoding)
      cases.append(try matmul(form, tokens: 0, inputs: 64, outputs: 17))
      form.isSymbolic = true
      cases.append(try matmul(form, tokens: 0, inputs: 32, outputs: 5))
      cases.append(try matmul(form, tokens: 3, inputs: 0, outputs: 5))
      cases.append(try matmul(form, tokens: 3, inputs: 32, outputs: 0))
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
    _ form: MatMulForm, tokens: Int, inputs: Int, outputs: Int, tag: String = ""
  ) throws -> OpCase {
    let size = "\(tokens)x\(inputs)x\(outputs)"
    let draft = CaseDraft(MatMul.self, "\(form.encoding) \(size) \(form)\(tag)")
    let count = outputs * inputs
    let x = form.isWhole ? try draft.wholes([tokens, inputs], -8...8) : try draft.units([tokens, inputs])
    let w =
      form.isWhole
      ? try draft.wholeWeights(form.encoding, [outputs, inputs])
      : try HeddleReference.encode(draft.random.units(count), as: form.encoding, shape: [outputs, inputs])
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
      floatingPointOperations: 2 * tokens * inputs * outputs, zerosAreRight: inputs == 0)
  }

  /// `2·(K + 2)·u·Σ∣x·w∣`, plus what products below the least normal number lose; with a residual, K + 3 roundings
  /// and its magnitude.
  static func matmulBound(_ operation: MatMul, _ x: Tensor, _ w: Tensor, _ residual: Tensor? = nil) -> Tolerance {
    .bounded {
      var operation = operation
      operation.epilogue = .none
      let inputs = x.shape.last ?? 0
      let left = try Tensor(decodeToFloat32(x).map(abs), shape: x.shape)
      let right = try Tensor(decodeToFloat32(w).map(abs), shape: w.shape)
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

extension CaseDraft {
  /// Weights that are small whole numbers in any encoding: scale 1, least value −2.
  func wholeWeights(_ encoding: Encoding, _ shape: [Int]) throws -> Tensor {
    guard case .blocks(let format) = encoding else {
      return try HeddleReference.encode(random.wholes(shape.reduce(1, *), -8...8), as: encoding, shape: shape)
    }
    return try randomBlocks(format, shape) { _ in (scale: 0x3C00, least: 0xC000) }
  }

  /// Blocks of random levels whose scale and least value, as float16 bits, `header` chooses by the block's number.
  func randomBlocks(
    _ format: BlockFormat, _ shape: [Int], _ header: (Int) -> (scale: UInt16, least: UInt16)
  ) throws -> Tensor {
    let encoding = Encoding.blocks(format)
    let count = try encoding.byteCount(shape: shape) / format.blockByteCount
    var bytes: [UInt8] = []
    for block in 0..<count {
      let (scale, least) = header(block)
      bytes += [UInt8(scale & 0xFF), UInt8(scale >> 8)]
      if format == .q4_1 || format == .q5_1 { bytes += [UInt8(least & 0xFF), UInt8(least >> 8)] }
      while bytes.count < (block + 1) * format.blockByteCount { bytes.append(UInt8(random.next() >> 56)) }
    }
    return try Tensor(encoding: encoding, shape: shape, bytes: bytes)
  }
}
