import Heddle
import HeddleReference
import TestSupport
import Testing

/// 16-bit floats as activations: inputs, outputs, states and everything that moves them, bit for bit as the oracle.
@Suite struct HalfPrecisionTests {
  private static func graph(_ encoding: Encoding) throws -> Graph {
    let builder = GraphBuilder()
    let n = try builder.symbol("n", in: 1...5)
    let past = try builder.symbol("past", in: 0...4)
    let x = try builder.input("x", encoding, [n, 3])
    let cache = try builder.writeRows(x, to: builder.state("cache", encoding, [9, 3]), at: past)
    try builder.update(state: "cache", to: cache)
    let turned = try builder.transpose(x, [1, 0])
    let joined = try builder.concatenate([x, builder.slice(cache, axis: 0, start: past, count: n)], axis: 1)
    let floats = try builder.multiply(builder.encode(x, as: .float32), builder.input("scale", .float32, [1]))
    return try builder.build(outputs: [
      "x": x, "cache": cache, "turned": turned, "flat": builder.reshape(turned, to: [n * 3]), "joined": joined,
      "rounded": builder.encode(floats, as: encoding), "middle": builder.slice(joined, axis: 1, start: 1, count: 3),
      "product": builder.matmul(
        builder.encode(floats, as: .bfloat16), builder.encode(builder.reshape(x, to: [n, 3]), as: .bfloat16)),
    ])
  }

  @Test(arguments: TestDevices.all, [Encoding.float16, .bfloat16])
  func sessionsKeepEveryBit(device: Device, encoding: Encoding) async throws {
    let graph = try Self.graph(encoding)
    let store = ConstantStore()
    let session = try await TestBackends.backend(device).compile(graph, constants: store).makeSession([:])
    let oracle = try await ReferenceBackend().compile(graph, constants: store).makeSession([:])
    for (step, past) in [(0, 0), (1, 2), (2, 4)] {
      let rows = [2, 2, 5][step]
      // Odd counts of 2-byte elements; NaN, infinity and −0 among them, but not in what is multiplied.
      var values = (0..<rows * 3).map { Float($0 * 3 - 7) * 0.375 }
      if step == 1 { values.replaceSubrange(0..<3, with: [.infinity, -0.0, 1e-30]) }
      let request = RunRequest(
        inputs: [
          "x": try Tensor(values, as: encoding, shape: [rows, 3]), "scale": try Tensor([1.0078125], shape: [1]),
        ], bindings: ["past": past],
        outputs: step == 1 ? NameSet(graph.outputs.map(\.name)).subtracting(["product"]) : nil)
      let (got, expected) = (try await session.run(request), try await oracle.run(request))
      #expect(got.keys.sorted() == expected.keys.sorted())
      for (name, tensor) in expected where name != "product" { #expect(got[name] == tensor, "\(name), step \(step)") }
      guard let product = try expected["product"]?.floats() else { continue }
      let close = zip(try got["product"]?.floats() ?? [], product).allSatisfy { abs($0 - $1) <= 1e-5 * (1 + abs($1)) }
      #expect(close && got["product"]?.shape == expected["product"]?.shape)
    }
  }
}
