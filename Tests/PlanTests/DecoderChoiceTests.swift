import HeddlePlanning
import Testing

@Suite struct DecoderChoiceTests {
  private func plan(
    _ change: (inout PlanOptions) -> Void = { _ in }, on target: TargetProfile = DecoderGraph.cpu
  ) throws -> Plan {
    var options = PlanOptions()
    change(&options)
    return try Planner(target: target).plan(DecoderGraph.make(), options: options)
  }

  private func matmuls(_ list: CommandList) -> [KernelReference] {
    list.launches.compactMap(\.kernel).filter { $0.entry.hasPrefix("matmul_packed") }
  }

  @Test func `passes leave four matmuls a layer and no additions`() throws {
    let plan = try plan()
    for list in plan.lists {
      #expect(matmuls(list).count == 2 * 4 + 1)
      #expect(!list.launches.contains { $0.kernel?.defines["FUNCTION_ADD"] != nil })
    }
    let plain = try self.plan { $0.runsPasses = false }
    #expect(matmuls(plain.lists[0]).count == 2 * 7 + 1)
    #expect(plain.lists[0].launches.filter { $0.kernel?.defines["FUNCTION_ADD"] != nil }.count == 4)
    #expect(plain.lists[0].launches.count > plan.lists[0].launches.count)
  }

  @Test func `heads, slices and caches are views: nothing but the new rows is copied`() throws {
    for list in try plan().lists {
      let copies = list.launches.filter { $0.kernel?.entry == "copy_simt" }
      #expect(copies.count == 4)
      #expect(
        copies.allSatisfy { launch in
          launch.writes.allSatisfy { if case .state = launch.buffers[$0] { true } else { false } }
        })
    }
  }

  @Test func `the table is packed once, for the look-up and for the logits`() throws {
    for runsPasses in [true, false] {
      let plan = try plan { $0.runsPasses = runsPasses }
      #expect(plan.constants.filter { $0.ids.contains("table") }.count == 1)
      #expect(Set(plan.constants).count == plan.constants.count)
      let list = plan.lists[0]
      let users = list.launches.filter { launch in
        launch.buffers.contains { if case .constant(let constant) = $0 { constant.ids == ["table"] } else { false } }
      }
      #expect(users.compactMap(\.kernel?.entry) == ["embedding_lookup_simt", "matmul_packed_wide"])
    }
    #expect(try plan().constants.contains { $0.ids == ["0.q", "0.k", "0.v"] && $0.rows == [32, 16, 16] })
  }

  @Test func `one token takes the tile of one token`() throws {
    let plan = try plan()
    #expect(plan.lists.map { $0.range.ranges["tokens"] } == [1...1, 2...16, 17...64])
    #expect(matmuls(plan.lists[0]).allSatisfy { $0.defines["TOKENS_PER_ITEM"] == "1" })
    // The logits are of one row in every list.
    for list in plan.lists.dropFirst() {
      #expect(matmuls(list).filter { $0.defines["TOKENS_PER_ITEM"] == "1" }.count == 1)
    }
  }

  @Test(arguments: KernelShape.allCases)
  func `a forced shape is taken wherever there is one`(shape: KernelShape) throws {
    for target in [DecoderGraph.cpu, .floor] {
      let list = try plan({ $0.shape = shape }, on: target).lists[2]
      for family in ["matmul_packed", "attention", "rms_norm"] {
        let entries = Set(list.launches.compactMap(\.kernel?.entry).filter { $0.hasPrefix(family) })
        #expect(!entries.isEmpty && entries.allSatisfy { $0.hasSuffix("_\(shape.rawValue)") }, "\(entries)")
      }
    }
  }

  @Test func `the target's preference is taken when nothing is forced`() throws {
    #expect(try plan().lists[0].kernels.contains { $0.entry == "matmul_packed_wide" })
    #expect(try !plan(on: .floor).lists[0].kernels.contains { $0.shape == .wide })
  }

  @Test func `candidates differ, and one past the last is the last`() throws {
    func variants(_ candidate: Int) throws -> [String] {
      matmuls(try plan { $0.candidate = candidate }.lists[2]).map(\.variantName)
    }
    #expect(try variants(0) != variants(1))
    #expect(try variants(99) == variants(1000))
    #expect(try variants(-5) == variants(0))
  }

  @Test func `a given range is planned alone`() throws {
    let range = BindingRange(["tokens": 2...2, "past": 0...4, "capacity": 8...8])
    let plan = try plan { $0.ranges = [range] }
    #expect(plan.lists.map(\.range) == [range])
    #expect(plan.listIndex(for: ["tokens": 1, "past": 0, "capacity": 8]) == nil)
    #expect(try plan.lists[0].arenaByteCount < self.plan().lists[2].arenaByteCount)
  }

  @Test func `a target below the floor's work-groups is refused, not overrun`() throws {
    let tiny = TargetProfile(
      preferredShapes: [.simt], maximumWorkGroupSize: 8, localMemoryByteCount: 1 << 10, computeUnits: 1)
    do {
      let plan = try plan(on: tiny)
      #expect(plan.lists.flatMap(\.launches).allSatisfy { $0.local.reduce(1, *) <= 8 })
    } catch let error as PlanError {
      #expect("\(error)".contains("do not fit 8"))
    }
  }
}
