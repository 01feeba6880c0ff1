/// Elements between neighbours along each axis of a contiguous row-major tensor.
///
/// Of an empty tensor they are never used, so they may wrap.
func rowMajorStrides(_ shape: [Int]) -> [Int] {
  var strides = Array(repeating: 1, count: shape.count)
  for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] &* shape[axis + 1] }
  return strides
}

/// `Σ index · stride` for every index of `shape`, in row-major order.
func elementOffsets(_ shape: [Int], strides: [Int]) -> [Int] {
  if shape.contains(0) { return [] }
  var offsets = [0]
  for (extent, stride) in zip(shape, strides) {
    offsets = offsets.flatMap { offset in (0..<extent).map { offset &+ $0 &* stride } }
  }
  return offsets
}

/// Where each element of `result` finds its value in a tensor of `shape` that broadcasts to it: an axis that is
/// missing or of extent 1 does not move.
func broadcastOffsets(_ shape: [Int], to result: [Int]) -> [Int] {
  let own = zip(shape, rowMajorStrides(shape)).map { $0 == 1 ? 0 : $1 }
  return elementOffsets(result, strides: Array(repeating: 0, count: result.count - shape.count) + own)
}

/// A tensor's bytes seen as `outer × axis × inner`.
struct AxisBytes {
  let outer: Int
  let axis: Int
  /// Bytes of one step along the axis.
  let inner: Int

  /// `inner` covers the axes after `axis`; with block encodings those must not be cut.
  init(_ shape: [Int], axis: Int, byteCount: Int) {
    outer = shape[..<axis].reduce(1, &*)
    self.axis = shape[axis]
    let steps = outer &* shape[axis]
    inner = steps == 0 ? 0 : byteCount / steps
  }
}
