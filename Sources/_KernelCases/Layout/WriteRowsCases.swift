import HeddleGraph
import HeddleReference

extension WriteRows: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    let shapes: [(capacity: Int, rows: Int, position: Int, row: [Int])] = [
      (8, 1, 0, [2, 4]), (8, 3, 5, [2, 4]), (33, 17, 16, [3, 5]), (5, 0, 5, [7]),
      (64, 31, 2, [1, 64]), (4, 4, 0, []), (16, 1, 15, [3, 16]),
    ]
    for (number, shape) in shapes.enumerated() {
      for encoding in [Encoding.float32, .int32, .float16] {
        let form = shape.row.isEmpty ? .plain : OperandForm.allCases[number % 4]
        let draft = CaseDraft(
          WriteRows.self, "\(encoding) \(shape.capacity)x\(shape.row) rows\(shape.rows) at\(shape.position) \(form)")
        let cache = try draft.moveable(encoding, [shape.capacity] + shape.row)
        let x = try draft.moveable(encoding, [shape.rows] + shape.row)
        var (position, rows) = (Dimension(shape.position), Dimension(shape.rows))
        if number % 2 == 0 {
          position = try draft.builder.symbol("past", in: 0...64)
          rows = try draft.builder.symbol("tokens", in: 0...64)
          draft.bindings["past"] = shape.position
        }
        // The cache is a temporary, which nothing else reads: in place or not, the result is the same.
        let y = try draft.builder.writeRows(
          draft.input("x", x, [rows] + shape.row.map { Dimension($0) }, form: form),
          to: draft.input("cache", cache), at: position)
        cases.append(try draft.finish(["y": y], .exact))
      }
    }
    cases.append(try writeSteps())
    // Rows anywhere, some dropped, some for one place.
    let places: [(capacity: Int, rows: [Int], row: [Int])] = [
      (8, [5], [2, 4]), (9, [3, -1, 0, 8, 9, 3], [3, 5]), (70, Array((0..<70).reversed()), [1, 64]), (4, [], [7]),
      (6, [2, 2, 2, Int(Int32.min), Int(Int32.max)], []), (5, [1, 4], [0]),
    ]
    for (number, place) in places.enumerated() {
      for encoding in [Encoding.float32, .int32, .float16] {
        cases.append(try writePlaces(place.capacity, place.rows, place.row, encoding, number))
      }
    }
    return cases
  }

  private static func writePlaces(
    _ capacity: Int, _ rows: [Int], _ row: [Int], _ encoding: Encoding, _ number: Int
  ) throws -> OpCase {
    let form = row.count < 2 ? .plain : OperandForm.allCases[number % 4]
    let draft = CaseDraft(WriteRows.self, "\(encoding) \(capacity)x\(row) at \(rows.count) places \(form)")
    let cache = try draft.moveable(encoding, [capacity] + row)
    let x = try draft.moveable(encoding, [rows.count] + row)
    let y = try draft.builder.writeRows(
      draft.input("x", x, form: form), to: draft.input("cache", cache),
      rows: draft.input("rows", draft.integers(rows, [rows.count])))
    return try draft.finish(["y": y], .exact, zerosAreRight: row.contains(0))
  }

  /// A state that grows, its earlier rows kept, and the value before the step beside the one after it.
  private static func writeSteps() throws -> OpCase {
    let draft = CaseDraft(WriteRows.self, "steps 3+1+2 of a state")
    let past = try draft.builder.symbol("past", in: 0...16)
    let tokens = try draft.builder.symbol("tokens", in: 0...16)
    let cache = try draft.builder.state("cache", .float32, [7, 5])
    let next = try draft.builder.writeRows(draft.builder.input("x", .float32, [tokens, 5]), to: cache, at: past)
    try draft.builder.update(state: "cache", to: next)
    var steps: [RunRequest] = []
    for (position, rows) in [(0, 3), (3, 1), (4, 2)] {
      steps.append(RunRequest(inputs: ["x": try draft.units([rows, 5])], bindings: ["past": position]))
    }
    return try draft.finish(["y": next], .exact, zerosAreRight: true, steps: steps)
  }
}
