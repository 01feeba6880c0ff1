import Heddle
import TestSupport
import Testing

/// Sparse tensors as values of a run: outputs, copies and intermediates.
@Suite struct SparseValueTests {
  /// `y = x`, byte by byte.
  private static let same = CustomKernel(
    source: """
      __kernel void same(__global const uchar *x, __global uchar *y, UNIFORMS) {
        const long i = get_global_id(0);
        if (i < P_count) y[P_result_0_offset + i] = x[P_operand_0_offset + i];
      }
      """, entry: "same"
  ) { _, operands, _ in
    let count = operands[0].byteCount
    return .init(parameters: [("count", count)], global: [count.roundedUp(toMultipleOf: 64)], local: [64])
  }

  @Test(arguments: TestDevices.distinct, ["vw5:7-int4", "1:4-int8", "block48@50-f16", "nvw3:8-f32"])
  func `a sparse value is an output twice and an intermediate`(device: Device, name: String) async throws {
    let backend = try backend(device, kernels: ["same": Self.same])
    let format = try #require(SparseFormat(name: name))
    let shape = [33, 3 * format.pattern.span]
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, shape.map { Dimension($0) })
    let custom = Custom(name: "same", rule: .sameAs(operand: 0))
    // Two intermediates that live at once: one of them is not where the arena begins.
    let doubled = try builder.encode(builder.add(x, x), as: .sparse(format))
    let negative = try builder.encode(builder.unary(.negate, x), as: .sparse(format))
    let outputs = [
      "y": try builder.encode(x, as: .sparse(format)), "again": try builder.encode(x, as: .sparse(format)),
      "doubled": try builder.custom(custom, [doubled])[0], "negative": try builder.custom(custom, [negative])[0],
    ]
    let graph = try builder.build(outputs: NameTable(outputs))
    let session = try await backend.compile(graph, constants: ConstantStore()).makeSession([:])
    let values = try Tensor.counting(shape, from: -40).floats()
    let results = try await session.run(RunRequest(inputs: ["x": Tensor(values, shape: shape)]))
    let expected = try Tensor(values, as: .sparse(format), shape: shape)
    #expect(results["y"] == expected)
    #expect(results["again"] == expected)
    #expect(results["doubled"] == (try Tensor(values.map { 2 * $0 }, as: .sparse(format), shape: shape)))
    #expect(results["negative"] == (try Tensor(values.map { -$0 }, as: .sparse(format), shape: shape)))
  }
}
