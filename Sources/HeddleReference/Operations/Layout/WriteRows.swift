import HeddleGraph

extension WriteRows: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let cache = operands[0]
    var x = operands[1]
    if x.encoding != cache.encoding {
      x =
        cache.encoding.isScalar
        ? try Tensor(x.floats(), as: cache.encoding, shape: x.shape)
        : try Tensor(greatestMagnitude: x.floats(), as: cache.encoding, shape: x.shape)
    }
    let (capacity, count) = (cache.shape[0], x.shape[0])
    let rows: [Int]
    if let position {
      let first = try context.extent(position)
      guard first <= capacity, count <= capacity - first else {
        throw ExecutionError.capacityExceeded("writeRows", needed: first &+ count, capacity: capacity)
      }
      rows = Array(first..<first + count)
    } else {
      rows = try operands[2].integers().map { Int($0) }
    }
    let row = AxisBytes(cache.shape, axis: 0, byteCount: cache.bytes.count).inner
    var bytes = cache.bytes
    for (index, place) in rows.enumerated() where (0..<capacity).contains(place) {
      bytes.replaceSubrange(place * row..<(place + 1) * row, with: x.bytes[index * row..<(index + 1) * row])
    }
    return [try Tensor(encoding: cache.encoding, shape: cache.shape, bytes: bytes)]
  }
}
