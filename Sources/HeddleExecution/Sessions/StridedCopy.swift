/// Copies a tensor between two layouts in the host's memory.
///
/// Both layouts must have been checked against the memory: nothing here is.
struct StridedCopy {
  var shape: [Int]
  var elementByteCount: Int
  var source: TensorLayout
  var target: TensorLayout

  // Traps: never (layout-in-memory).
  func run(from sourceMemory: UnsafeRawPointer, to targetMemory: UnsafeMutableRawPointer) {
    if shape.contains(0) { return }
    // The longest run of inner axes that lie in one piece on both sides is copied at once.
    var axis = shape.count
    var piece = 1
    while axis > 0, shape[axis - 1] == 1 || (source.strides[axis - 1] == piece && target.strides[axis - 1] == piece) {
      piece *= shape[axis - 1]
      axis -= 1
    }
    var index = [Int](repeating: 0, count: axis)
    var (from, to) = (source.offset, target.offset)
    while true {
      targetMemory.advanced(by: to * elementByteCount).copyMemory(
        from: sourceMemory.advanced(by: from * elementByteCount), byteCount: piece * elementByteCount)
      var moved = axis
      while moved > 0 {
        moved -= 1
        index[moved] += 1
        // An axis of one element may have any stride: what it adds is taken away again.
        from &+= source.strides[moved]
        to &+= target.strides[moved]
        if index[moved] < shape[moved] { break }
        from &-= shape[moved] &* source.strides[moved]
        to &-= shape[moved] &* target.strides[moved]
        index[moved] = 0
        if moved == 0 { return }
      }
      if axis == 0 { return }
    }
  }
}

extension TensorLayout {
  // Traps: never (layout-in-memory).
  /// Every longest run of elements that lie side by side: where it begins, and how many they are.
  func forEachPiece(of shape: [Int], _ body: (_ offset: Int, _ count: Int) -> Void) {
    if shape.contains(0) { return }
    var axis = shape.count
    var piece = 1
    while axis > 0, shape[axis - 1] == 1 || strides[axis - 1] == piece {
      piece *= shape[axis - 1]
      axis -= 1
    }
    let count = shape[..<axis].reduce(1, *)
    for number in 0..<count {
      var (rest, start) = (number, offset)
      for outer in (0..<axis).reversed() {
        start &+= rest % shape[outer] &* strides[outer]
        rest /= shape[outer]
      }
      body(start, piece)
    }
  }
}
