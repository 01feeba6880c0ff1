import HeddlePlanning
import Testing

@Suite struct BindingRangeTests {
  private func graph(_ tokens: ClosedRange<Int>, matmul: Bool = true) throws -> Graph {
    let builder = GraphBuilder()
    let tokens = try builder.symbol("tokens", in: tokens)
    let past = try builder.symbol("past", in: 0...9)
    let x = try builder.input("x", .float32, [tokens, 4])
    let w = try builder.input("w", .float32, [4, 4])
    let rows = try builder.range(from: past, count: tokens)
    return try builder.build(outputs: ["y": matmul ? builder.matmul(x, w) : builder.add(x, x), "rows": rows])
  }

  @Test(arguments: [
    (1...64, [1...1, 2...16, 17...64]), (0...64, [0...1, 2...16, 17...64]), (1...16, [1...1, 2...16]),
    (1...1, [1...1]), (3...40, [3...16, 17...40]), (20...40, [20...40]), (0...0, [0...0]), (2...17, [2...16, 17...17]),
  ])
  func `rows of a matmul are cut in a token, a few and a prompt`(
    tokens: ClosedRange<Int>, pieces: [ClosedRange<Int>]
  ) throws {
    let graph = try graph(tokens)
    let ranges = BindingRange.defaults(for: graph)
    #expect(ranges.map { $0.ranges["tokens"] } == pieces)
    #expect(ranges.allSatisfy { $0.ranges["past"] == 0...9 })
    let plan = try Planner(target: .floor).plan(graph)
    for value in tokens {
      let index = try #require(plan.listIndex(for: ["tokens": value, "past": 0]))
      try #require(pieces.indices.contains(index))
      #expect(pieces[index].contains(value))
    }
    #expect(plan.listIndex(for: ["tokens": tokens.upperBound + 1, "past": 0]) == nil)
    #expect(plan.listIndex(for: ["tokens": tokens.lowerBound]) == nil)
  }

  @Test func `a part of a range has room to nearly double, and ends where the range does`() {
    let range = BindingRange(["tokens": 17...512, "past": 0...9])
    #expect(range.part(around: ["tokens": 17, "past": 0]) == BindingRange(["tokens": 17...32, "past": 0...1]))
    #expect(range.part(around: ["tokens": 300, "past": 5]) == BindingRange(["tokens": 17...512, "past": 0...8]))
    #expect(range.part(around: ["tokens": 512, "past": 9]) == range && range.part(around: [:]) == range)
    let parts = (range.part(around: ["tokens": 20, "past": 5]), range.part(around: ["tokens": 100, "past": 0]))
    #expect(parts.0.reaching(parts.1) == BindingRange(["tokens": 17...128, "past": 0...8]))
    let huge = BindingRange(["n": 0...Int.max])
    #expect(huge.part(around: ["n": .max]) == huge && huge.part(around: ["n": (1 << 62) + 1]) == huge)
    #expect([Int.min, 0, 1, 2, 3, 4, 5, 1 << 62].map(\.roundedUpToPowerOfTwo) == [1, 1, 1, 2, 4, 4, 8, 1 << 62])
  }

  @Test func `other symbols are not cut`() throws {
    let whole = BindingRange(["tokens": 1...64, "past": 0...9])
    #expect(BindingRange.defaults(for: try graph(1...64, matmul: false)) == [whole])
    let none = try GraphBuilder().build(outputs: [:])
    #expect(BindingRange.defaults(for: none) == [BindingRange([:])])
    #expect(BindingRange([:]).contains([:]))
  }

  @Test func `ranges print in order`() {
    #expect(BindingRange(["tokens": 1...2, "past": 0...9]).description == "past 0...9, tokens 1...2")
  }
}
