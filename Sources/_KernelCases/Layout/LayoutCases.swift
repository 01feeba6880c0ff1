import HeddleGraph
import HeddleReference

extension KernelCases {
  private static let shapes: [[Int]] = [
    [1], [17], [5, 7], [16, 33], [64, 65], [3, 1, 4], [2, 3, 5, 7], [2, 3, 1, 4, 5], [0, 3], [31, 2, 33],
  ]
  private static let encodings: [Encoding] = [.float32, .int32, .float16]

  static func reshape() throws -> [OpCase] {
    var cases: [OpCase] = []
    let targets = [
      [1, 1], [1, 17, 1], [35], [4, 4, 33], [65, 64], [4, 3], [6, 35], [5, 24], [3, 0, 9], [62, 33],
    ]
    for (number, (shape, target)) in zip(shapes, targets).enumerated() {
      for (round, form) in OperandForm.allCases.enumerated() {
        let encoding = encodings[(number + round) % 3]
        let draft = CaseDraft("Layout", .reshape, "\(encoding) \(shape) to \(target) \(form)")
        let y = try draft.builder.reshape(
          draft.input("x", draft.moveable(encoding, shape), form: form), to: target.map { Dimension($0) })
        cases.append(try draft.finish(["y": y], .exact))
      }
    }
    for (rows, form) in [(1, OperandForm.plain), (16, .transposed), (33, .sliced), (0, .plain), (7, .slicedRows)] {
      let draft = CaseDraft("Layout", .reshape, "f32 [tokens = \(rows), 12] to heads \(form) symbolic")
      let tokens = try draft.builder.symbol("tokens", in: 0...64)
      let x = try draft.input("x", draft.moveable(.float32, [rows, 12]), [tokens, 12], form: form)
      let heads = try draft.builder.reshape(x, to: [tokens, 3, 4])
      let flat = try draft.builder.reshape(x, to: [tokens * 12])
      cases.append(try draft.finish(["flat": flat, "heads": heads], .exact))
    }
    let scalar = CaseDraft("Layout", .reshape, "f32 [1, 1] to rank 0")
    cases.append(
      try scalar.finish(
        ["y": scalar.builder.reshape(scalar.input("x", scalar.units([1, 1])), to: [])], .exact))
    return cases
  }

  static func transpose() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, shape) in shapes.enumerated() {
      let rank = shape.count
      let permutations = [
        Array((0..<rank).reversed()), Array(0..<rank), (0..<rank).map { ($0 + 1) % rank }, [1, 0] + (2..<max(rank, 2)),
      ].filter { $0.count == rank }
      for (round, permutation) in permutations.enumerated() {
        for encoding in encodings.prefix(number % 3 == 0 ? 3 : 1 + round % 2) {
          let form = OperandForm.allCases[(number + round) % 4]
          let draft = CaseDraft("Layout", .transpose, "\(encoding) \(shape) by \(permutation) \(form) \(round)")
          var extents = shape.map { Dimension($0) }
          if round % 2 == 0 { extents[0] = try draft.builder.symbol("n", in: 0...64) }
          let y = try draft.builder.transpose(
            draft.input("x", draft.moveable(encoding, shape), extents, form: form), permutation)
          cases.append(try draft.finish(["y": y], .exact))
        }
      }
    }
    let scalar = CaseDraft("Layout", .transpose, "f32 rank 0")
    cases.append(
      try scalar.finish(["y": scalar.builder.transpose(scalar.input("x", scalar.units([])), [])], .exact))
    return cases
  }

  static func slice() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, shape) in shapes.enumerated() {
      for axis in shape.indices {
        let extent = shape[axis]
        for (round, part) in [(extent / 3, extent - extent / 3), (0, (extent + 1) / 2), (extent, 0)].enumerated() {
          let encoding = encodings[(number + axis + round) % 3]
          let form = OperandForm.allCases[(number + round) % 4]
          let draft = CaseDraft("Layout", .slice, "\(encoding) \(shape) axis\(axis) \(part) \(form) \(round)")
          let y = try draft.builder.slice(
            draft.input("x", draft.moveable(encoding, shape), form: form), axis: axis, start: Dimension(part.0),
            count: Dimension(part.1))
          cases.append(try draft.finish(["y": y], .exact))
        }
      }
    }
    // The last of a symbolic number of rows, as a language model takes its last token; and a symbolic window.
    for (rows, form) in [(1, OperandForm.plain), (2, .sliced), (17, .transposed), (33, .plain), (64, .slicedRows)] {
      let draft = CaseDraft("Layout", .slice, "f32 last of [\(rows), 9] \(form) symbolic")
      let tokens = try draft.builder.symbol("tokens", in: 1...64)
      let x = try draft.input("x", draft.moveable(.float32, [rows, 9]), [tokens, 9], form: form)
      let last = try draft.builder.slice(x, axis: 0, start: tokens - 1, count: 1)
      let rest = try draft.builder.slice(x, axis: 0, start: 1, count: tokens - 1)
      cases.append(try draft.finish(["last": last, "rest": rest], .exact))
    }
    for (start, count) in [(0, 0), (3, 4), (20, 13), (64, 0), (0, 64)] {
      let draft = CaseDraft("Layout", .slice, "i32 window \(start) count \(count) symbolic")
      let from = try draft.builder.symbol("start", in: 0...64)
      let rows = try draft.builder.symbol("count", in: 0...64)
      draft.bindings = ["start": start, "count": count]
      let y = try draft.builder.slice(
        draft.input("x", draft.moveable(.int32, [128, 3])), axis: 0, start: from, count: rows)
      cases.append(try draft.finish(["y": y], .exact))
    }
    return cases
  }

  static func concatenate() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, shape) in shapes.enumerated() {
      for axis in shape.indices {
        for round in 0..<2 {
          let encoding = encodings[(number + axis + round) % 3]
          let draft = CaseDraft("Layout", .concatenate, "\(encoding) \(shape) axis\(axis) \(round)")
          let extents = round == 0 ? [shape[axis], 1, 16] : [3, 0, shape[axis]]
          let operands = try extents.enumerated().map { place, extent in
            var part = shape
            part[axis] = extent
            let form = OperandForm.allCases[(number + place + round) % 4]
            return try draft.input("x\(place)", draft.moveable(encoding, part), form: form)
          }
          cases.append(try draft.finish(["y": draft.builder.concatenate(operands, axis: axis)], .exact))
        }
      }
    }
    for (a, b) in [(0, 0), (1, 16), (17, 0), (31, 33)] {
      let draft = CaseDraft("Layout", .concatenate, "f32 rows \(a) and \(b) symbolic")
      let first = try draft.builder.symbol("a", in: 0...64)
      let second = try draft.builder.symbol("b", in: 0...64)
      let x = try draft.input("x", draft.moveable(.float32, [a, 6]), [first, 6])
      let z = try draft.input("z", draft.moveable(.float32, [b, 6]), [second, 6], form: .sliced)
      let y = try draft.builder.concatenate([x, z, x], axis: 0)
      cases.append(try draft.finish(["y": y], .exact))
    }
    let one = CaseDraft("Layout", .concatenate, "i32 of one")
    cases.append(
      try one.finish(["y": one.builder.concatenate([one.input("x", one.moveable(.int32, [4, 5]))], axis: 1)], .exact))
    return cases
  }
}
