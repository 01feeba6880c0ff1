import HeddleGraph
import HeddleReference

/// What varies between products by experts.
struct ExpertForm {
  /// Where the tokens' experts are.
  enum Load: String, CaseIterable {
    /// Any, some of them none.
    case mixed
    /// All tokens' the same.
    case same
    /// As many of each as may be, one after the other.
    case even
    /// None of any.
    case none
    /// The same expert more than once for a token; most have none.
    case repeated
  }

  var encoding: Encoding
  var tokens: Int
  var count: Int
  var experts: Int
  var outputs: Int
  var blocks = 1
  var load = Load.mixed
  /// Whether a token has one row for all its experts.
  var isShared = true
  var isSymbolic = false
  var isOfLevels = false
  var left = OperandForm.plain
  var epilogue = MatMul.Epilogue.none
  var isCampaign = false

  init(encoding: Encoding, tokens: Int, count: Int, experts: Int, outputs: Int) {
    self.encoding = encoding
    self.tokens = tokens
    self.count = count
    self.experts = experts
    self.outputs = outputs
  }

  /// Values of a row; odd numbers of those that stand for themselves.
  private var inputs: Int { encoding.blockSize > 1 || isOfLevels ? blocks * encoding.blockSize : blocks * 37 }

  private var name: String {
    [
      "\(encoding) \(tokens)x\(count) of \(experts) \(inputs)x\(outputs)", load.rawValue, isShared ? "shared" : "own",
      isSymbolic ? "symbolic" : "", isOfLevels ? "levels" : "", left == .plain ? "" : left.rawValue, epilogue.name,
    ].filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func indices(_ random: inout SplitMix64) -> [Int] {
    (0..<tokens * count).map { pair in
      switch load {
      case .mixed: random.integer(-1...experts)
      case .same: pair % count % max(experts, 1)
      case .even: pair % max(experts, 1)
      case .none: [-1, experts, Int(Int32.max), Int(Int32.min)][pair % 4]
      case .repeated: experts - 1
      }
    }
  }

  func make() throws -> OpCase {
    let draft = CaseDraft(MatMulByExpert.self, name)
    let rows = epilogue.isGated ? 2 * outputs : outputs
    let x = try draft.units(isShared ? [tokens, inputs] : [tokens, count, inputs])
    let w = try draft.weights(encoding, [experts, rows, inputs])
    let chosen = indices(&draft.random)
    let dimension = isSymbolic ? try draft.builder.symbol("tokens", in: 0...256) : Dimension(tokens)
    let input = try draft.input("x", x, [dimension] + x.shape.dropFirst().map { Dimension($0) }, form: left)
    var operands = [
      isOfLevels ? try draft.builder.quantizeActivations(input) : input, try draft.constant("w", w),
      try draft.input("indices", draft.integers(chosen, [tokens, count]), [dimension, Dimension(count)]),
    ]
    var bias: Tensor?
    if epilogue.bias {
      let made = try draft.units([experts, rows], times: 3)
      bias = made
      operands.append(try draft.constant("bias", made))
    }
    let operation = MatMulByExpert(bias: epilogue.bias, activation: epilogue.activation, isGated: epilogue.isGated)
    let y = try draft.builder.apply(operation, operands)[0]
    let taken = isOfLevels ? try ReferenceBackend().evaluate(QuantizeActivations(), [x])[0] : x
    return try draft.finish(
      ["y": y], bound(taken, w, bias, chosen), floatingPointOperations: 2 * tokens * count * inputs * rows,
      zerosAreRight: true, triesEveryTile: encoding.values.isRepresentative, isCampaign: isCampaign)
  }

  /// The bound of each row is that of the dense product with its expert's weights; 0 of a row of none.
  private func bound(_ x: Tensor, _ w: Tensor, _ bias: Tensor?, _ chosen: [Int]) -> Tolerance {
    .bounded { [self] in
      let (values, weights, biases) = (try x.decoded(), try w.decoded(), try bias?.floats())
      let rows = w.shape[1]
      var bounds = [Double](repeating: 0, count: chosen.count * outputs)
      for expert in Set(chosen) where (0..<experts).contains(expert) {
        let pairs = chosen.indices.filter { chosen[$0] == expert }
        let left = pairs.flatMap { pair in
          let row = isShared ? pair / count : pair
          return Array(values[row * inputs..<(row + 1) * inputs])
        }
        let own = Array(weights[expert * rows * inputs..<(expert + 1) * rows * inputs])
        let tolerance = try MatMul.epilogueBound(
          epilogue, Tensor(left, shape: [pairs.count, inputs]), Tensor(own, shape: [rows, inputs]),
          biases.map { try Tensor(Array($0[expert * rows..<(expert + 1) * rows]), shape: [rows]) }, nil)
        guard case .bounded(let compute) = tolerance, let errors = try compute()["y"] else { continue }
        for (place, pair) in pairs.enumerated() {
          for m in 0..<outputs { bounds[pair * outputs + m] = errors[place * outputs + m] }
        }
      }
      return ["y": bounds]
    }
  }
}
