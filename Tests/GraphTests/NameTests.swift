import Foundation
import HeddleGraph
import Testing

@Suite struct NameTests {
  private static let identifiers = ["n", "_", "ceil", "past_2", "A9", "timeout", "in"]
  private static let others = [
    "", " ", "a b", "3x", "a.b", "é", "e\u{301}", "n\0", "a-b", "a+1", "⌈a⌉", "n\n", "\u{1B}[31m", "-1",
  ]

  @Test(arguments: identifiers)
  func `an identifier is a symbol`(name: String) throws {
    let builder = GraphBuilder()
    let n = try builder.symbol(name, in: 1...4)
    let graph = try builder.build(outputs: ["x": builder.input("x", .float32, [n])])
    #expect(try Graph(json: graph.json()) == graph)
    #expect(n.expression == name)
  }

  @Test(arguments: others)
  func `nothing else is`(name: String) throws {
    #expect(throws: GraphError.symbolName(name)) { try GraphBuilder().symbol(name, in: 1...4) }
    let declaration = SymbolDeclaration(symbol: Symbol(name), minimum: 1, maximum: 4)
    #expect(throws: GraphError.symbolName(name)) { try Graph(symbols: [declaration], nodes: [], outputs: []) }
    let text = "\(GraphError.symbolName(name))"
    #expect(text.contains("letters, digits and '_'") && !text.contains("\u{1B}") && !text.contains("\0"))
  }

  @Test func `a NUL ends a text in C`() throws {
    func graph(input: String = "x", state: String = "s", output: String = "y") throws -> Graph {
      let builder = GraphBuilder()
      let x = try builder.input(input, .float32, [2])
      _ = try builder.state(state, .float32, [2])
      return try builder.build(outputs: [output: x])
    }
    _ = try graph()
    _ = try graph(input: "", state: "blk.0 k", output: "é\n")
    #expect(throws: GraphError.nameWithNUL("x\0y")) { try graph(input: "x\0y") }
    #expect(throws: GraphError.nameWithNUL("\0")) { try graph(state: "\0") }
    #expect(throws: GraphError.nameWithNUL("y\0")) { try graph(output: "y\0") }
  }

  @Test func `an extent that no run can have is named`() throws {
    let builder = GraphBuilder()
    let n = try builder.symbol("n", in: 1...64)
    let past = try builder.symbol("past", in: 0...16)
    let graph = try builder.build(outputs: ["x": builder.input("x", .float32, [n, 4])])
    func message(_ shape: [Int], _ type: TensorType, fixed: Bindings = [:]) -> String? {
      do { try graph.checkExtents(shape, of: "x", type, fixed: fixed) } catch { return "\(error)" }
      return nil
    }
    let rows = TensorType(.float32, [n, 4])
    #expect(message([64, 4], rows) == nil && message([1, 4], rows) == nil)
    #expect(
      message([65, 4], rows) == "n would be 65; the graph allows 1...64 (x is f32[n, 4], got shape [65, 4])")
    #expect(message([0, 4], rows)?.hasPrefix("n would be 0; the graph allows 1...64") == true)
    #expect(message([.max, 4], rows)?.hasPrefix("n would be \(Int.max);") == true)
    #expect(message([3, 5], rows)?.hasPrefix("axis 1 would be 5; it is 4 here") == true)
    #expect(message([5, 4], rows, fixed: ["n": 6])?.hasPrefix("n would be 5; it is 6 here") == true)
    #expect(
      message([81], TensorType(.float32, [past + n]))?.hasPrefix("n + past would be 81; the graph allows 1...80")
        == true)
    #expect(message([3], rows)?.contains("must be f32[n, 4]") == true)
    #expect(message([-1, 4], rows)?.hasPrefix("n would be -1") == true)
  }
}
