import HeddleGraph
import HeddleReference

extension Encode {
  /// Formats that show each kind of search with importance; all others do so in the campaign.
  private static let weighted: Set<Encoding> = Set(
    ["q4_0", "q4_1", "q4_k", "q6_k", "int4_g64", "nf4"].compactMap { Encoding(name: $0) })

  /// Formats whose text is another's but for a size.
  private static let campaign: Set<Encoding> = [.int4_g128, .int8_g64, .fp8_e4m3_g32]

  /// Every format with an encoder: blocks of usual values and of those that a search could trip over, with importance and
  /// without. The bytes must be the oracle's.
  static func searched() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, values) in ValueFormats.all.filter(\.hasEncoder).enumerated() {
      guard let format = Encoding(name: values.name) else { continue }
      let block = format.blockSize
      for (place, blocks) in [[3, 2], [2, 1, 3], [1], [0, 1], [35, 1]].enumerated() {
        let shape = Array(blocks.dropLast()) + [blocks[blocks.count - 1] * block]
        let form = OperandForm.allCases[(number + place) % 4]
        let draft = CaseDraft(Encode.self, "\(format) of \(shape) \(form)", seed: "search")
        let x = try Tensor(draft.random.units(shape.reduce(1, *)).map { $0 * $0 * $0 }, shape: shape)
        cases.append(try searched(draft, x, format, isWeighted: (number + place) % 2 == 0, form))
      }
      for (place, isWeighted) in [false, true].enumerated() {
        let draft = CaseDraft(
          Encode.self, "\(format) of special blocks\(isWeighted ? ", weighted" : "")", seed: "search")
        let rows = specialRows(&draft.random, count: 2 * block)
        let x = try Tensor(rows.flatMap { $0 }, shape: [rows.count, 2 * block])
        cases.append(try searched(draft, x, format, isWeighted: isWeighted, place == 0 ? .plain : .slicedRows))
      }
    }
    return cases
  }

  /// Outliers, zeros, constants, one sign, tiny, subnormal and great values, whole levels, ties, and what is no number.
  private static func specialRows(_ random: inout SplitMix64, count: Int) -> [[Float]] {
    let units = { (random: inout SplitMix64) in random.units(count) }
    let outliers = units(&random).enumerated().map { $0 % 29 == 7 ? $1 * 100 : $1 }
    var rows: [[Float]] = [outliers, units(&random).map(abs), units(&random).map { -abs($0) - 1 }]
    for constant: Float in [0, -0.0, 1, -0.7, 65504, 1e6] { rows.append([Float](repeating: constant, count: count)) }
    for scale: Float in [1e-3, 0x1p-20, 0x1p-24, 0x1p-26, 0x1p-27, 0x1p-127, 0x1p-145, 4e4, 3e5, 5e6, 1e8, 3e38] {
      rows.append(units(&random).map { $0 * scale })
    }
    rows.append((0..<count).map { Float($0 % 16 - 8) })
    rows.append((0..<count).map { Float($0 % 7) - 2.5 })
    rows.append((0..<count).map { $0 == 3 ? 1 : 0 })
    rows.append(units(&random).enumerated().map { $0 % 2 == 0 ? $1 : $1 * 0x1p-25 })
    for special: Float in [.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
      rows.append(units(&random).enumerated().map { $0 == 5 ? special : $1 })
    }
    return rows
  }

  /// Importance of many sizes, zeros and subnormal ones among them; some whole blocks have none.
  private static func importance(_ random: inout SplitMix64, count: Int, block: Int) -> [Float] {
    let kinds: [Float] = [1, 1e-3, 40, 0, 1e-30, 0x1p-140]
    return random.units(count).enumerated().map { place, unit in
      place / block == 1 ? 0 : abs(unit) * kinds[place * 7 % kinds.count]
    }
  }

  private static func searched(
    _ draft: CaseDraft, _ x: Tensor, _ format: Encoding, isWeighted: Bool, _ form: OperandForm
  ) throws -> OpCase {
    let width = x.shape[x.shape.count - 1]
    let weights =
      try isWeighted
      ? draft.input(
        "importance", Tensor(importance(&draft.random, count: width, block: format.blockSize), shape: [width])) : nil
    let y = try draft.builder.encode(draft.input("x", x, form: form), as: format, importance: weights)
    return try draft.finish(
      ["y": y], .exact, isCampaign: campaign.contains(format) || (isWeighted && !weighted.contains(format)))
  }
}
