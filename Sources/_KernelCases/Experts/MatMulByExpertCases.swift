import HeddleGraph
import HeddleReference

extension MatMulByExpert: CasedOperation {
  public static func cases() throws -> [OpCase] {
    try byExpertWeights() + byExpertLoads() + byExpertEpilogues() + byExpertEdges() + byExpertLevels()
  }

  /// Every weight encoding, for one token and for many of each expert. Of formats that another stands for one case is enough.
  private static func byExpertWeights() throws -> [OpCase] {
    var cases: [OpCase] = []
    let sizes = [(1, 4, 9, 16), (3, 2, 5, 33), (9, 2, 3, 48), (70, 3, 4, 64), (20, 1, 2, 31)]
    for (number, encoding) in Encoding.weights.enumerated() {
      for (place, (tokens, count, experts, outputs)) in sizes.enumerated() {
        var form = ExpertForm(encoding: encoding, tokens: tokens, count: count, experts: experts, outputs: outputs)
        form.blocks = [1, 2, 3][(number + place) % 3]
        form.isShared = (number + place) % 2 == 0
        form.isSymbolic = (number + place) % 3 != 0
        form.left = OperandForm.allCases[(number + place) % 4]
        form.isCampaign =
          place != number % 5
          && (!encoding.values.isRepresentative || place == (number + 1) % 5 || place == (number + 3) % 5)
        cases.append(try form.make())
      }
    }
    return cases
  }

  /// How tokens are spread over experts, around the tiles.
  private static func byExpertLoads() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, load) in ExpertForm.Load.allCases.enumerated() {
      for (place, (tokens, count, experts, outputs)) in [
        (1, 1, 1, 16), (2, 3, 3, 17), (5, 8, 300, 32), (33, 2, 7, 65), (130, 4, 6, 80), (8, 5, 5, 16),
      ].enumerated() {
        let encoding: Encoding = [.float32, .q4_0, .bfloat16, .q8_0][(number + place) % 4]
        var form = ExpertForm(encoding: encoding, tokens: tokens, count: count, experts: experts, outputs: outputs)
        form.load = load
        form.isShared = (number + place) % 2 == 0
        form.isSymbolic = (number + place) % 3 == 0
        form.isCampaign = (number + place) % 2 == 1
        cases.append(try form.make())
      }
    }
    return cases
  }

  private static func byExpertEpilogues() throws -> [OpCase] {
    var cases: [OpCase] = []
    let epilogues: [MatMul.Epilogue] = [
      .init(bias: true), .init(activation: .gelu), .init(activation: .silu, isGated: true),
      .init(bias: true, activation: .silu, isGated: true), .init(bias: true, activation: .relu), .init(isGated: true),
    ]
    for (number, epilogue) in epilogues.enumerated() {
      for (place, (tokens, count, experts, outputs)) in [(1, 3, 5, 32), (6, 2, 3, 16), (90, 2, 4, 48)].enumerated() {
        let encoding: Encoding = [.q4_1, .float32, .q6_k][(number + place) % 3]
        var form = ExpertForm(encoding: encoding, tokens: tokens, count: count, experts: experts, outputs: outputs)
        form.epilogue = epilogue
        form.isShared = place != 1
        form.isSymbolic = number % 2 == 0
        cases.append(try form.make())
      }
    }
    return cases
  }

  /// No tokens, no experts of each, no outputs, no inputs.
  private static func byExpertEdges() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, (tokens, count, experts, outputs, blocks)) in [
      (0, 2, 3, 16, 1), (3, 0, 3, 16, 1), (3, 2, 0, 16, 1), (3, 2, 2, 0, 1), (3, 2, 3, 16, 0), (40, 2, 3, 5, 0),
    ].enumerated() {
      for encoding in [Encoding.float32, .q4_k] {
        var form = ExpertForm(encoding: encoding, tokens: tokens, count: count, experts: experts, outputs: outputs)
        form.blocks = blocks
        form.isSymbolic = number % 2 == 0
        form.isShared = encoding == .float32
        cases.append(try form.make())
      }
    }
    return cases
  }

  /// Activations of levels.
  private static func byExpertLevels() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, encoding) in Encoding.weights.enumerated() {
      for (place, (tokens, count, experts, outputs)) in [(1, 3, 4, 16), (4, 2, 3, 33), (60, 2, 3, 32)].enumerated() {
        var form = ExpertForm(encoding: encoding, tokens: tokens, count: count, experts: experts, outputs: outputs)
        form.isOfLevels = true
        form.blocks = encoding.blockSize < 32 ? 32 / encoding.blockSize : 1 + place
        form.isShared = (number + place) % 2 == 0
        form.isSymbolic = number % 2 == 0
        form.isCampaign =
          encoding.values.levels == nil
          ? encoding != .nf4 || place != 1
          : place != number % 3 && (!encoding.values.isRepresentative || place == (number + 1) % 3)
        if place == 2, number % 3 == 0 { form.epilogue = .init(bias: true, activation: .silu, isGated: true) }
        cases.append(try form.make())
      }
    }
    return cases
  }
}
