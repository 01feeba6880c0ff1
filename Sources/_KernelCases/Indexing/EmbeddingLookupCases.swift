import HeddleGraph
import HeddleReference

extension EmbeddingLookup: CasedOperation {
  /// Of formats that another stands for, rows of one width are enough.
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (e, encoding) in Encoding.weights.enumerated() {
      let widths =
        encoding.blockSize == 1
        ? [1, 7, 64, 576] : [32, 64, 96, 576].map { $0 / 32 * encoding.blockSize }.filter { $0 <= 1024 }
      for (w, width) in widths.enumerated() {
        for (i, shape) in [[1], [5], [17], [33], [0], [2, 3], []].enumerated() {
          guard (e + w + i) % 2 == 0 else { continue }
          let vocabulary = [1, 7, 33, 64][(e + i) % 4]
          let draft = CaseDraft(EmbeddingLookup.self, "\(encoding) \(vocabulary)x\(width) ids\(shape)")
          let table = try draft.weights(encoding, [vocabulary, width])
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
          cases.append(
            try draft.finish(
              ["y": y], .exact, isCampaign: !encoding.values.isRepresentative && w != e % widths.count))
        }
      }
    }
    let draft = CaseDraft(EmbeddingLookup.self, "empty vocabulary")
    let y = try draft.builder.embeddingLookup(
      table: draft.constant("table", Tensor([Float](), shape: [0, 8])),
      ids: draft.input("ids", draft.integers([0, 1], [2])))
    cases.append(try draft.finish(["y": y], .exact))
    return cases
  }
}
