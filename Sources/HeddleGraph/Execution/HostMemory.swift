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

extension HostMemory {
  /// Whether some byte is in both.
  package func overlaps(_ other: HostMemory) -> Bool {
    guard let first = bytes.baseAddress, let second = other.bytes.baseAddress else { return false }
    return first < second + other.bytes.count && second < first + bytes.count
  }
}
