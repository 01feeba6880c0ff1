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
  /// A buffer of the backend's context, and the tensor's extents if they are known. What is read-only is an input, and only
  /// kernels look at it.
  case buffer(Buffer, shape: [Int]? = nil, isReadOnly: Bool = false)
  case host(HostMemory)

  /// The extents that the caller states.
  var shape: [Int]? {
    switch self {
    case .buffer(_, let shape, _): shape
    case .host(let host): host.shape
    }
  }
}

/// How a session uses bound memory.
public enum Residence: Hashable, Sendable {
  /// Kernels work on the memory itself.
  case inPlace
  /// Each run copies between it and the session's own buffer.
  case copied
}

extension HostMemory {
  /// Whether some byte is in both.
  func overlaps(_ other: HostMemory) -> Bool {
    guard let first = bytes.baseAddress, let second = other.bytes.baseAddress else { return false }
    return first < second + other.bytes.count && second < first + bytes.count
  }
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
  // Traps: never, the layout was checked: every element lies in the memory.
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
