import HeddleText
import HeddleTypes

/// Places temporaries in one arena by liveness: two whose lives overlap never share a byte.
struct Arena {
  /// Offset of each temporary, in bytes.
  private(set) var offsets: [Int] = []
  private(set) var byteCount = 0

  /// Bytes every temporary starts at a multiple of.
  static let alignment = 128

  /// - Parameters:
  ///   - sizes: bytes of each temporary.
  ///   - lives: the first and the last launch that uses each; nil if none does.
  /// - Throws: ``TypeError/sizeOverflow(_:)`` if the arena's size does not fit `Int`.
  init(sizes: [Int], lives: [ClosedRange<Int>?]) throws(TypeError) {
    offsets = sizes.map { _ in 0 }
    // Greatest first, each at the lowest offset free during its whole life: near the optimum for graphs like these.
    let order = zip(sizes, lives).enumerated().sorted { $0.element.0 > $1.element.0 }
    var placed: [(life: ClosedRange<Int>, offset: Int, end: Int)] = []
    for (index, (size, life)) in order where size > 0 {
      guard let life else { continue }
      var offset = 0
      for other in placed.filter({ $0.life.overlaps(life) }).sorted(by: { $0.offset < $1.offset }) {
        if try Arena.end(offset, size) <= other.offset { break }
        offset = max(offset, other.end)
      }
      let end = try Arena.end(offset, size)
      offsets.update(at: index) { $0 = offset }
      byteCount = max(byteCount, end)
      placed.append((life, offset, end))
    }
  }

  /// `offset + size`, aligned.
  private static func end(_ offset: Int, _ size: Int) throws(TypeError) -> Int {
    let (sum, overflow) = offset.addingReportingOverflow(size)
    guard !overflow, sum <= Int.max - alignment else { throw .sizeOverflow([offset, size]) }
    return (sum + alignment - 1) / alignment * alignment
  }
}
