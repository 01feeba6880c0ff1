import HeddlePlanning

/// Memory of the host that a session reads an input from, or writes an output or a state to, at each run.
///
/// It must stay valid, and while a run is under way untouched, until something else is bound to the place or the session
/// is gone.
public struct HostMemory: @unchecked Sendable {
  public var bytes: UnsafeMutableRawBufferPointer
  /// Where the elements lie in it; nil: as the executable was compiled for.
  public var layout: TensorLayout?
  /// The tensor's extents; nil: as the symbols of a run say. Symbols that are an axis of an input get their values from it.
  public var shape: [Int]?
  /// Only inputs can be.
  public var isReadOnly: Bool
  /// Kept while the memory is bound.
  public var owner: (any AnyObject & Sendable)?

  public init(
    _ bytes: UnsafeMutableRawBufferPointer, layout: TensorLayout? = nil, shape: [Int]? = nil, isReadOnly: Bool = false,
    owner: (any AnyObject & Sendable)? = nil
  ) {
    self.bytes = bytes
    self.layout = layout
    self.shape = shape
    self.isReadOnly = isReadOnly
    self.owner = owner
  }
}

/// What a session may be bound to.
public enum BoundMemory: Sendable {
  /// A buffer of the backend's context, and the tensor's extents if they are known.
  case buffer(Buffer, shape: [Int]? = nil)
  case host(HostMemory)
}

/// How a session uses bound memory.
public enum Residence: Hashable, Sendable {
  /// Kernels work on the memory itself.
  case inPlace
  /// Each run copies between it and the session's own buffer.
  case copied
}

/// Copies a tensor between two layouts in the host's memory.
///
/// Both layouts must have been checked against the memory: nothing here is.
struct StridedCopy {
  var shape: [Int]
  var elementByteCount: Int
  var source: TensorLayout
  var target: TensorLayout

  // Traps: never, layouts have a stride for each axis, and their reach was counted without overflow.
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
  // Traps: never, axes are those of the shape, and all but the last have one behind them.
  /// Row-major from the start.
  static func rowMajor(_ shape: [Int]) -> TensorLayout {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      // A tensor without elements has no strides that matter.
      strides[axis] = strides[axis + 1].multipliedReportingOverflow(by: max(1, shape[axis + 1])).partialValue
    }
    return TensorLayout(strides: strides)
  }

  /// Whether the elements of this shape lie as in a row-major tensor from the start.
  func isRowMajor(_ shape: [Int]) -> Bool {
    offset == 0
      && zip(zip(strides, TensorLayout.rowMajor(shape).strides), shape).allSatisfy { $0.0 == $0.1 || $1 <= 1 }
  }
}
