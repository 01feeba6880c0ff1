import HeddleGraph
import HeddleReference

extension CaseDraft {
  /// Values of any dense encoding, with special ones among them, for operations that only move.
  func moveable(_ encoding: Encoding, _ shape: [Int]) throws -> Tensor {
    let count = shape.reduce(1, *)
    if !encoding.isScalar { return try randomBlocks(encoding, shape) }
    if encoding == .int32 {
      return try Tensor((0..<count).map { _ in Int32(truncatingIfNeeded: Int(random.next() >> 32)) }, shape: shape)
    }
    var values = random.units(count)
    for (place, special) in [(3, Float.nan), (5, -.infinity), (11, -0.0), (17, 0x1p-133), (23, 3e38)]
    where place < count {
      values[place] = special
    }
    return try Tensor(values, as: encoding, shape: shape)
  }

  func integers(_ values: [Int], _ shape: [Int]) throws -> Tensor {
    try Tensor(values.map { Int32(clamping: $0) }, shape: shape)
  }
}
