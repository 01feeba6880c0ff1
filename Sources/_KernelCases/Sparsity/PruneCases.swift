import HeddleGraph
import HeddleReference

extension Encode {
  /// A pattern of each kind and size of index, at rows that fill no group.
  private static let patterns = [
    "1:4", "2:4", "4:8", "1:8", "2:16", "8:16", "vw16:32", "vw5:7", "vw64:64", "nvw3:8", "nvw16:32", "block16@50",
    "block48@10", "block64@75",
  ]

  static func pruned() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, pattern) in patterns.enumerated() {
      // Two value formats of each pattern in full, so that each meets every kind of pattern.
      let kind = pattern.prefix { !$0.isNumber }
      let isFirst = patterns.first { $0.prefix { !$0.isNumber } == kind } == pattern
      for (place, values) in SparseFormat.Values.allCases.enumerated() where isFirst || (place + number) % 5 < 2 {
        let format = try format("\(pattern)-\(values.rawValue)")
        let rows = [37, 33, 70, 1, 65][(number + place) % 5]
        let form = OperandForm.allCases[(number + place) % 4]
        let draft = CaseDraft(Encode.self, "\(format) \(rows) rows \(form)", seed: "prune")
        cases.append(try pruned(draft, draft.units([rows, 3 * format.pattern.span]), format, form))
      }
    }
    return try cases + specialValues() + sizes()
  }

  /// Ties, NaN, infinities, zeros of either sign, subnormals, and values whose scales under- and overflow.
  private static func specialValues() throws -> [OpCase] {
    let values: [(String, [Float])] = [
      ("ties", [1, -1, 1, 2, -2, 2, 0.5]),
      ("special", [.nan, .infinity, -0.0, 1, -.infinity, 0, 3e38, 0x1p-133, -2, -.nan, 65520, -0x1p-149]),
      ("no numbers", [.nan]), ("zeros", [-0.0, 0, 0]),
      ("subnormal", [0x1p-140, -0x1.8p-139, 0x1p-149, 0x1p-126, -0x1.fffffp-127]),
      ("huge", [3e38, -2.5e38, 1.7e38, -1e37]), ("overflowing scale", [6e5, -3e5, 1e5, 524_288]),
    ]
    var cases: [OpCase] = []
    for (number, (name, choice)) in values.enumerated() {
      for (place, pattern) in ["2:4", "vw3:7", "block16@50"].enumerated() {
        let kinds = SparseFormat.Values.allCases
        // Quantized ones where scales are at stake, any of the others elsewhere.
        let stored = (number + place) % 2 == 0 ? kinds[3 + (number + place) / 2 % 2] : kinds[(number + place) / 2 % 3]
        let format = try format("\(pattern)-\(stored.rawValue)")
        let draft = CaseDraft(Encode.self, "\(format) \(name)", seed: "prune")
        let shape = [35, 2 * format.pattern.span]
        let x = (0..<shape[0] * shape[1]).map { _ in choice[Int(draft.random.next() % UInt64(choice.count))] }
        cases.append(try pruned(draft, Tensor(x, shape: shape), format))
      }
    }
    return cases
  }

  /// Extents of 0 and 1 span, patterns that keep all or nothing.
  private static func sizes() throws -> [OpCase] {
    let sizes: [(String, Int, Int)] = [
      ("2:4-int8", 0, 1), ("vw16:32-int8", 0, 2), ("block16@50-f16", 0, 2), ("block16@50-int8", 20, 0),
      ("vw1:1-bf16", 33, 1), ("block32@100-int8", 40, 2), ("block64@0-int4", 65, 1), ("vw16:32-f16", 64, 9),
      ("block16@37-int8", 100, 21),
    ]
    return try sizes.map { name, rows, spans in
      let format = try format(name)
      let draft = CaseDraft(Encode.self, "\(name) \(rows) rows of \(spans) spans", seed: "prune")
      return try pruned(draft, draft.units([rows, spans * format.pattern.span]), format)
    }
  }

  private static func format(_ name: String) throws -> SparseFormat {
    guard let format = SparseFormat(name: name) else { throw TypeError.invalidPattern(name) }
    return format
  }

  private static func pruned(
    _ draft: CaseDraft, _ x: Tensor, _ format: SparseFormat, _ form: OperandForm = .plain
  ) throws -> OpCase {
    let y = try draft.builder.encode(draft.input("x", x, form: form), as: .sparse(format))
    return try draft.finish(["y": y], .exact)
  }
}
