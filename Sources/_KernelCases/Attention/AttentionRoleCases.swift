import HeddleGraph
import HeddleReference

/// A batch of sequences for one attention.
struct AttentionBatch: CustomStringConvertible {
  /// Keys of each sequence, and how many of them have tokens.
  var sequences: [(keys: Int, tokens: Int)]
  /// Rows of a page; nil if each sequence has rows of its own.
  var page: Int?
  /// Tokens of the sequences by turns, not one sequence after the other.
  var isMixed = false
  var queryHeads = 4
  var keyHeads = 2
  var width = 8
  var valueWidth = 8
  var mask = AttentionMask.causal
  var takes: Set<String> = []
  var keyEncoding = Encoding.float32
  var valueEncoding = Encoding.float32
  /// Whether values are the first of each key's.
  var valuesAreKeys = false

  var description: String {
    let lengths = sequences.map { "\($0.keys):\($0.tokens)" }.joined(separator: " ")
    return
      "[\(lengths)]\(page.map { " pages of \($0)" } ?? "")\(isMixed ? " mixed" : "") heads\(queryHeads)/\(keyHeads) D\(width)"
      + (valueWidth == width ? "" : " E\(valueWidth)") + (valuesAreKeys ? " of keys" : "")
      + (mask == .causal ? "" : " \(mask)")
      + (takes.isEmpty ? "" : " \(takes.sorted().joined(separator: " "))")
      + (keyEncoding == .float32 ? "" : " \(keyEncoding.name)/\(valueEncoding.name)")
  }

  /// The sequence and the position of each token.
  var tokens: [(sequence: Int, position: Int)] {
    let all = sequences.enumerated().flatMap { index, sequence in
      (sequence.keys - sequence.tokens..<sequence.keys).map { (sequence: index, position: $0) }
    }
    guard isMixed else { return all }
    return all.enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }.map(
      \.element)
  }
}

extension Attention {
  /// Ragged batches with rows of their own or pages, positions anywhere, selections, sinks, slopes and biases.
  static func attentionRoles() throws -> [OpCase] {
    let some = [(70, 1), (1, 1), (130, 1), (0, 0), (64, 1)]
    let many = [(70, 30), (5, 5), (130, 2), (200, 65)]
    var cases = try [
      AttentionBatch(sequences: some), AttentionBatch(sequences: some, page: 64),
      AttentionBatch(sequences: many), AttentionBatch(sequences: many, page: 128, isMixed: true),
      AttentionBatch(sequences: many, page: 64, queryHeads: 3, keyHeads: 1, width: 4),
      AttentionBatch(
        sequences: some, page: 64, mask: .causal & (.window(20) | .first(3)), keyEncoding: .float16,
        valueEncoding: .bfloat16),
      AttentionBatch(sequences: many, mask: .full, takes: ["noPositions"]),
      AttentionBatch(sequences: some, page: 64, mask: .full, takes: ["sinks", "slopes"]),
      AttentionBatch(sequences: [(150, 2)], page: 64), AttentionBatch(sequences: [(150, 40)], page: 64),
      AttentionBatch(sequences: [(150, 2)], page: 64, takes: ["past"]),
      AttentionBatch(sequences: [(150, 40)], page: 64, takes: ["past", "bias"]),
      AttentionBatch(
        sequences: some, page: 64, width: 32, valueWidth: 64, keyEncoding: .q8_0, valueEncoding: .int8_g64),
      AttentionBatch(sequences: many, width: 64, valueWidth: 32, keyEncoding: .int8_g64, valueEncoding: .q8_0),
      AttentionBatch(sequences: [(150, 7)], takes: ["sinks"]), AttentionBatch(sequences: [(150, 70)], takes: ["sinks"]),
      AttentionBatch(sequences: [(150, 7)], width: 4, takes: ["slopes", "bias"]),
      AttentionBatch(sequences: [(150, 3)], takes: ["slopes"]),
      AttentionBatch(sequences: [(150, 40)], takes: ["slopes"]),
      AttentionBatch(sequences: [(150, 3)], takes: ["bias"]), AttentionBatch(sequences: [(150, 40)], takes: ["bias"]),
      AttentionBatch(
        sequences: [(300, 3)], mask: .causal & (.window(20) | .selected), takes: ["selection"]),
      AttentionBatch(sequences: [(300, 40)], mask: .causal & .selected, takes: ["selection", "shared"]),
      AttentionBatch(
        sequences: many, page: 64, isMixed: true, queryHeads: 6, keyHeads: 2, width: 16, valueWidth: 24,
        mask: .causal & (.window(20) | .selected), takes: ["selection", "sinks", "slopes", "bias", "shared"]),
      AttentionBatch(
        sequences: some, page: 64, width: 24, mask: .selected, takes: ["selection", "sinks", "slopes", "bias"]),
    ].map { try make($0) }
    // What no batch should hold: sequences, positions, counts and pages that are not there.
    cases.append(try make(AttentionBatch(sequences: some, page: 64), isWrong: true))
    cases.append(try make(AttentionBatch(sequences: many, page: 64, isMixed: true, takes: ["sinks"]), isWrong: true))
    cases.append(try make(AttentionBatch(sequences: many), isWrong: true))
    cases.append(try make(AttentionBatch(sequences: some, mask: .window(20) | .first(3)), isWrong: true))
    cases.append(try make(AttentionBatch(sequences: many, page: 64, mask: .full), isWrong: true))
    return cases
  }

