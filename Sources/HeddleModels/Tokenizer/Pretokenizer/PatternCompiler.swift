import HeddleText

/// Compiles a regular expression in one pass. Groups that are open stand on a stack, so however deep they nest, nothing
/// calls itself.
struct PatternCompiler {
  /// A group that is open: what its alternatives so far compile to.
  private struct Group {
    var alternatives: [[Pattern.Instruction]] = []
    var current: [Pattern.Instruction] = []
    /// Where in `current` the last atom begins, which a quantifier is of.
    var atom: Int?
    var ignoresCase = false
  }

  private var text: [Unicode.Scalar]
  private var index = 0
  private var groups = [Group()]

  static func compile(_ text: String) -> [Pattern.Instruction]? {
    var compiler = PatternCompiler(text: Array(text.unicodeScalars))
    while let scalar = compiler.next() { guard compiler.read(scalar) else { return nil } }
    guard compiler.groups.count == 1, let group = compiler.groups.popLast() else { return nil }
    return joined(group)
  }

  private init(text: [Unicode.Scalar]) { self.text = text }

  private mutating func next() -> Unicode.Scalar? {
    defer { index &+= 1 }
    return text[at: index]
  }

  private mutating func take(_ wanted: String) -> Bool {
    let scalars = Array(wanted.unicodeScalars)
    guard text.part(from: index, to: index &+ scalars.count).elementsEqual(scalars) else { return false }
    index &+= scalars.count
    return true
  }

  private mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "(": return open()
    case ")": return close()
    case "|":
      groups.update(at: groups.count &- 1) {
        $0.alternatives.append($0.current)
        ($0.current, $0.atom) = ([], nil)
      }
      return true
    case "?": return quantify(0, 1)
    case "*": return quantify(0, .max)
    case "+": return quantify(1, .max)
    case "{":
      guard let least = number() else { return false }
      let most = take(",") ? number() : least
      guard let most, least <= most, take("}") else { return false }
      return quantify(least, most)
    case "$":
      append([.lineEnd], isAtom: false)
      return true
    default:
      guard let set = set(beginningWith: scalar) else { return false }
      append([.run(set, least: 1, most: 1, isPossessive: false)])
      return true
    }
  }

  private mutating func append(_ instructions: [Pattern.Instruction], isAtom: Bool = true) {
    groups.update(at: groups.count &- 1) {
      $0.atom = isAtom ? $0.current.count : nil
      $0.current += instructions
    }
  }

  private mutating func open() -> Bool {
    let ignoresCase = groups.last?.ignoresCase == true
    for (mark, isNegative) in [("?=", false), ("?!", true)] where take(mark) {
      guard let first = next(), let set = set(beginningWith: first), take(")") else { return false }
      append([.look(set, isNegative: isNegative)], isAtom: false)
      return true
    }
    if take("?i:") {
      groups.append(Group(ignoresCase: true))
      return true
    }
    groups.append(Group(ignoresCase: ignoresCase))
    return take("?:")
  }

  private mutating func close() -> Bool {
    guard groups.count > 1, let group = groups.popLast() else { return false }
    append(Self.joined(group))
    return true
  }

  /// The alternatives of a group, tried in order.
  private static func joined(_ group: Group) -> [Pattern.Instruction] {
    var result = group.current
    for alternative in group.alternatives.reversed() {
      result =
        [.either(orElse: alternative.count &+ 2)] + alternative + [.jump(result.count &+ 1)] + result
    }
    return result
  }

  private mutating func quantify(_ least: Int, _ most: Int) -> Bool {
    let isPossessive = take("+")
    guard let group = groups.last, let atom = group.atom else { return false }
    let body = Array(group.current.part(from: atom))
    let result: [Pattern.Instruction]
    if body.count == 1, case .run(let set, 1, 1, false) = body.first {
      result = [.run(set, least: least, most: most, isPossessive: isPossessive)]
    } else {
      guard !isPossessive, !body.isEmpty else { return false }
      // A round that takes nothing would not end.
      guard most == 1 || Self.takesSomething(body) else { return false }
      switch (least, most) {
      case (0, 1): result = [.either(orElse: body.count &+ 1)] + body
      case (0, .max): result = [.either(orElse: body.count &+ 2)] + body + [.jump(-1 &- body.count)]
      case (1, .max): result = body + [.either(orElse: 2), .jump(-1 &- body.count)]
      default: return false
      }
    }
    groups.update(at: groups.count &- 1) {
      $0.current = Array($0.current.part(from: 0, to: atom)) + result
      $0.atom = nil
    }
    return true
  }

  private static func takesSomething(_ body: [Pattern.Instruction]) -> Bool {
    for instruction in body {
      switch instruction {
      case .look: continue
      case .run(_, let least, _, _): return least > 0
      default: return false
      }
    }
    return false
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let digit = text[at: index].flatMap({ $0.properties.numericType == .decimal ? $0.value &- 0x30 : nil }),
      digit < 10, (value ?? 0) < 10_000
    {
      value = (value ?? 0) &* 10 &+ Int(digit)
      index &+= 1
    }
    return value
  }
}

