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
      // Work-groups of both rows at a time.
      (2, [1, 1], [2, 4096]),
    ]
    for (number, place) in places.enumerated() {
      for encoding in [Encoding.float32, .int32, .float16] {
        cases.append(try writePlaces(place.capacity, place.rows, place.row, encoding, number))
      }
    }
    for encoding in [Encoding.float16, .bfloat16, .q8_0, .int8_g64, .int8_g128] {
      for form in [OperandForm.plain, .slicedRows, .transposed] where form != .transposed || encoding != .int8_g128 {
        cases.append(try writeRounded(encoding, form, atPlaces: form == .slicedRows))
      }
    }
    for encoding in [Encoding.q8_0, .int8_g64, .q4_k] {
      let width = encoding.blockSize
      cases.append(try writePlaces(9, [3, -1, 0, 8, 9, 3], [2, width], encoding, 0))
      cases.append(try writeBlocks(encoding, capacity: 7, position: 3, rows: 2, [2, 2 * width]))
    }
    return cases
  }

  /// Floats that are rounded where they are written, at places or from a position on.
  private static func writeRounded(_ encoding: Encoding, _ form: OperandForm, atPlaces: Bool) throws -> OpCase {
    let draft = CaseDraft(WriteRows.self, "f32 as \(encoding) \(atPlaces ? "at places" : "from 4 on") \(form)")
    let row = [3, max(2 * encoding.blockSize, 20)]
    var values = try draft.moveable(.float32, [6] + row).floats()
    // Blocks of small and of great values, and of none.
    let size = max(encoding.blockSize, 16)
    for (block, scale) in [(1, 0), (2, 0x1p-30), (3, 0x1p-22), (4, 0x1p-12), (5, 9e6), (6, 8e6)] as [(Int, Float)] {
      for index in block * size..<(block + 1) * size { values[index] *= scale }
    }
    let x = try draft.input("x", Tensor(values, shape: [6] + row), form: form)
    let old = try draft.moveable(encoding, [11] + row)
    let cache = try draft.input("cache", old)
    let y =
      atPlaces
      ? try draft.builder.writeRows(x, to: cache, rows: draft.input("rows", draft.integers([9, 0, -1, 4, 11, 0], [6])))
      : try draft.builder.writeRows(x, to: cache, at: 4)
    return try draft.finish(["y": y], .exact)
  }

  /// Rows in blocks from a position on.
  private static func writeBlocks(
    _ encoding: Encoding, capacity: Int, position: Int, rows: Int, _ row: [Int]
  ) throws -> OpCase {
    let draft = CaseDraft(WriteRows.self, "\(encoding) \(capacity)x\(row) rows\(rows) at\(position)")
    let past = try draft.builder.symbol("past", in: 0...64)
    let tokens = try draft.builder.symbol("tokens", in: 0...64)
    draft.bindings["past"] = position
    let y = try draft.builder.writeRows(
      draft.input("x", draft.moveable(encoding, [rows] + row), [tokens] + row.map { Dimension($0) }),
      to: draft.input("cache", draft.moveable(encoding, [capacity] + row)), at: past)
    return try draft.finish(["y": y], .exact)
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
