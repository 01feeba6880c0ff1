import HeddleGraph
import HeddleReference

/// A product by experts at a size that is worth timing: each token has `count` of the experts, drawn by chance.
public struct ExpertSize: Hashable, Sendable, CustomStringConvertible {
  public let encoding: Encoding
  public let tokens: Int
  public let count: Int
  public let experts: Int
  public let inputs: Int
  public let outputs: Int
  public let quantizesActivations: Bool

  public init(
    encoding: Encoding, tokens: Int, count: Int, experts: Int, inputs: Int, outputs: Int, quantizesActivations: Bool
  ) {
    self.encoding = encoding
    self.tokens = tokens
    self.count = count
    self.experts = experts
    self.inputs = inputs
    self.outputs = outputs
    self.quantizesActivations = quantizesActivations
  }

  public var description: String {
    "experts-\(encoding) \(tokens)x\(count) of \(experts) \(inputs)x\(outputs)" + (quantizesActivations ? " int8" : "")
  }

  /// The experts of each token, no one twice.
  private func choices(_ random: inout SplitMix64) -> [Int] {
    (0..<tokens).flatMap { _ in
      var left = Array(0..<experts)
      return (0..<min(count, experts)).map { _ in left.remove(at: random.integer(0...left.count - 1)) }
    }
  }

  public func opCase() throws -> OpCase {
    let draft = CaseDraft(MatMulByExpert.self, description)
    let x = try draft.input("x", draft.units([tokens, inputs]))
    let w = try draft.constant("w", draft.repeatedWeights(encoding, [experts, outputs, inputs]))
    let chosen = choices(&draft.random)
    let y = try draft.builder.matmulByExpert(
      quantizesActivations ? draft.builder.quantizeActivations(x) : x, w,
      indices: draft.input("indices", draft.integers(chosen, [tokens, count])))
    return try draft.finish(["y": y], .exact, floatingPointOperations: 2 * tokens * count * inputs * outputs)
  }
}

/// Some values of a product by experts, in float64, and how far a result may be off.
public struct ExpertSamples: Sendable {
  private struct Sample {
    var place: Int
    var value: Double
    var bound: Double
  }

  private let samples: [Sample]
  private let count: Int

  /// Of some tokens and experts of a case that ``ExpertSize`` made, with activations as they are or rounded as the case says.
  public init(_ size: ExpertSize, _ opCase: OpCase, quantizesActivations: Bool) throws {
    let inputs = opCase.request.inputs
    guard let x = inputs["x"], let indices = inputs["indices"] else {
      (samples, count) = ([], 0)
      return
    }
    let rows =
      quantizesActivations
      ? try ReferenceBackend().evaluate(QuantizeActivations(), [x])[0].decoded() : try x.floats()
    let chosen = try indices.integers()
    let weights = try opCase.constants.tensor("w")
    let rowLength = try size.encoding.byteCount(shape: [size.inputs])
    var random = SplitMix64(seed: 7)
    var samples: [Sample] = []
    for number in 0..<40 {
      let pair = number == 0 ? 0 : number == 1 ? chosen.count - 1 : random.integer(0...chosen.count - 1)
      let output = number == 0 ? 0 : number == 1 ? size.outputs - 1 : random.integer(0...size.outputs - 1)
      let start = (Int(chosen[pair]) * size.outputs + output) * rowLength
      let weight = try weights.bytes.withUnsafeBytes { bytes in
        try Tensor(encoding: size.encoding, shape: [1, size.inputs], bytes: Array(bytes[start..<start + rowLength]))
          .decoded()
      }
      let row = rows[pair / size.count * size.inputs..<(pair / size.count + 1) * size.inputs]
      let products = zip(row, weight).map { Double($0) * Double($1) }
      // Sums of K float32 products, each rounded.
      samples.append(
        Sample(
          place: pair * size.outputs + output, value: products.reduce(0, +),
          bound: products.reduce(0) { $0 + abs($1) } * Double(size.inputs + 2) * 0x1p-24 + 1e-30))
    }
    self.samples = samples
    count = chosen.count * size.outputs
  }

  /// What is wrong in a result; nil if nothing is.
  ///
  /// - Parameter rounding: of the result's type, relative: 0 of float32.
  public func fault(in result: [Float], rounding: Double = 0) -> String? {
    guard result.count == count else { return "it has \(result.count) values, not \(count)" }
    for sample in samples {
      let difference = abs(Double(result[sample.place]) - sample.value)
      if difference <= sample.bound + rounding * abs(sample.value) { continue }
      return "value \(sample.place) is \(result[sample.place]), not \(sample.value)"
    }
    return nil
  }
}
