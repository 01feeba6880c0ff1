import HeddlePlanning
import Testing
import _KernelCases

/// `supports` must say what planning does, for every operation and encoding.
@Suite struct SupportTests {
  private struct Use {
    var operation: any GraphOperation
    var operands: [TensorType]
  }

  /// The samples of every operation; each operand in every encoding and in other widths.
  private static func uses() -> [Use] {
    let custom = ["known", "big", "unknown"].flatMap { name in
      ([.float32, .int32] + Encoding.weights).map { encoding in
        Use(
          operation: Custom(name: name, rule: .sameAs(operand: 0)),
          operands: [TensorType(encoding, [Dimension("n"), 32])])
      }
    }
    let samples = OperationSamples.all.flatMap { samples in
      samples.accepted.map { Use(operation: $0.operation, operands: $0.operands) }
        + samples.refused.map { Use(operation: $0.operation, operands: $0.operands) }
    }
    let encoded = samples.flatMap { use in
      use.operands.indices.flatMap { index in
        ([.int32] + Encoding.weights).map { encoding in
          var changed = use
          changed.operands[index].encoding = encoding
          return changed
        }
      }
    }
    let widened = encoded.flatMap { use in
      [0, 1, 33, 64, 1025].compactMap { width -> Use? in
        guard use.operands.contains(where: { $0.shape.last == 32 }) else { return nil }
        var changed = use
        changed.operands = use.operands.map { type in
          type.shape.last == 32 ? type.replacing(type.rank - 1, Dimension(width)) : type
        }
        return changed
      }
    }
    return custom + samples + encoded + widened
  }

  /// Whether a graph of just this use can be planned; nil if it cannot be built.
  private func plans(_ use: Use, _ planner: Planner) throws -> Bool {
    let builder = GraphBuilder()
    let operands: [Value]
    let results: [Value]
    do {
      for (symbol, range) in OperationSamples.ranges { _ = try builder.symbol(symbol.name, in: range) }
      operands = try use.operands.enumerated().map { index, type in
        let isFixed = type.shape.allSatisfy { $0.constant != nil }
        if isFixed, use.operation.takesWeight(at: index, of: use.operands) {
          return try builder.apply(Constant(id: ConstantID("c\(index)"), type: type))[0]
        }
        return try builder.input("x\(index)", type.encoding, type.shape)
      }
      results = try builder.apply(use.operation, operands)
    } catch {
      return false
    }
    let graph = try builder.build(outputs: ["y": results[0]])
    return (try? planner.plan(graph)) != nil
  }

  @Test(arguments: [TargetProfile.floor, DecoderGraph.cpu]) func `support says what planning does`(
    target: TargetProfile
  ) throws {
    let kernels = [
      "known": CustomKernel(source: "", entry: "k") { _, _, _ in .init(global: [1], local: [1]) },
      "big": CustomKernel(source: "", entry: "k") { _, _, _ in .init(global: [999], local: [999]) },
    ]
    let planner = Planner(target: target, customKernels: kernels)
    var (yes, no) = (0, 0)
    for use in Self.uses() {
      let support = planner.support(use.operation, operands: use.operands, ranges: OperationSamples.ranges)
      let planned = try plans(use, planner)
      #expect(support.isSupported == planned, "\(use.operation) of \(use.operands): \(support)")
      if planned { yes += 1 } else { no += 1 }
      if case .unsupported(let reason) = support { #expect(!reason.isEmpty) }
    }
    #expect(yes > 100 && no > 100)
  }
}
