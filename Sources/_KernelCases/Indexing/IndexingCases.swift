import HeddleGraph
import HeddleReference

extension KernelCases {
  static func embeddingLookup() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (e, encoding) in Encoding.weights.enumerated() {
      let widths = encoding.blockSize == 1 ? [1, 7, 64, 576] : [32, 64, 96, 576]
      for (w, width) in widths.enumerated() {
        for (i, shape) in [[1], [5], [17], [33], [0], [2, 3], []].enumerated() {
          guard (e + w + i) % 2 == 0 else { continue }
          let vocabulary = [1, 7, 33, 64][(e + i) % 4]
          let draft = CaseDraft("Indexing", .embeddingLookup, "\(encoding) \(vocabulary)x\(width) ids\(shape)")
          let table = try encode(
            draft.random.units(vocabulary * width), as: encoding, shape: [vocabulary, width])
          let count = shape.reduce(1, *)
          var ids = (0..<count).map { _ in draft.random.integer(0...vocabulary - 1) }
          let outside = [-1, vocabulary, Int(Int32.max), Int(Int32.min)]
          if count > 4 { for (place, id) in outside.enumerated() { ids[place + 1] = id } }
          var extents = shape.map { Dimension($0) }
          if i % 2 == 1, !shape.isEmpty { extents[0] = try draft.builder.symbol("tokens", in: 0...64) }
          let form = OperandForm.allCases[(i + w) % 4]
          let isDynamic = encoding == .float32 && i % 2 == 0
          let y = try draft.builder.embeddingLookup(
            table: isDynamic
              ? draft.input("table", table, form: OperandForm.allCases[(i + w + 1) % 4])
              : draft.constant("table", table),
            ids: draft.input("ids", draft.integers(ids, shape), extents, form: form))
          cases.append(try draft.finish(["y": y], .exact))
        }
      }
    }
    let draft = CaseDraft("Indexing", .embeddingLookup, "empty vocabulary")
    let y = try draft.builder.embeddingLookup(
      table: draft.constant("table", Tensor([Float](), shape: [0, 8])),
      ids: draft.input("ids", draft.integers([0, 1], [2])))
    cases.append(try draft.finish(["y": y], .exact))
    return cases
  }

  static func argmax() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, width) in [1, 2, 15, 16, 17, 31, 33, 64, 65, 257, 1000, 49_152].enumerated() {
      for (round, rows) in [[1], [5], [2, 3], [], [0]].enumerated() where width < 2000 || rows.count < 2 {
        let form = OperandForm.allCases[(number + round) % 4]
        let draft = CaseDraft("Indexing", .argmax, "\(rows + [width]) \(form)")
        cases.append(try argmax(draft, draft.units(rows + [width]), form, isSymbolic: round % 2 == 0))
      }
      let ties = CaseDraft("Indexing", .argmax, "ties [7, \(width)]")
      cases.append(try argmax(ties, ties.wholes([7, width], 0...2), .plain, isSymbolic: false))
    }
    for width in [3, 17, 64, 300] {
      let draft = CaseDraft("Indexing", .argmax, "special rows [9, \(width)]")
      var x = draft.random.units(9 * width)
      for d in 0..<width {
        x[d] = -.infinity
        x[width + d] = .nan
        x[2 * width + d] = d % 2 == 0 ? 0 : -0.0
        x[7 * width + d] = -3e38
        x[8 * width + d] = 0.25
      }
      x[3 * width + width - 1] = .nan
      x[4 * width + 1] = .nan
      x[4 * width + 2] = .nan
      (x[5 * width], x[5 * width + width - 1]) = (.infinity, .nan)
      x[6 * width + width - 1] = .infinity
      cases.append(try argmax(draft, Tensor(x, shape: [9, width]), .plain, isSymbolic: false))
    }
    return cases
  }

  static func argmax(
    _ draft: CaseDraft, _ x: Tensor, _ form: OperandForm, isSymbolic: Bool
  ) throws -> OpCase {
    var extents = x.shape.map { Dimension($0) }
    if isSymbolic, extents.count > 1 { extents[0] = try draft.builder.symbol("rows", in: 0...64) }
    let y = try draft.builder.argmax(draft.input("x", x, extents, form: form))
    return try draft.finish(["y": y], .exact, floatingPointOperations: x.elementCount, zerosAreRight: true)
  }

  static func range() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (start, count) in [(0, 0), (0, 1), (5, 15), (0, 16), (1, 17), (200, 33), (8128, 64), (2_000_000_000, 65)] {
      for isSymbolic in [false, true] {
        let draft = CaseDraft("Indexing", .range, "from \(start) count \(count)\(isSymbolic ? " symbolic" : "")")
        var (from, rows) = (Dimension(start), Dimension(count))
        if isSymbolic {
          from = try draft.builder.symbol("past", in: 0...2_000_000_000)
          rows = try draft.builder.symbol("tokens", in: 0...128)
          draft.bindings = ["past": start, "tokens": count]
        }
        cases.append(
          try draft.finish(["y": draft.builder.range(from: from, count: rows)], .exact, zerosAreRight: true))
      }
    }
    return cases
  }
}
