import HeddlePlanning
import Testing

@Suite struct StatePlanTests {
  private let builder = GraphBuilder()
  private let x: Value
  private let cache: Value

  init() throws {
    x = try builder.input("x", .float32, [2, 4])
    cache = try builder.state("cache", .float32, [8, 4])
  }

  private func plan(_ outputs: NameTable<Value>) throws -> CommandList {
    try Planner(target: .floor).plan(builder.build(outputs: outputs)).lists[0]
  }

  /// Where each launch writes, and its kernel.
  private func writes(_ list: CommandList) -> [BufferReference] {
    list.launches.flatMap { launch in launch.writes.sorted().map { launch.buffers[$0] } }
  }

  private func staleLine(_ outputs: NameTable<Value>) -> Int? {
    do {
      _ = try plan(outputs)
    } catch let error as PlanError {
      guard case .staleState("cache", let origin) = error else { return nil }
      #expect("\(error)".contains("StatePlanTests.swift:\(origin.line ?? 0)"))
      #expect("\(error)".contains("reads the state 'cache' after its next value was made in the same place"))
      return origin.line
    } catch {}
    return nil
  }

  @Test func `a write that becomes the next value is in place`() throws {
    let next = try builder.writeRows(x, to: cache, at: 3)
    try builder.update(state: "cache", to: next)
    #expect(try writes(plan([:])) == [.state("cache")])
  }

  @Test func `a chain of writes, seen through views, is in place`() throws {
    let flat = try builder.reshape(cache, to: [32])
    let one = try builder.writeRows(builder.reshape(x, to: [8]), to: flat, at: 0)
    let two = try builder.writeRows(builder.reshape(x, to: [8]), to: one, at: 16)
    try builder.update(state: "cache", to: builder.reshape(two, to: [8, 4]))
    #expect(try writes(plan([:])) == [.state("cache"), .state("cache")])
  }

  @Test func `states whose names differ in nothing but their bytes are written apart`() throws {
    let names = ["caf\u{E9}", "cafe\u{301}"]
    // Both are written before either is read.
    let states = try names.map { try builder.state($0, .float32, [8, 4]) }
    let written = try states.map { try builder.writeRows(x, to: $0, at: 3) }
    for (name, value) in zip(names, written) { try builder.update(state: name, to: value) }
    let list = try plan(["y": builder.add(written[0], written[1])])
    #expect(writes(list).prefix(2).elementsEqual(names.map { .state($0) }))
  }

  @Test func `a write that does not become the next value leaves the state alone`() throws {
    let list = try plan(["y": builder.writeRows(x, to: cache, at: 3)])
    #expect(!writes(list).contains(.state("cache")))
    let other = try builder.writeRows(x, to: cache, at: 0)
    try builder.update(state: "cache", to: builder.add(other, cache))
    #expect(try writes(plan([:])).filter { $0 == .state("cache") }.count == 1)
    #expect(try writes(plan([:])).last == .state("cache"))
  }

  @Test func `a write to what is no state copies`() throws {
    let list = try plan(["y": builder.writeRows(x, to: builder.input("z", .float32, [8, 4]), at: 1)])
    #expect(list.launches.count == 3)
    #expect(!writes(list).contains(.input("z")))
  }

  @Test func `rows of the cache are taken out before they are put back`() throws {
    let rows = try builder.slice(cache, axis: 0, start: 0, count: 2)
    try builder.update(state: "cache", to: builder.writeRows(rows, to: cache, at: 1))
    #expect(try writes(plan([:])) == [.arena, .state("cache")])
  }

  @Test func `a node that reads an old version is refused`() throws {
    let next = try builder.writeRows(x, to: cache, at: 0)
    try builder.update(state: "cache", to: next)
    let line = #line + 1
    let sum = try builder.add(cache, next)
    #expect(staleLine(["y": sum]) == line)
  }

  @Test func `an old version read through a view is refused too`() throws {
    let view = try builder.slice(builder.transpose(cache, [1, 0]), axis: 0, start: 0, count: 2)
    let converted = try builder.encode(view, as: .float32)
    let next = try builder.writeRows(x, to: cache, at: 0)
    try builder.update(state: "cache", to: next)
    let line = #line + 1
    let product = try builder.multiply(converted, converted)
    #expect(staleLine(["y": product]) == line)
  }

  @Test func `an old version as an output is refused`() throws {
    try builder.update(state: "cache", to: builder.writeRows(x, to: cache, at: 0))
    #expect(staleLine(["y": cache]) != nil)
  }

  @Test func `a version may be read before its successor is made`() throws {
    let before = try builder.add(cache, cache)
    try builder.update(state: "cache", to: builder.writeRows(x, to: cache, at: 0))
    #expect(try writes(plan(["y": before])) == [.output("y"), .state("cache")])
  }

  @Test func `an output may show a state that is replaced as a whole`() throws {
    try builder.update(state: "cache", to: builder.add(cache, cache))
    #expect(try writes(plan(["y": cache])) == [.arena, .output("y"), .state("cache")])
  }

  @Test func `a state that becomes part of another, or of itself turned, is refused`() throws {
    let other = try builder.state("other", .float32, [8, 4])
    try builder.update(state: "other", to: cache)
    #expect(throws: PlanError.aliasedState("other")) { try plan(["y": other]) }
    #expect("\(PlanError.aliasedState("other"))".contains("'other' is part of another state"))
    let turned = GraphBuilder()
    let square = try turned.state("square", .float32, [4, 4])
    try turned.update(state: "square", to: turned.transpose(square, [1, 0]))
    let graph = try turned.build(outputs: [:])
    #expect(throws: PlanError.aliasedState("square")) { try Planner(target: .floor).plan(graph) }
  }

  @Test func `one state grown into another is a copy`() throws {
    _ = try builder.state("other", .float32, [8, 4])
    try builder.update(state: "other", to: builder.writeRows(x, to: cache, at: 0))
    #expect(try !writes(plan([:])).contains(.state("cache")))
    #expect(try writes(plan([:])).contains(.state("other")))
  }
}
