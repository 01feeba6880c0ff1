import HeddleGraph

extension Append: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let (cache, x) = (operands[0], operands[1])
    let (capacity, rows, position) = (cache.shape[0], x.shape[0], try context.extent(position))
    guard position <= capacity, rows <= capacity - position else {
      throw ExecutionError.capacityExceeded("append", needed: position &+ rows, capacity: capacity)
    }
    let start = position * AxisBytes(cache.shape, axis: 0, byteCount: cache.bytes.count).inner
    var bytes = cache.bytes
    bytes.replaceSubrange(start..<start + x.bytes.count, with: x.bytes)
    return [try Tensor(encoding: cache.encoding, shape: cache.shape, bytes: bytes)]
  }
}
