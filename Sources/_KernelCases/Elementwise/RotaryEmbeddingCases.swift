import HeddleGraph
import HeddleReference

extension RotaryEmbedding: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    let shapes: [(tokens: Int, heads: Int, width: Int, rotated: Int)] = [
      (1, 1, 4, 4), (3, 3, 8, 8), (5, 2, 16, 8), (17, 9, 64, 64), (33, 3, 64, 32),
      (2, 4, 80, 80), (7, 1, 128, 128), (1, 3, 6, 2), (4, 2, 10, 0), (0, 2, 8, 8), (31, 1, 5, 4),
    ]
    for pairing in [RotaryEmbedding.Pairing.interleaved, .halves] {
      for (number, shape) in shapes.enumerated() {
        for (round, start) in [0, 200, 8191 - shape.tokens].enumerated() {
          let rotary = RotaryEmbedding(
            base: [10_000, 100_000, 500_000][(number + round) % 3], rotatedDimensions: shape.rotated, pairing: pairing,
            frequencyScale: round == 1 ? 0.25 : 1, magnitude: round == 2 ? 1.25 : 1)
          let form = OperandForm.allCases[(number + round) % 4]
          cases.append(
            try make(
              rotary, [shape.tokens, shape.heads, shape.width], start: start, hasFactors: (number + round) % 2 == 1,
              form: form, isSymbolic: round % 2 == 0))
        }
      }
    }
    return cases
  }

  static func make(
    _ rotary: RotaryEmbedding, _ shape: [Int], start: Int, hasFactors: Bool, form: OperandForm, isSymbolic: Bool
  ) throws -> OpCase {
    let draft = CaseDraft(
      RotaryEmbedding.self,
      "\(rotary.pairing.rawValue) \(shape.map(String.init).joined(separator: "x")) rotated\(rotary.rotatedDimensions) "
        + "from\(start)\(hasFactors ? " factors" : "") \(form)\(isSymbolic ? " symbolic" : "")")
    var x = draft.random.units(shape.reduce(1, *))
    // One special value of each kind, in the last token's last head.
    if x.count > 64 { x.replaceSubrange(x.count - 4..<x.count, with: [.nan, -0.0, 0x1p-133, 1e30]) }
    let tensor = try Tensor(x, shape: shape)
    // Not only neighbours: positions may come in any order and repeat.
    let places = (0..<shape[0]).map { Int32(start + ($0 % 5 == 3 ? 0 : $0)) }
    let positions = try Tensor(places, shape: [shape[0]])
    let tokens = isSymbolic ? try draft.builder.symbol("tokens", in: 0...64) : Dimension(shape[0])
    let pairs = rotary.rotatedDimensions / 2
    let factors =
      hasFactors
      ? try Tensor(draft.random.units(pairs).map { 4 + 3 * $0 }, shape: [pairs])
      : nil
    let y = try draft.builder.rotaryEmbedding(
      draft.input("x", tensor, [tokens, Dimension(shape[1]), Dimension(shape[2])], form: form),
      positions: draft.input("positions", positions, [tokens]),
      factors: factors.map { try draft.constant("factors", $0) }, rotary)
    return try draft.finish(
      ["y": y], .bounded { ["y": try rotaryBound(rotary, tensor, places, try factors?.floats() ?? [])] },
      floatingPointOperations: shape[0] * shape[1] * rotary.rotatedDimensions * 3)
  }

  /// A float32 angle is off by `r·u·∣angle∣`, r = 1 rounding of `position · frequency`, 2 with a factor; sine and
  /// cosine move by as much and are good to 4 ulp, times m they round once more, and a sum of two products rounds thrice:
  /// `∣Δy∣ ≤ ∣m∣·(∣a∣ + ∣b∣)·(1.01·r·u·∣angle∣ + 18·u)`. Copied values are exact.
  private static func rotaryBound(
    _ rotary: RotaryEmbedding, _ x: Tensor, _ positions: [Int32], _ factors: [Float]
  ) throws -> [Double] {
    let values = try x.floats()
    let (heads, width) = (x.shape[1], x.shape[2])
    var bounds = Array(repeating: 0.0, count: values.count)
    for (t, position) in positions.enumerated() {
      for row in stride(from: t * heads * width, to: (t + 1) * heads * width, by: max(width, 1)) {
        for (i, frequency) in rotary.frequencies.enumerated() {
          let angle = abs(Double(position) * Double(frequency) / (factors.isEmpty ? 1 : Double(factors[i])))
          let isInterleaved = rotary.pairing == .interleaved
          let a = row + (isInterleaved ? 2 * i : i)
          let b = isInterleaved ? a + 1 : a + rotary.rotatedDimensions / 2
          let size = abs(Double(values[a])) + abs(Double(values[b]))
          let roundings = factors.isEmpty ? 1.0 : 2.0
          let magnitude = abs(Double(rotary.magnitude))
          let bound = magnitude * size * Tolerance.unit * (1.01 * roundings * angle + 18) + 0x1p-124
          (bounds[a], bounds[b]) = (bound, bound)
        }
      }
    }
    return bounds
  }
}
