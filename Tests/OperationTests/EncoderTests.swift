import Heddle
import TestSupport
import Testing

/// What blocks decode to is as near to the values as what other quantizers make of them, or nearer: the file holds tensors and
/// the errors of the `gguf` Python package and of ggml. It is the oracle's bytes that are judged; that every device gives the
/// same ones is a matter of the cases.
@Suite struct EncoderTests {
  static let types = Encoding.weightsOfGGUF.filter(\.values.hasEncoder).map(\.name)
  private static let tensors = ["gaussian", "heavy", "positive", "columns"]

  @Test func everyTypeIsThere() { #expect(Self.types.count == 13) }

  @Test(arguments: types) func errorsAreNoGreater(type: String) throws {
    let file = try GGUFFile(path: TestResources.quantizationErrorsFile)
    let encoding = try Encoding(named: type)
    let importance = try file.tensor(named: "importance")
    for name in Self.tensors {
      let values = try file.tensor(named: name).decoded()
      let x = try Tensor(values, shape: [8, 512])
      let plain = try encoded(x, encoding, nil)
      let error = error(plain, values, [1])
      for other in ["gguf", "ggml"] {
        let key = "\(other).\(type.uppercased()).\(name)"
        guard other == "ggml" || file.metadata[key] != nil else { continue }
        #expect(error <= 1.001 * (try file.metadata.float(key)), "\(key)")
      }
      let weighted = try encoded(x, encoding, importance)
      let weights = try importance.floats()
      let theirs = try file.metadata.float("weighted.\(type.uppercased()).\(name)")
      #expect(self.error(weighted, values, weights) <= 1.001 * theirs, "weighted \(type) \(name)")
      #expect(self.error(weighted, values, weights) < self.error(plain, values, weights), "\(type) \(name)")
    }
  }

  private func encoded(_ x: Tensor, _ encoding: Encoding, _ importance: Tensor?) throws -> [Float] {
    let operands = [x] + [importance].compactMap { $0 }
    return try ReferenceBackend().evaluate(Encode(encoding: encoding), operands)[0].decoded()
  }

  /// `√(mean w (y − x)²)`, the weights again in each row.
  private func error(_ decoded: [Float], _ values: [Float], _ weights: [Float]) -> Double {
    var sum = 0.0
    for (place, (y, x)) in zip(decoded, values).enumerated() {
      sum += Double(weights[place % weights.count]) * (Double(y) - Double(x)) * (Double(y) - Double(x))
    }
    return (sum / Double(values.count)).squareRoot()
  }
}
