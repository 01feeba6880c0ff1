import HeddleTypes

/// Places temporaries in one arena by liveness: two whose lives overlap never share a byte.
struct Arena {
  /// Offset of each temporary, in bytes.
  private(set) var offsets: [Int] = []
  private(set) var byteCount = 0

  /// Bytes every temporary starts at a multiple of.
  static let alignment = 128

  // Traps: never, there is a life and an offset for each size, and `order` are its indices.
  /// - Parameters:
  ///   - sizes: bytes of each temporary.
  ///   - lives: the first and the last launch that uses each; nil if none does.
  /// - Throws: ``TypeError/sizeOverflow(_:)`` if the arena's size does not fit `Int`.
  init(sizes: [Int], lives: [ClosedRange<Int>?]) throws(TypeError) {
    offsets = [Int](repeating: 0, count: sizes.count)
    // Greatest first, each at the lowest offset free during its whole life: near the optimum for graphs like these.
    let order = sizes.indices.filter { lives[$0] != nil && sizes[$0] > 0 }.sorted { sizes[$0] > sizes[$1] }
    var placed: [Int] = []
    for index in order {
      guard let life = lives[index] else { continue }
      var offset = 0
      let neighbours = placed.filter { lives[$0]?.overlaps(life) ?? false }.sorted { offsets[$0] < offsets[$1] }
      for other in neighbours {
        if try Arena.end(offset, sizes[index]) <= offsets[other] { break }
        offset = max(offset, try Arena.end(offsets[other], sizes[other]))
      }
      offsets[index] = offset
      byteCount = max(byteCount, try Arena.end(offset, sizes[index]))
      placed.append(index)
    }
  }

  /// `offset + size`, aligned.
  private static func end(_ offset: Int, _ size: Int) throws(TypeError) -> Int {
    let (sum, overflow) = offset.addingReportingOverflow(size)
    guard !overflow, sum <= Int.max - alignment else { throw .sizeOverflow([offset, size]) }
    return (sum + alignment - 1) / alignment * alignment
  }
}
