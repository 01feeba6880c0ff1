import HeddleGraph
import HeddleReference

extension KernelCases {
  static func convert() throws -> [OpCase] {
    // 1, −1, 0.1, least denormal, greatest denormal, −0, 0, least normal, greatest, inf, −inf, NaN.
    let halves: [UInt16] = [
      0x3C00, 0xBC00, 0x2E66, 0x0001, 0x83FF, 0x8000, 0x0000, 0x0400, 0x7BFF, 0x7C00, 0xFC00, 0x7E00,
    ]
    var cases: [OpCase] = []
    for format in BlockFormat.allCases {
      for shape in [[1, 32], [3, 64], [17, 96], [5, 576], [2, 3, 32], [32], [0, 64], [33, 32]] {
        let draft = CaseDraft("Quantization", .convert, "\(format.rawValue) \(shape)")
        let x = try encode(draft.random.units(shape.reduce(1, *)), as: .blocks(format), shape: shape)
        cases.append(try converted(draft, draft.constant("x", x)))
      }
      let random = CaseDraft("Quantization", .convert, "\(format.rawValue) random blocks")
      let normal = try random.randomBlocks(format, [16, 96]) { block in
        (scale: UInt16(0x2000 + block * 37 % 0x2000), least: UInt16(0xA000 + block * 91 % 0x1F00))
      }
      cases.append(try converted(random, random.constant("x", normal)))
      let special = CaseDraft("Quantization", .convert, "\(format.rawValue) special scales")
      let blocks = try special.randomBlocks(format, [12, 12 * 32]) { block in
        (scale: halves[block % 12], least: halves[block / 12])
      }
      cases.append(try converted(special, special.constant("x", blocks), zerosAreRight: true))
    }
    for encoding in [Encoding.float32, .float16, .bfloat16] {
      for (number, shape) in [[1], [7, 33], [16, 64], [3, 5, 31], [0, 4], [64, 65]].enumerated() {
        for form in [OperandForm.plain, OperandForm.allCases[number % 4]] {
          for isConstant in form == .plain ? [true, false] : [false] {
            let draft = CaseDraft(
              "Quantization", .convert, "\(encoding) \(shape) \(isConstant ? "constant" : "input \(form) \(number)")")
            let x = try draft.moveable(encoding, shape)
            cases.append(
              try converted(draft, isConstant ? draft.constant("x", x) : draft.input("x", x, form: form)))
          }
          if OperandForm.allCases[number % 4] == .plain { break }
        }
      }
    }
    for encoding in [Encoding.float16, .bfloat16] {
      let draft = CaseDraft("Quantization", .convert, "\(encoding) every pattern")
      let bytes = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
      let x = try Tensor(encoding: encoding, shape: [256, 256], bytes: bytes)
      cases.append(try converted(draft, draft.constant("x", x)))
    }
    return cases
  }

  private static func converted(_ draft: CaseDraft, _ x: Value, zerosAreRight: Bool = false) throws -> OpCase {
    let y = try draft.builder.convert(x, to: .float32)
    return try draft.finish(["y": y], .exact, zerosAreRight: zerosAreRight)
  }
}
