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
