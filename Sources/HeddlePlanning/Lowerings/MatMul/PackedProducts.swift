/// The wide tiles that suit a product of a packed weight, best first.
struct PackedProducts {
  private let space: WideTileSpace
  private let encoding: Encoding
  private let input: ProductInput

  init(_ space: WideTileSpace, _ encoding: Encoding, _ input: ProductInput) {
    self.space = space
    self.encoding = encoding
    self.input = input
  }

  private func direct(_ tiles: [(Int, Int)], tiles count: Int = 1) -> [PackedMatMul.Candidate] {
    space.tiles(tiles, count).map { .direct($0, input) }
  }

  private func chunks(_ tiles: [(Int, Int)]) -> [PackedMatMul.Candidate] {
    space.tiles(tiles, WideTile.maximumTiles).map { .chunks($0, input) }
  }

  /// Few tokens are bound by reading the weights once, with enough sums under way to hide the latency of an fma; many
  /// by arithmetic: six tokens by four vectors fill 32 registers. Decoding blocks costs more than an fma, so many tokens
  /// share it.
  var floats: [PackedMatMul.Candidate] {
    guard space.hasManyRegisters else { return floatsOfFewRegisters }
    switch space.tokens {
    case ...1: return oneToken
    case 2: return direct([(2, 2), (2, 1)])
    case 3...4: return direct([(4, 2), (4, 1)])
    case 5...8: return direct([(8, 2), (8, 1), (4, 4)])
    case 9...16: return direct([(4, 1), (4, 2), (8, 2)], tiles: 2)
    default:
      return isDense
        ? direct([(6, 4), (8, 3), (8, 2)], tiles: 2) : chunks([(6, 4), (8, 3)]) + direct([(8, 1), (8, 2)])
    }
  }

  private var isDense: Bool { encoding.blockSize == 1 }
  /// Two vectors: four streams of weights a core are read at two thirds of the speed of two (Zen 4).
  private var oneToken: [PackedMatMul.Candidate] { direct([(1, 2), (1, 4), (1, 1)]) }

  /// The same where six vectors of sums fill the registers.
  private var floatsOfFewRegisters: [PackedMatMul.Candidate] {
    let many = space.isGated ? [(3, 2), (2, 2)] : [(6, 1), (4, 1)]
    switch space.tokens {
    case ...1: return isDense || space.isGated ? oneToken : direct([(1, 1), (1, 2), (1, 4)])
    case 2: return direct(isDense || space.isGated ? [(2, 2), (2, 1)] : [(2, 1), (2, 2)])
    case 3...4: return direct(isDense || space.isGated ? [(4, 2), (4, 1)] : [(4, 1), (2, 2)])
    case 5...8: return isDense ? direct([(4, 2), (4, 1)]) : direct([(8, 1), (4, 1)])
    case 9...16: return isDense ? direct([(4, 2)] + many) : chunks(many) + direct([(4, 1)], tiles: 2)
    default: return isDense ? direct(many, tiles: 2) : chunks(many) + direct([(4, 1)], tiles: 2)
    }
  }

  /// Pairs of bfloat16.
  var pairs: [PackedMatMul.Candidate] {
    switch space.tokens {
    case ...1: direct([(1, 4), (1, 2)], tiles: 2)
    case 2: direct([(2, 4), (2, 2)], tiles: 2)
    case 3...4: direct([(4, 4), (4, 2)], tiles: 2)
    case 5...16: direct([(8, 2), (4, 4)], tiles: 2)
    default: chunks([(8, 3), (6, 4)])
    }
  }

  /// Levels by levels. Where a sum is a whole vector of 32-bit registers (``ProductInput/ByteDot/fours``) more of them fit.
  var levels: [PackedMatMul.Candidate] {
    let hasRoom = input == .levels(.fours)
    switch space.tokens {
    case ...1: return space.hasManyRegisters ? oneToken : direct([(1, 2), (1, 1), (1, 4)])
    case 2: return direct([(2, 2), (2, 1), (2, 4)])
    case 3...4: return direct([(4, 1), (4, 2), (2, 2)])
    case 5...8: return direct([(4, 1), (8, 1), (4, 2)], tiles: 2)
    default: return chunks(hasRoom ? [(6, 4), (8, 2), (4, 4)] : [(4, 2), (2, 2), (4, 1)])
    }
  }
}
