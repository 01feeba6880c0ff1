import HeddleGraph
import HeddleReference

extension MatMul {
  /// Both operands bfloat16, w a weight or an input in either layout; and 16-bit right operands that are inputs.
  static func matmulHalf() throws -> [OpCase] {
    let sizes = [
      (1, 16, 17), (3, 33, 16), (8, 64, 15), (17, 7, 1), (33, 96, 33), (2, 1, 65), (5, 0, 4), (0, 8, 5),
      (97, 257, 129), (95, 511, 63), (16, 255, 47), (2, 513, 33), (4, 64, 64),
    ]
    var cases: [OpCase] = []
    for (number, (tokens, inputs, outputs)) in sizes.enumerated() {
      for layout in 0..<3 {
        let combination = (number * 5 + layout * 13) % MatMul.Epilogue.combinations.count
        var epilogue = number % 2 == 0 ? .none : MatMul.Epilogue.combinations[combination]
        epilogue.isGated = epilogue.isGated && layout != 2
        var product = EpilogueProduct(epilogue)
        (product.left, product.encoding) = (.bfloat16, .bfloat16)
        (product.tokens, product.inputs) = (tokens, inputs)
        product.outputs = epilogue.isGated && layout == 0 ? 16 : outputs
        (product.isDynamic, product.isTransposed) = (layout > 0, layout != 2)
        product.form = number * 3 + layout
        product.values = number % 3 == 2 && [nil, .relu].contains(epilogue.activation) ? .whole : .units
        cases.append(try product.make())
      }
    }
    for encoding in [Encoding.float16, .bfloat16] {
      for (number, (tokens, inputs, outputs)) in sizes.prefix(4).enumerated() {
        var product = EpilogueProduct(.none)
        (product.encoding, product.isDynamic, product.form) = (encoding, true, number * 5)
        (product.tokens, product.inputs, product.outputs) = (tokens, inputs, outputs)
        cases.append(try product.make())
      }
    }
    for isDynamic in [false, true] {
      var product = EpilogueProduct(.init(bias: true))
      (product.left, product.encoding, product.isDynamic) = (.bfloat16, .bfloat16, isDynamic)
      (product.tokens, product.inputs, product.outputs) = (9, 5, 16)
      product.values = .special
      cases.append(try product.make())
    }
    return try cases + matmulHalfBatched()
  }

  private static func matmulHalfBatched() throws -> [OpCase] {
    let shapes: [(x: [Int], w: [Int])] = [
      ([2, 3, 16], [2, 5, 16]), ([3, 4, 33], [7, 33]), ([2, 1, 3, 8], [1, 3, 4, 8]),
    ]
    return try shapes.flatMap { shape in
      try [true, false].map { isTransposed in
        let draft = CaseDraft(MatMul.self, "bf16 \(shape.x) by \(shape.w) \(isTransposed ? "" : "straight")")
        var wShape = shape.w
        if !isTransposed { wShape.swapAt(wShape.count - 1, wShape.count - 2) }
        let x = try HeddleReference.encode(draft.random.units(shape.x.reduce(1, *)), as: .bfloat16, shape: shape.x)
        let w = try HeddleReference.encode(draft.random.units(wShape.reduce(1, *)), as: .bfloat16, shape: wShape)
        let y = try draft.builder.matmul(
          draft.input("x", x, form: .transposed), draft.input("w", w, form: .sliced), rightIsTransposed: isTransposed)
        return try draft.finish(
          ["y": y], matmulBound(MatMul(rightIsTransposed: isTransposed), x, w),
          floatingPointOperations: 2 * y.type.elementCount.extent([:]) * (shape.x.last ?? 0))
      }
    }
  }
}
