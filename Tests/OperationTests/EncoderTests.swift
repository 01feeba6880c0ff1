import Heddle
import TestSupport
import Testing

/// On every device, what blocks decode to is as near to the values as what other quantizers make of them, or nearer: the file
/// holds tensors and the errors of the `gguf` Python package and of ggml. That devices give the oracle's bytes is a matter of
/// the cases.
@Suite struct EncoderTests {
  static let types = Encoding.weights.filter(\.values.hasEncoder).map(\.name)
  private static let tensors = ["gaussian", "heavy", "positive", "columns"]

  @Test func everyTypeIsThere() { #expect(Self.types.count == 13) }

  @Test(arguments: TestDevices.all, types)
  func errorsAreNoGreater(device: Device, type: String) async throws {
    let file = try GGUFFile(path: TestResources.quantizationErrorsFile)
    let encoding = try Encoding(named: type)
    let importance = try file.tensor(named: "importance")
    for name in Self.tensors {
      let values = try file.tensor(named: name).decoded()
      let x = try Tensor(values, shape: [8, 512])
      let plain = try await encoded(x, encoding, nil, on: device)
      let error = error(plain, values, [1])
      for other in ["gguf", "ggml"] {
        let key = "\(other).\(type.uppercased()).\(name)"
        guard other == "ggml" || file.metadata[key] != nil else { continue }
        #expect(error <= 1.001 * (try file.metadata.float(key)), "\(key)")
      }
      let weighted = try await encoded(x, encoding, importance, on: device)
      let weights = try importance.floats()
      let theirs = try file.metadata.float("weighted.\(type.uppercased()).\(name)")
      #expect(self.error(weighted, values, weights) <= 1.001 * theirs, "weighted \(type) \(name)")
      #expect(self.error(weighted, values, weights) < self.error(plain, values, weights), "\(type) \(name)")
    }
  }

  private func encoded(
    _ x: Tensor, _ encoding: Encoding, _ importance: Tensor?, on device: Device
  ) async throws -> [Float] {
    let builder = GraphBuilder()
    let weights = try importance.map { _ in try builder.input("importance", .float32, [512]) }
    let y = try builder.encode(builder.input("x", .float32, [8, 512]), as: encoding, importance: weights)
    let graph = try builder.build(outputs: ["y": y])
    let session = try await TestBackends.backend(device).compile(graph, constants: ConstantStore()).makeSession([:])
    var inputs: NameTable<Tensor> = ["x": x]
    if let importance { inputs["importance"] = importance }
    return try #require(try await session.run(RunRequest(inputs: inputs))["y"]).decoded()
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