  static func make(_ batch: AttentionBatch, isWrong: Bool = false) throws -> OpCase {
    let draft = CaseDraft(Attention.self, "batch \(batch)\(isWrong ? " with wrong places" : "")")
    let isPlural = batch.sequences.count > 1
    // Where a sequence's tokens are a symbol says instead of positions.
    let past = batch.takes.contains("past") ? batch.sequences[0].keys - batch.sequences[0].tokens : nil
    let longest = batch.sequences.map(\.keys).max() ?? 0
    let perSequence = batch.page.map { longest.roundedUp(toMultipleOf: $0) } ?? longest + 5
    let pageKeys = batch.page ?? perSequence
    let pagesPerSequence = perSequence / pageKeys
    // Pages lie in any order, with one between that nobody has.
    let pageCount = batch.page == nil ? batch.sequences.count : batch.sequences.count * pagesPerSequence + 1
    var order = Array(0..<pageCount)
    if batch.page != nil { order.shuffle(using: &draft.random) }
    let tokens = batch.tokens
    let count = tokens.count

    var given: [(name: String, tensor: Tensor)] = []
    var positions = tokens.map(\.position)
    var sequences = tokens.map(\.sequence)
    var counts = batch.sequences.map(\.keys)
    var pages = Array(order.prefix(batch.sequences.count * pagesPerSequence))
    if isWrong {
      for (place, value) in [(0, -1), (1, Int(Int32.min)), (2, 100_000)] where place < count {
        positions[place] = value
      }
      for (place, value) in [(3, -1), (4, batch.sequences.count), (5, Int(Int32.max))] where place < count {
        sequences[place] = value
      }
      counts[0] = -3
      counts[counts.count - 1] = Int(Int32.max)
      for (place, value) in [(1, -1), (3, pageCount), (4, Int(Int32.min))] where place < pages.count {
        pages[place] = value
      }
    }
    let takesPositions = !batch.takes.contains("noPositions") && past == nil
    if takesPositions { given.append(("positions", try draft.integers(positions, [count]))) }
    if isPlural { given.append(("sequences", try draft.integers(sequences, [count]))) }
    given.append(("counts", try draft.integers(counts, [batch.sequences.count])))
    if batch.page != nil {
      given.append(("pages", try draft.integers(pages, [batch.sequences.count, pagesPerSequence])))
    }
    let isShared = batch.takes.contains("shared")
    if batch.takes.contains("selection") {
      let heads = isShared ? 1 : batch.keyHeads
      let words = (perSequence + 31) / 32
      let bits = (0..<count * heads * words).map { index in
        index % 3 == 0 ? Int32(0) : index % 3 == 1 ? -1 : Int32(truncatingIfNeeded: Int(draft.random.next() >> 32))
      }
      given.append(("selection", try Tensor(bits, shape: [count, heads, words])))
    }
    if batch.takes.contains("sinks") {
      var sinks = draft.random.units(batch.queryHeads).map { $0 * 4 }
      sinks[0] = -.infinity
      given.append(("sinks", try Tensor(sinks, shape: [batch.queryHeads])))
    }
    if batch.takes.contains("slopes") {
      given.append(("slopes", try Tensor(draft.random.units(batch.queryHeads), shape: [batch.queryHeads])))
    }
    if batch.takes.contains("bias") {
      let heads = isShared ? 1 : batch.queryHeads
      var bias = draft.random.units(count * heads * perSequence).map { $0 * 3 }
      for index in stride(from: 7, to: bias.count, by: 50) { bias[index] = -.infinity }
      given.append(("bias", try Tensor(bias, shape: [count, heads, perSequence])))
    }

    var roles = AttentionRoles()
    for (name, _) in given { roles.take(name) }
    var place = Dimension(0)
    if let past {
      place = try draft.builder.symbol("past", in: 0...180)
      draft.bindings["past"] = past
    }
    let operation = Attention(
      scale: 0.4, past: place, mask: batch.mask, logSumExp: true,
      valueLength: batch.valuesAreKeys ? batch.valueWidth : nil, takes: roles)
    let rows = pageCount * pageKeys
    var k = draft.random.units(rows * batch.keyHeads * batch.width).map { $0 * 2 }
    var v = draft.random.units(rows * batch.keyHeads * batch.valueWidth)
    let shape = isPlural || batch.page != nil ? [pageCount, pageKeys] : [pageKeys]
    func cache(_ values: [Float], _ encoding: Encoding, _ width: Int) throws -> Tensor {
      try cached(values, encoding, shape + [batch.keyHeads, width])
    }
    let queries = try draft.units([count, batch.queryHeads, batch.width], times: 2)
    // What no query sees is not looked at.
    let places = try AttentionPlaces(
      operation,
      [queries, cache(k, batch.keyEncoding, batch.width)]
        + (batch.valuesAreKeys ? [] : [cache(v, batch.valueEncoding, batch.valueWidth)]) + given.map(\.tensor),
      past: past ?? 0)
    for group in 0..<batch.keyHeads {
      let seen = Set((0..<count).flatMap { places.seen(by: $0, group: group).map(\.row) })
      for row in 0..<rows where !seen.contains(row) {
        let head = row * batch.keyHeads + group
        for index in head * batch.width..<(head + 1) * batch.width { k[index] = .nan }
        for index in head * batch.valueWidth..<(head + 1) * batch.valueWidth { v[index] = .nan }
      }
    }
    var named: [(String, Tensor)] = [("queries", queries), ("keys", try cache(k, batch.keyEncoding, batch.width))]
    if !batch.valuesAreKeys { named.append(("values", try cache(v, batch.valueEncoding, batch.valueWidth))) }
    named += given.map { ($0.name, $0.tensor) }
    // Few tokens are another kernel's.
    let symbol = try draft.builder.symbol("tokens", in: 0...(count <= 16 ? 16 : 256))
    let isTurned = batch.width == 8 && batch.keyEncoding == .float32 && batch.valueEncoding == .float32
    let inputs = try named.enumerated().map { index, operand in
      let (name, tensor) = operand
      var extents = tensor.shape.map { Dimension($0) }
      if ["queries", "positions", "sequences", "selection", "bias"].contains(name) { extents[0] = symbol }
      return try draft.input(
        name, tensor, extents,
        form: index % 3 == 0 && tensor.shape.count > 1
          ? .slicedRows : isTurned && (index == 1 || index == 2) ? .sliced : .plain)
    }
    let results = try draft.builder.apply(operation, inputs)
    let operands = named.map(\.1)
    let pairs = (0..<count).reduce(0) { sum, token in
      sum + (0..<batch.keyHeads).reduce(0) { $0 + places.seen(by: token, group: $1).count }
    }
    return try draft.finish(
      ["y": results[0], "logSumExp": results[1]],
      .bounded {
        let bounds = try attentionBound(operands, past: past ?? 0, operation)
        return ["y": bounds.output, "logSumExp": bounds.logSumExp]
      },
      floatingPointOperations: 2 * pairs * batch.queryHeads / batch.keyHeads * (batch.width + batch.valueWidth),
      zerosAreRight: true)
  }
}

extension AttentionRoles {
  /// Takes the role of this name.
  mutating func take(_ name: String) {
    switch name {
    case "positions": positions = true
    case "sequences": sequences = true
    case "counts": counts = true
    case "pages": pages = true
    case "selection": selection = true
    case "sinks": sinks = true
    case "slopes": slopes = true
    default: bias = true
    }
  }
}
