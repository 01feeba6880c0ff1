import HeddlePlanning
import Testing

/// A device may limit the work-groups of a launch along an axis, as CUDA does: 65,535 along the second and the third.
@Suite struct GroupLimitTests {
  private func plan(_ rows: Dimension, in builder: GraphBuilder, limit: Int) throws -> Plan {
    let x = try builder.input("x", .float32, [rows, 8])
    let graph = try builder.build(outputs: ["y": builder.softmax(x)])
    var target = TargetProfile.floor
    target.maximumGroupCounts = [.max, limit, limit]
    return try Planner(target: target).plan(graph)
  }

  @Test func `what no binding can keep is refused with the counts, and what fits is planned`() throws {
    #expect(try plan(65535, in: GraphBuilder(), limit: 65535).lists[0].launches.count == 1)
    #expect(try plan(65536, in: GraphBuilder(), limit: .max).lists[0].launches.count == 1)
    let error = #expect(throws: PlanError.self) { try plan(65536, in: GraphBuilder(), limit: 65535) }
    #expect("\(try #require(error))".contains("[1, 65536] work-groups, the device takes"))
  }

  @Test func `what some bindings exceed is planned: a run of those is refused`() throws {
    let builder = GraphBuilder()
    let rows = try builder.symbol("rows", in: 1...1_000_000)
    #expect(try plan(rows, in: builder, limit: 65535).lists[0].launches.count == 1)
  }

  @Test func `groups are counted in whole ones`() {
    let target = TargetProfile.floor
    #expect(target.groupCounts(global: [0, 1, 64, 65], local: [64, 64, 64, 64]) == [0, 1, 1, 2])
    #expect(target.groupCounts(global: [.max], local: [1]) == [.max])
    #expect(target.takes(groups: [.max, .max, .max]) && target.takes(groups: []))
  }
}
