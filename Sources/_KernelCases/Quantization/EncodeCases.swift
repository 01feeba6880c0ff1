import HeddleGraph
import HeddleReference

extension Encode: CasedOperation {
  public static func cases() throws -> [OpCase] { try allConverted() + pruned() + searched() }

  private static func allConverted() throws -> [OpCase] {
    // 1, −1, 0.1, least denormal, greatest denormal, −0, 0, least normal, greatest, inf, −inf, NaN.
    let halves: [UInt16] = [
      0x3C00, 0xBC00, 0x2E66, 0x0001, 0x83FF, 0x8000, 0x0000, 0x0400, 0x7BFF, 0x7C00, 0xFC00, 0x7E00,
    ]
    var cases: [OpCase] = []
    for format in Encoding.quantized {
      for shape in [[1, 32], [3, 64], [17, 96], [5, 576], [2, 3, 32], [32], [0, 64], [33, 32]] {
        let draft = CaseDraft(Encode.self, "\(format) \(shape)", seed: "convert")
        let x = try Tensor(draft.random.units(shape.reduce(1, *)), as: format, shape: shape)
        cases.append(try converted(draft, draft.constant("x", x)))
      }
      let random = CaseDraft(Encode.self, "\(format) random blocks", seed: "convert")
      let normal = try random.scaledBlocks(format, [16, 96]) { block in
        (scale: UInt16(0x2000 + block * 37 % 0x2000), least: UInt16(0xA000 + block * 91 % 0x1F00))
      }
      cases.append(try converted(random, random.constant("x", normal)))
      let special = CaseDraft(Encode.self, "\(format) special scales", seed: "convert")
      let blocks = try special.scaledBlocks(format, [12, 12 * 32]) { block in
        (scale: halves[block % 12], least: halves[block / 12])
      }
      cases.append(try converted(special, special.constant("x", blocks), zerosAreRight: true))
    }
    for format in Encoding.read {
      for (number, shape) in [[17, 3], [1, 1], [5, 2], [2, 3, 1], [0, 2]].enumerated() {
        let extents = Array(shape.dropLast()) + [shape[shape.count - 1] * format.blockSize]
        let draft = CaseDraft(Encode.self, "\(format) any bits \(extents)")
        let x = try draft.randomBlocks(format, extents)
        cases.append(
          try converted(
            draft, draft.constant("x", x), isCampaign: !format.values.isRepresentative && number > 0))
      }
    }
    for encoding in [Encoding.float32, .float16, .bfloat16] {
      for (number, shape) in [[1], [7, 33], [16, 64], [3, 5, 31], [0, 4], [64, 65]].enumerated() {
        for form in [OperandForm.plain, OperandForm.allCases[number % 4]] {
          for isConstant in form == .plain ? [true, false] : [false] {
            let draft = CaseDraft(
              Encode.self, "\(encoding) \(shape) \(isConstant ? "constant" : "input \(form) \(number)")",
              seed: "convert")
            let x = try draft.moveable(encoding, shape)
            cases.append(
              try converted(draft, isConstant ? draft.constant("x", x) : draft.input("x", x, form: form)))
          }
          if OperandForm.allCases[number % 4] == .plain { break }
        }
      }
    }
    for encoding in [Encoding.float16, .bfloat16] {
      let draft = CaseDraft(Encode.self, "\(encoding) every pattern", seed: "convert")
      let bytes = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
      let x = try Tensor(encoding: encoding, shape: [256, 256], bytes: bytes)
      cases.append(try converted(draft, draft.constant("x", x)))
    }
    return try cases + narrowed() + sparseConvert()
  }

