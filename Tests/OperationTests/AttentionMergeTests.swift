import Heddle
import TestSupport
import Testing

@testable import _KernelCases

/// Attention to some of the keys and attention to the others, merged, is attention to all.
@Suite struct AttentionMergeTests {
  /// A window and what is before it; the parts of a cache; a sequence and another modality's, read by the same queries.
  @Test(arguments: TestDevices.distinct)
  func `parts of the keys merge to the whole`(device: Device) async throws {
    let (tokens, keys, heads, width) = (7, 150, 4, 16)
    let draft = CaseDraft(Attention.self, "merge")
    let inputs: NameTable<Tensor> = try [
      "q": draft.units([tokens, heads, width], times: 3), "k": draft.units([keys, 2, width], times: 3),
      "v": draft.units([keys, 2, width]),
    ]
    let builder = GraphBuilder()
    let all: [Dimension] = [Dimension(keys), 2, Dimension(width)]
    let q = try builder.input("q", .float32, [Dimension(tokens), Dimension(heads), Dimension(width)])
    let (k, v) = (try builder.input("k", .float32, all), try builder.input("v", .float32, all))
    var parts: [PartialAttention] = []
    for range in [0..<70, 70..<71, 71..<150] {
      let (some, values) = (
        try builder.slice(k, axis: 0, start: Dimension(range.lowerBound), count: Dimension(range.count)),
        try builder.slice(v, axis: 0, start: Dimension(range.lowerBound), count: Dimension(range.count))
      )
      parts.append(try builder.attentionWithLogSumExp(queries: q, keys: some, values: values, scale: 0.3, mask: .full))
    }
    let merged = try builder.mergeAttention(builder.mergeAttention(parts[0], parts[1]), parts[2])
    let whole = try builder.attentionWithLogSumExp(queries: q, keys: k, values: v, scale: 0.3, mask: .full)
    let graph = try builder.build(outputs: [
      "merged": merged.output, "merged sums": merged.logSumExp, "whole": whole.output, "whole sums": whole.logSumExp,
    ])
    for shape in KernelShape.allCases {
      var options = PlanOptions()
      options.shape = shape
      let session = try await TestBackends.backend(device).compile(
        graph, constants: ConstantStore(), options: options
      ).makeSession([:])
      let results = try await session.run(RunRequest(inputs: inputs))
      for name in ["", " sums"] {
        let merged: [Float] = try results["merged" + name]?.floats() ?? []
        let whole: [Float] = try results["whole" + name]?.floats() ?? []
        #expect(!whole.isEmpty && merged.count == whole.count)
        for (one, other) in zip(merged, whole) { #expect(abs(one - other) <= 4e-6, "\(name) \(shape)") }
      }
    }
  }
}
