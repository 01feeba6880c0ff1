import HeddleGraph
import HeddleReference

extension MatMul {
  /// Right operands that are inputs: both layouts, as whole tensors and as views.
  static func matmulDynamic() throws -> [OpCase] {
    var cases: [OpCase] = []
    let sizes = [(1, 16, 17), (4, 33, 31), (15, 64, 16), (17, 7, 65), (32, 3, 1), (33, 96, 33), (2, 1, 13), (5, 0, 4)]
    for (number, size) in sizes.enumerated() {
      for isTransposed in [true, false] {
        for (index, right) in OperandForm.allCases.enumerated() {
          let left = OperandForm.allCases[(number + index) % 4]
          cases.append(
            try dynamic(
              x: [size.0, size.1], w: isTransposed ? [size.2, size.1] : [size.1, size.2], isTransposed, left, right,
              isSymbolic: number % 2 == 0))
        }
      }
    }
    return cases
  }

  /// Leading axes, equal and stretched.
  static func matmulBatched() throws -> [OpCase] {
    let shapes: [(x: [Int], w: [Int])] = [
      ([2, 3, 16], [2, 5, 16]), ([3, 4, 33], [7, 33]), ([5, 17], [3, 9, 17]), ([2, 3, 2, 8], [2, 3, 4, 8]),
      ([2, 1, 3, 8], [1, 3, 4, 8]), ([1, 1, 16, 32], [4, 17, 32]), ([3, 1, 64], [3, 33, 64]), ([0, 2, 8], [0, 3, 8]),
      ([4, 1, 1], [4, 1, 1]),
    ]
    var cases: [OpCase] = []
    for (number, shape) in shapes.enumerated() {
      for isTransposed in [true, false] {
        var w = shape.w
        if !isTransposed { w.swapAt(w.count - 1, w.count - 2) }
        let left = OperandForm.allCases[number % 4]
        let right = OperandForm.allCases[(number * 3 + (isTransposed ? 1 : 2)) % 4]
        cases.append(try dynamic(x: shape.x, w: w, isTransposed, left, right, isSymbolic: false))
      }
    }
    return cases
  }

  private static func dynamic(
    x xShape: [Int], w wShape: [Int], _ isTransposed: Bool, _ left: OperandForm, _ right: OperandForm,
    isSymbolic: Bool
  ) throws -> OpCase {
    let shapes = [xShape, wShape].map { $0.map(String.init).joined(separator: "x") }.joined(separator: " by ")
    let draft = CaseDraft(
      MatMul.self,
      "dynamic \(shapes) \(isTransposed ? "w transposed" : "w straight") \(left) \(right)"
        + (isSymbolic ? " symbolic" : ""))
    let x = try draft.units(xShape)
    let w = try draft.units(wShape)
    var shape = xShape.map { Dimension($0) }
    if isSymbolic { shape[0] = try draft.builder.symbol("tokens", in: 0...128) }
    let y = try draft.builder.matmul(
      draft.input("x", x, shape, form: left), draft.input("w", w, form: right), rightIsTransposed: isTransposed)
    let elements = try y.type.elementCount.extent(["tokens": xShape[0]])
    return try draft.finish(
      ["y": y], matmulBound(MatMul(rightIsTransposed: isTransposed), x, w),
      floatingPointOperations: 2 * elements * (xShape.last ?? 0), zerosAreRight: xShape.last == 0)
  }

  /// NaN, infinities, signed zeros, denormals and huge values in either operand, one kind a row or column.
  static func matmulSpecial() throws -> [OpCase] {
    let specials: [Float] = [.nan, .infinity, -.infinity, -0.0, 0x1p-133, -1e30, 3e38]
    var cases: [OpCase] = []
    for encoding in Encoding.weights {
      let draft = CaseDraft(MatMul.self, "\(encoding) special values in x")
      var x = try draft.units([9, 64]).floats()
      for (row, special) in specials.enumerated() { x[row * 64 + row * 7] = special }
      for k in 0..<64 { x[7 * 64 + k] = -0.0 }
      let left = try Tensor(x, shape: [9, 64])
      let w = try HeddleReference.encode(draft.random.units(17 * 64).map { $0 * 0.5 }, as: encoding, shape: [17, 64])
      let y = try draft.builder.matmul(draft.input("x", left), draft.constant("w", w))
      cases.append(
        try draft.finish(
          ["y": y], matmulBound(MatMul(), left, w), floatingPointOperations: 2 * 9 * 64 * 17))
    }
    for encoding in [Encoding.float32, .float16, .bfloat16] {
      let draft = CaseDraft(MatMul.self, "\(encoding) special values in w")
      var values = draft.random.units(9 * 33)
      for (row, special) in specials.enumerated() { values[row * 33 + row * 4] = special }
      let w = try HeddleReference.encode(values, as: encoding, shape: [9, 33])
      // Away from zero: an infinity of w times a rounding of zero would be anything.
      let left = try Tensor(draft.random.units(5 * 33).map { $0 * 0.25 + 0.5 }, shape: [5, 33])
      let y = try draft.builder.matmul(draft.input("x", left), draft.constant("w", w))
      cases.append(
        try draft.finish(["y": y], matmulBound(MatMul(), left, w), floatingPointOperations: 2 * 5 * 33 * 9))
    }
    for format in BlockFormat.allCases {
      let draft = CaseDraft(MatMul.self, "\(format.rawValue) special scales")
      // Two blocks a row: 1, inf, −inf, NaN, least denormal, −0, greatest.
      let scales: [UInt16] = [0x3C00, 0x7C00, 0xFC00, 0x7E00, 0x0001, 0x8000, 0x7BFF]
      let w = try draft.randomBlocks(format, [8, 64]) { block in
        (scale: block % 2 == 0 ? 0x2E66 : scales[block / 2 % 7], least: block == 14 ? 0x7C00 : 0xA800)
      }
      let left = try Tensor(draft.random.units(3 * 64).map { $0 * 0.25 + 0.5 }, shape: [3, 64])
      let y = try draft.builder.matmul(draft.input("x", left), draft.constant("w", w))
      cases.append(
        try draft.finish(["y": y], matmulBound(MatMul(), left, w), floatingPointOperations: 2 * 3 * 64 * 8))
    }
    return cases
  }
}