  /// Every kind of pattern and every value format; rows and columns that do not fill their groups, none at all, and two
  /// weights one below the other.
  private static func sparseConvert() throws -> [OpCase] {
    let list: [(pattern: String, values: ValueFormat, shape: [Int], target: Encoding)] = [
      ("2:4", .int4, [33, 64], .float32), ("1:8", .float16, [17, 32], .float16), ("8:16", .int8, [5, 96], .float32),
      ("vw16:32", .int8, [47, 64], .float32), ("vw5:7", .float32, [2, 20, 21], .float32),
      ("nvw12:16", .int4, [33, 80], .bfloat16), ("vw64:64", .bfloat16, [3, 64], .float32),
      ("block16@50", .float16, [33, 96], .float32), ("block32@75", .int8, [70, 160], .float32),
      ("block48@40", .int4, [50, 144], .float32), ("block64@100", .float32, [64, 64], .float32),
      ("2:4", .bfloat16, [0, 32], .float32),
    ]
    var cases: [OpCase] = []
    for (pattern, values, shape, target) in list {
      let format = try MatMul.sparseFormat(pattern, values)
      let draft = CaseDraft(Encode.self, "\(format) to \(target) \(shape)", seed: "convert")
      let x = try Tensor(draft.random.units(shape.reduce(1, *)), as: .sparse(format), shape: shape)
      cases.append(try converted(draft, draft.constant("x", x), to: target, zerosAreRight: true))
    }
    for format in [try MatMul.sparseFormat("vw11:32", .int8), try MatMul.sparseFormat("4:8", .float32)] {
      let draft = CaseDraft(Encode.self, "\(format) two constants", seed: "convert")
      let parts = try [("above", 32), ("below", 7)].map { name, rows in
        try draft.constant(
          name, Tensor(draft.random.units(rows * 64), as: .sparse(format), shape: [rows, 64]))
      }
      cases.append(try converted(draft, draft.builder.concatenate(parts, axis: 0), zerosAreRight: true))
    }
    return cases
  }

  /// To the 16-bit formats, from all others.
  private static func narrowed() throws -> [OpCase] {
    var cases: [OpCase] = []
    for target in [Encoding.float16, .bfloat16] {
      for (e, source) in [Encoding.float32, .float16, .bfloat16].enumerated() {
        for (number, shape) in [[1], [7, 33], [16, 64], [3, 5, 31], [0, 4], [64, 65]].enumerated() {
          let form = OperandForm.allCases[(number + e) % 4]
          let draft = CaseDraft(Encode.self, "\(source) to \(target) \(shape) \(form)", seed: "convert")
          let x = try draft.moveable(source, shape)
          cases.append(try converted(draft, draft.input("x", x, form: form), to: target))
        }
        let draft = CaseDraft(Encode.self, "\(source) to \(target) constant", seed: "convert")
        cases.append(try converted(draft, draft.constant("x", draft.moveable(source, [5, 33])), to: target))
      }
      // All signs and exponents; ties and their neighbours in either format.
      let lows: [UInt32] = [0, 0x8000, 0x7FFF, 0x8001, 0x1000, 0x0FFF, 0x1001, 0x3000]
      let patterns = (0...UInt32(0xFFFF)).map { Float(bitPattern: $0 << 16 | lows[Int(($0 ^ $0 >> 5) % 8)]) }
      let every = CaseDraft(Encode.self, "f32 to \(target) every exponent", seed: "convert")
      cases.append(try converted(every, every.input("x", Tensor(patterns, shape: [256, 256])), to: target))
      let edges: [Float] = [
        65504, 65519.996, 65520, 65535, 65536, 3e38, .infinity, -.infinity, .nan, -.nan, 0x1p-14, 0x1.ffcp-15,
        0x1.ffep-15, 0x1.fffp-15, 0x1p-24, 0x1p-25, 0x1.000002p-25, 0x1.8p-24, -0x1p-26, 0x1p-149, -0.0, 2049, 2051,
        Float(bitPattern: 0x7F80_0001), Float(bitPattern: 0x7F7F_8000), Float(bitPattern: 0xFFFF_FFFF),
      ]
      let special = CaseDraft(Encode.self, "f32 to \(target) edges", seed: "convert")
      cases.append(try converted(special, special.input("x", Tensor(edges, shape: [edges.count])), to: target))
      for format in Encoding.quantized {
        let draft = CaseDraft(Encode.self, "\(format) to \(target)", seed: "convert")
        let x = try Tensor(draft.random.units(17 * 64), as: format, shape: [17, 64])
        cases.append(try converted(draft, draft.constant("x", x), to: target))
      }
    }
    return cases
  }

  static func converted(
    _ draft: CaseDraft, _ x: Value, to encoding: Encoding = .float32, zerosAreRight: Bool = false,
    isCampaign: Bool = false
  ) throws -> OpCase {
    let y = try draft.builder.encode(x, as: encoding)
    return try draft.finish(["y": y], .exact, zerosAreRight: zerosAreRight, isCampaign: isCampaign)
  }
}
