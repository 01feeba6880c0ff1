import HeddleGraph
import HeddleReference

extension Route: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    let sizes = [(1, 1, 1), (3, 8, 2), (5, 16, 16), (2, 65, 7), (17, 256, 8), (0, 4, 2), (4, 3, 1)]
    for (number, (tokens, experts, count)) in sizes.enumerated() {
      for (place, scores) in Scores.allCases.enumerated() {
        var route = Route(count: count, scores: scores)
        route.temperature = (number + place) % 3 == 0 ? 0.75 : 1
        route.normalizes = (number + place) % 2 == 0
        route.scale = number % 2 == 0 ? 2.5 : 1
        route.bias = (number + place) % 3 != 1
        cases.append(try make(route, tokens, experts, form: OperandForm.allCases[(number + place) % 4]))
      }
    }
    for (groups, kept, experts, count) in [(4, 2, 16, 3), (8, 4, 256, 8), (5, 3, 15, 9), (7, 7, 7, 7), (1, 1, 9, 4)] {
      for (place, score) in [Groups.Score.greatest, .sumOfTwoGreatest].enumerated() {
        let route = Route(
          count: count, scores: place == 0 ? .softmax : .sigmoid,
          groups: .init(count: groups, kept: kept, score: score),
          normalizes: true, scale: 2.5, bias: place == 1)
        cases.append(try make(route, 6, experts))
        cases.append(try make(route, 4, experts, logits: .ties))
        cases.append(try make(route, 6, experts, logits: .special))
      }
    }
    for encoding in [Encoding.float32, .int32] {
      var route = Route(
        count: 4, scores: .softmax, normalizes: true, epsilon: 0.5, bias: encoding == .int32, load: true)
      cases.append(try make(route, 9, 24, load: encoding))
      route.scores = .sigmoid
      cases.append(try make(route, 3, 70, load: encoding))
    }
    for scores in Scores.allCases {
      cases.append(try make(Route(count: 6, scores: scores), 5, 20, logits: .ties))
      cases.append(try make(Route(count: 6, scores: scores, normalizes: true), 7, 9, logits: .special))
      cases.append(try make(Route(count: 3, scores: scores, normalizes: true, scale: 1.5, table: true), 8, 12))
    }
    for (number, used) in [0, 1, 3, 5].enumerated() {
      var route = Route(count: 5, scores: Scores.allCases[number], normalizes: number > 0)
      cases.append(try make(route, 7, 24, used: used))
      route.table = true
      cases.append(try make(route, 3, 9, used: used))
    }
    return cases
  }

  /// What logits are.
  enum Logits: String { case spread, ties, special }

  static func make(
    _ route: Route, _ tokens: Int, _ experts: Int, logits kind: Logits = .spread, load: Encoding = .float32,
    form: OperandForm = .plain, used: Int? = nil, isSymbolic: Bool = true
  ) throws -> OpCase {
    let draft = CaseDraft(
      Route.self,
      [
        "\(route.count) of [\(tokens), \(experts)] \(route.scores.rawValue) \(kind)",
        route.groups.map { "\($0.kept) of \($0.count) groups by \($0.score.rawValue)" } ?? "", form.rawValue,
        route.bias ? "bias" : "", route.load ? "load \(load)" : "", route.table ? "table" : "",
        route.normalizes ? "normalized" : "", used.map { "\($0) used" } ?? "",
      ].filter { !$0.isEmpty }.joined(separator: " "))
    var values = draft.random.units(tokens * experts).map { $0 * 4 }
    if kind == .ties { values = values.map { $0.rounded() } }
    if kind == .special { addSpecials(to: &values, experts) }
    let rows = isSymbolic && tokens % 2 == 0 ? try draft.builder.symbol("tokens", in: 0...64) : Dimension(tokens)
    var route = route
    if let used {
      route.used = try draft.builder.symbol("used", in: 0...route.count)
      draft.bindings["used"] = used
    }
    var operands = [
      try draft.input("logits", Tensor(values, shape: [tokens, experts]), [rows, Dimension(experts)], form: form)
    ]
    if route.bias {
      let bias = try draft.units([experts], times: 5)
      operands.append(
        try draft.input("bias", kind == .ties ? Tensor(bias.floats().map { $0.rounded() }, shape: [experts]) : bias))
    }
    if route.load {
      let counts = (0..<experts).map { _ in draft.random.integer(0...40) }
      operands.append(
        try draft.input(
          "load",
          load == .int32 ? draft.integers(counts, [experts]) : Tensor(counts.map { Float($0) * 0.25 }, shape: [experts])
        ))
    }
    if route.table {
      let table = (0..<5 * route.count).map { _ in draft.random.integer(-1...experts) }
      let ids = (0..<tokens).map { _ in draft.random.integer(-1...5) }
      operands.append(try draft.input("table", draft.integers(table, [5, route.count])))
      operands.append(try draft.input("ids", draft.integers(ids, [tokens]), [rows]))
    }
    let results = try draft.builder.apply(route, operands)
    return try draft.finish(
      ["indices": results[0], "weights": results[1]], .relative(roundings: 96, smallest: 0x1p-100),
      floatingPointOperations: tokens * experts * 8, zerosAreRight: true)
  }

  /// NaN, −∞ and +∞ among logits, alone and throughout.
  private static func addSpecials(to values: inout [Float], _ experts: Int) {
    for place in values.indices {
      switch place / experts {
      case 0: if place % 3 == 0 { values[place] = .nan }
      case 1: values[place] = .nan
      case 2: if place % 2 == 0 { values[place] = -.infinity }
      case 3: values[place] = -.infinity
      case 4: if place % experts == experts - 1 { values[place] = .infinity }
      case 5: values[place] *= 40
      default: break
      }
    }
  }
}
