import HeddlePlanning
import Testing

/// Where elements of bound memory may lie.
@Suite struct LayoutTests {
  private func graph() throws -> Graph {
    let builder = GraphBuilder()
    let rows = try builder.symbol("rows", in: 0...100)
    let x = try builder.input("x", .float32, [rows, 8])
    _ = try builder.input("table", .q8_0, [4, 32])
    let y = try builder.multiply(x, builder.unary(.negate, x))
    return try builder.build(outputs: ["y": y])
  }

  private func plan(_ layouts: [TensorPlace: TensorLayout]) throws -> Plan {
    var options = PlanOptions()
    options.layouts = layouts
    return try Planner(target: .floor).plan(graph(), options: options)
  }

  @Test func `a strided input costs no launch, an offset output neither, a strided output one copy`() throws {
    let plain = try plan([:]).lists[0].launches.count
    #expect(try plan([.input("x"): TensorLayout(offset: 5, strides: [1, 200])]).lists[0].launches.count == plain)
    #expect(try plan([.output("y"): TensorLayout(offset: 5, strides: [8, 1])]).lists[0].launches.count == plain)
    #expect(try plan([.output("y"): TensorLayout(strides: [1, 200])]).lists[0].launches.count == plain + 1)
  }

  @Test(arguments: [
    (TensorPlace.input("x"), TensorLayout(strides: [8]), "needs 2 strides"),
    (.input("x"), TensorLayout(strides: [8, -1]), "must not be negative"),
    (.input("x"), TensorLayout(offset: -1, strides: [8, 1]), "must not be negative"),
    (.input("x"), TensorLayout(strides: [.max, 1]), "reach too far"),
    (.input("x"), TensorLayout(offset: .max, strides: [8, 1]), "reach too far"),
    (.output("y"), TensorLayout(strides: [7, 1]), "meet"), (.output("y"), TensorLayout(strides: [0, 1]), "meet"),
    (.output("y"), TensorLayout(strides: [1, 99]), "meet"),
    (.input("table"), TensorLayout(strides: [32, 1]), "have no strides"),
    (.input("q"), TensorLayout(strides: [8, 1]), "a layout is of an input, output or state"),
    (.state("x"), TensorLayout(strides: []), "a layout is of an input, output or state"),
  ]) func `what cannot be is refused`(place: TensorPlace, layout: TensorLayout, message: String) throws {
    let error = try #require(throws: PlanError.self) { try plan([place: layout]) }
    #expect("\(error)".contains(message), "\(error)")
  }

  @Test(arguments: [[1 << 62 + 1, 1 - 1 << 62, 2], [2, 2], [2, 2, 2, 2], [-1, 2, 2]])
  func `extents of another rank, or below zero, are refused`(shape: [Int]) throws {
    let layout = TensorLayout(strides: [1, 2, 1 << 62 + 1])
    let fault = layout.fault(for: TensorType(.float32, [2, 2, 2]), shape: shape, isWritten: true)
    #expect(fault?.contains("are no extents of f32[2, 2, 2]") == true, "\(fault ?? "nil")")
  }

  @Test func `an input may repeat an axis, an output may be transposed`() throws {
    _ = try plan([.input("x"): TensorLayout(strides: [0, 1]), .output("y"): TensorLayout(strides: [1, 100])])
  }
}
