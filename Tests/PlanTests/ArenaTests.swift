import HeddleTypes
import Testing
import _KernelCases

@testable import HeddlePlanning

@Suite struct ArenaTests {
  @Test(arguments: 0..<200) func `no two live temporaries share a byte`(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let count = Int.random(in: 0...40, using: &random)
    let sizes = (0..<count).map { _ in Int.random(in: 0...1000, using: &random) }
    let lives = (0..<count).map { _ -> ClosedRange<Int>? in
      if Int.random(in: 0..<10, using: &random) == 0 { return nil }
      let first = Int.random(in: 0...30, using: &random)
      return first...Int.random(in: first...min(30, first + 8), using: &random)
    }
    let arena = try Arena(sizes: sizes, lives: lives)
    try #require(arena.offsets.count == count)
    // Byte by byte, launch by launch.
    for launch in 0...30 {
      var owners = [Int?](repeating: nil, count: arena.byteCount)
      for index in 0..<count where lives[index]?.contains(launch) == true {
        for byte in arena.offsets[index]..<arena.offsets[index] + sizes[index] {
          try #require(owners[byte] == nil, "\(index) and \(owners[byte] ?? -1) share byte \(byte)")
          owners[byte] = index
        }
      }
    }
    let unit = Arena.alignment
    let aligned = sizes.indices.map { lives[$0] == nil ? 0 : (sizes[$0] + unit - 1) / unit * unit }
    let peak =
      (0...30).map { launch in
        sizes.indices.filter { lives[$0]?.contains(launch) == true }.reduce(0) { $0 + sizes[$1] }
      }.max() ?? 0
    #expect(arena.offsets.allSatisfy { $0 % Arena.alignment == 0 })
    #expect((peak...max(peak, aligned.reduce(0, +))).contains(arena.byteCount))
  }

  @Test(arguments: [1, 2, 16, 17, 1000, 1024, 1025, 1_000_000_000])
  func `intermediates have places of their own for any part of a range`(rows: Int) throws {
    let builder = GraphBuilder()
    let n = try builder.symbol("n", in: 1...1_000_000_000)
    let x = try builder.input("x", .float32, [n, 8])
    let w = try builder.input("w", .float32, [8, 8])
    let first = try builder.softmax(builder.matmul(x, w))
    let second = try builder.softmax(builder.matmul(first, w))
    let third = try builder.softmax(builder.matmul(second, w))
    let y = try builder.concatenate([first, builder.multiply(second, third)], axis: 1)
    let plan = try Planner(target: .floor).plan(try builder.build(outputs: ["y": builder.softmax(y)]))
    let list = plan.lists[try #require(plan.listIndex(for: ["n": rows]))]
    let part = list.range.part(around: ["n": rows])
    #expect(part.contains(["n": rows]) && list.range.reaching(part) == list.range)
    #expect(try #require(part.ranges["n"]).upperBound <= 2 * rows)
    let arena = try list.arena(for: part)
    #expect(arena.byteCount <= list.arenaByteCount && arena.byteCount < 10 * 2 * rows * 64 + 1024)
    var ranges: [Int: Range<Int>] = [:]
    for (launch, start) in zip(list.launches, arena.blockOfLaunch) {
      for (index, parameter) in launch.parameters.enumerated() {
        guard let base = parameter.base, let id = parameter.temporary else { continue }
        let place = try #require((arena.parameterValues[start + index] - parameter.value).constant)
        let size = try list.temporaries[id].byteCount.value(["n": rows])
        let range = place * base.elementByteCount..<place * base.elementByteCount + size
        #expect(ranges[id] == nil || ranges[id] == range)
        #expect(range.upperBound <= arena.byteCount)
        ranges[id] = range
      }
    }
    #expect(ranges.count >= 3)
    for (id, range) in ranges {
      for (other, otherRange) in ranges where other > id {
        let isTogether = list.temporaries[id].life?.overlaps(list.temporaries[other].life ?? -1 ... -1) ?? false
        #expect(!isTogether || !range.overlaps(otherRange), "\(id) and \(other) share bytes")
      }
    }
  }

  @Test func `memory is used again`() throws {
    let arena = try Arena(sizes: [256, 256, 256], lives: [0...1, 1...2, 2...3])
    #expect(arena.offsets == [0, 256, 0])
    #expect(arena.byteCount == 512)
    #expect(try Arena(sizes: [256, 64], lives: [nil, nil]).byteCount == 0)
  }

  @Test(arguments: [[Int.max], [Int.max - 200, 1 << 20], [1 << 62, 1 << 62]])
  func `a sum that does not fit is an error`(sizes: [Int]) {
    #expect(throws: TypeError.self) { try Arena(sizes: sizes, lives: sizes.map { _ in 0...0 }) }
  }
}