extension PatternCompiler {
  /// One class: of a literal, of an escape, or of what stands between brackets.
  private mutating func set(beginningWith scalar: Unicode.Scalar) -> ScalarClass? {
    switch scalar {
    case "[": return bracketed()
    case "\\":
      guard let (categories, literal, isNegated) = escape() else { return nil }
      return ScalarClass(categories, literal.map(cases) ?? [], isNegated: isNegated)
    default: return ScalarClass([], cases(scalar))
    }
  }

  /// What a backslash begins: categories, or a scalar.
  private mutating func escape() -> (categories: ScalarCategories, literal: Unicode.Scalar?, isNegated: Bool)? {
    guard let letter = next() else { return nil }
    switch letter {
    case "s": return (.space, nil, false)
    case "S": return (.space, nil, true)
    case "d": return (.digit, nil, false)
    case "n": return ([], "\n", false)
    case "r": return ([], "\r", false)
    case "t": return ([], "\t", false)
    case "p":
      guard take("{") else { return nil }
      var name = ""
      while let scalar = next(), scalar != "}" { name.unicodeScalars.append(scalar) }
      let categories = ScalarCategories(named: name)
      return categories.isEmpty ? nil : (categories, nil, false)
    default: return letter.properties.isAlphabetic ? nil : ([], letter, false)
    }
  }

  private mutating func bracketed() -> ScalarClass? {
    let isNegated = take("^")
    var categories: ScalarCategories = []
    var ranges: [ClosedRange<UInt32>] = []
    while let scalar = next(), scalar != "]" {
      var first = scalar
      if scalar == "\\" {
        guard let escaped = escape(), !escaped.isNegated else { return nil }
        categories.formUnion(escaped.categories)
        guard let literal = escaped.literal else { continue }
        first = literal
      }
      var last = first
      if text[at: index] == "-", let end = text[at: index &+ 1], end != "]", end != "\\" {
        index &+= 2
        last = end
      }
      guard first <= last else { return nil }
      ranges += first == last ? cases(first) : [first.value...max(first.value, last.value)]
    }
    return text[at: index &- 1] == "]" ? ScalarClass(categories, ranges, isNegated: isNegated) : nil
  }

  /// A scalar and, where cases are not told apart, its others; U+017F is another s.
  private func cases(_ scalar: Unicode.Scalar) -> [ClosedRange<UInt32>] {
    guard groups.last?.ignoresCase == true, scalar.isASCII, scalar.properties.isAlphabetic else {
      return [scalar.value...scalar.value]
    }
    let others = [scalar.value | 0x20, scalar.value & ~0x20] + (scalar.value | 0x20 == 0x73 ? [0x17F] : [])
    return others.map { $0...$0 }
  }
}
