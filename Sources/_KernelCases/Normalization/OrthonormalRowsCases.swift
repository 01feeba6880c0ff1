import HeddleGraph
import HeddleReference

extension OrthonormalRows: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    let sizes = [(0, 5), (1, 1), (1, 40), (2, 2), (3, 17), (4, 16), (8, 64), (16, 257), (33, 33), (64, 300)]
    for (number, (rows, columns)) in sizes.enumerated() {
      let form = OperandForm.allCases[number % 4]
      cases.append(try make("[\(rows), \(columns)] \(form)", rows, columns, form) { _ in })
    }
    cases.append(
      try make("long and short rows [6, 50]", 6, 50) { values in
        for place in values.indices { values[place] *= [0x1p40, 0x1p-40, 1][place / 50 % 3] }
      })
    cases.append(
      try make("rows that others make [6, 30]", 6, 30) { values in
        for c in 0..<30 {
          values[30 + c] = 0
          values[90 + c] = -2 * values[60 + c]
          values[150 + c] = values[c] + 0.5 * values[60 + c]
        }
      })
    return cases
  }

  /// Rows with a one on the diagonal, and less than that beside it: far from being sums of each other.
  private static func make(
    _ name: String, _ rows: Int, _ columns: Int, _ form: OperandForm = .plain, _ change: (inout [Float]) -> Void
  ) throws -> OpCase {
    let draft = CaseDraft(OrthonormalRows.self, name)
    var values = draft.random.units(rows * columns).map { $0 / Float(columns).squareRoot() }
    for r in 0..<rows { values[r * columns + r] += 2 }
    change(&values)
    let x = try Tensor(values, shape: [rows, columns])
    let isSymbolic = rows % 2 == 0
    let count = isSymbolic ? try draft.builder.symbol("rows", in: 0...min(columns, rows + 2)) : Dimension(rows)
    let y = try draft.builder.orthonormalRows(draft.input("x", x, [count, Dimension(columns)], form: form))
    let bound = Double(8 * (columns + 8 * rows + 16)) * Tolerance.unit / Double(max(1, columns)).squareRoot()
    let bounds = values.map { _ in bound }
    return try draft.finish(
      ["y": y], .bounded { ["y": bounds] }, floatingPointOperations: 4 * rows * rows * columns,
      zerosAreRight: rows == 0)
  }

  public static let samples = OperationSamples(
    accepted: [
      .init(OrthonormalRows(), [Sample.f32(3, 8)], [Sample.f32(3, 8)]),
      .init(OrthonormalRows(), [Sample.f32(8, 8)], [Sample.f32(8, 8)]),
    ],
    refused: [
      .init(OrthonormalRows(), [Sample.f32(9, 8)]),
      .init(OrthonormalRows(), [Sample.f32(Sample.n, 8)]),
      .init(OrthonormalRows(), [Sample.f32(8)]),
      .init(OrthonormalRows(), [Sample.i32(3, 8)]),
    ],
    literals: [
      .init(
        OrthonormalRows(), [Sample.floats([3, 4, 0, 5], [2, 2])], Sample.floats([0.6, 0.8, -0.8, 0.6], [2, 2]))
    ])
}
