import Testing
import _KernelCases

@testable import HeddlePlanning

/// Which launches of a list a tape runs.
@Suite struct TapeTests {
  private static let walking = with(DecoderGraph.cpu, TargetProfile.residentGroups)

  private static func with(_ target: TargetProfile, _ feature: String) -> TargetProfile {
    var target = target
    target.features.insert(feature)
    return target
  }

  private func plan(
    _ graph: Graph, _ taping: Taping, shape: KernelShape? = nil, target: TargetProfile = walking
  ) throws -> Plan {
    var options = PlanOptions()
    options.taping = taping
    options.shape = shape
    return try Planner(target: target).plan(graph, options: options)
  }

  @Test func `a decoder's token is one tape, and a device that cannot walk has none`() throws {
    let plan = try plan(DecoderGraph.make(), .whereLaunchesAreSmall)
    for (list, tapes) in zip(plan.lists, plan.tapes) {
      let tape = try #require(tapes.first)
      // All but the softmax at the end, whose items meet at barriers.
      #expect(tapes.count == 1 && tape.launches == 0..<list.launches.count - 1)
      #expect(tape.entries.count == tape.launches.count)
      // Every launch finds its kernel and its buffers.
      for (entry, launch) in zip(tape.entries, list.launches) {
        let function = tape.functions[entry.function]
        #expect(function.kernel == launch.kernel && function.local == launch.local)
        #expect(entry.operands.map { tape.buffers[$0] } == launch.buffers)
        #expect(function.bufferCount == launch.buffers.count)
        // Products read packed weights from the first to the last byte, and nothing else does.
        let weights = entry.weights.map { tape.buffers[$0] }
        #expect((weights != nil) == (launch.kernel?.entry == "matmul_packed_wide"), "\(launch.action.variantName)")
        if let weights { #expect(launch.buffers.contains(weights)) }
      }
      #expect(Set(tape.functions).count == tape.functions.count && Set(tape.buffers).count == tape.buffers.count)
      #expect(tape.functions.count < list.launches.count)
    }
    // One program walks those of all lists.
    #expect(plan.lists.count > 1 && Set(plan.tapes.joined().map(\.functions)).count == 1)
    #expect(Set(plan.kernelsBesideTapes.map(\.entry)) == ["softmax_simt"])
    for (taping, target) in [(Taping.never, Self.walking), (.always, DecoderGraph.cpu), (.always, .floor)] {
      let plan = try self.plan(DecoderGraph.make(), taping, target: target)
      #expect(plan.tapes.count == plan.lists.count && plan.tapes.joined().isEmpty, "\(taping)")
      #expect(Set(plan.kernelsBesideTapes) == Set(plan.lists.flatMap(\.kernels)))
    }
  }

  @Test func `items that meet at barriers part tapes`() throws {
    let plan = try plan(DecoderGraph.make(), .always, shape: .simt)
    var taped = 0
    for (list, tapes) in zip(plan.lists, plan.tapes) {
      var end = 0
      for tape in tapes {
        #expect(tape.launches.lowerBound >= end && !tape.launches.isEmpty)
        end = tape.launches.upperBound
        taped += tape.launches.count
      }
      for (index, launch) in list.launches.enumerated() {
        let isTaped = tapes.contains { $0.launches.contains(index) }
        #expect(isTaped == (launch.itemsAreIndependent || launch.kernel?.shape == .wide))
      }
    }
    #expect(taped > 0 && !plan.kernelsBesideTapes.isEmpty)
  }

  /// `length` norms of a matrix of this many rows, an item each.
  private func chain(_ length: Int, rows: ClosedRange<Int>) throws -> Graph {
    let builder = GraphBuilder()
    var x = try builder.input("x", .float32, [builder.symbol("n", in: rows), 8])
    let weight = try builder.input("weight", .float32, [8])
    for _ in 0..<length { x = try builder.rmsNorm(x, weight: weight, epsilon: 1) }
    return try builder.build(outputs: ["y": x])
  }

  @Test func `few launches and great ones stay launches`() throws {
    let least = Taping.leastLaunchCount
    func count(_ length: Int, _ rows: ClosedRange<Int>, _ taping: Taping = .whereLaunchesAreSmall) throws -> Int {
      try plan(chain(length, rows: rows), taping, shape: .wide).tapes.joined().count
    }
    #expect(try count(least, 1...4) == 1)
    #expect(try count(least - 1, 1...4) == 0)
    #expect(try count(1, 1...4, .always) == 1)
    #expect(try count(least, 1...Taping.smallGroupCount) == 1)
    #expect(try count(least, 1...100 * Taping.smallGroupCount) == 0)
    #expect(try count(least, 1...100 * Taping.smallGroupCount, .always) == 1)
  }
}
