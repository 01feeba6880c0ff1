import HeddleGraph

/// What stands at an input, an output or a state of a session: the session's own buffer or a caller's memory, and what a
/// run does with it before and after.
struct SessionPlace {
  enum Memory {
    /// The session's own. An input's holds a value once one was written to it.
    case own(isWritten: Bool)
    /// The caller's device memory.
    case buffer(isReadOnly: Bool)
    /// The host's memory under a buffer of the same bytes; the address is that of the mapping, while the host has it.
    case mapped(HostMemory, address: UnsafeMutableRawPointer?)
    /// The host's memory, copied from and to the session's own buffer.
    case copied(HostMemory)
  }

  let place: TensorPlace
  let type: TensorType
  /// Where elements lie in `buffer`; nil: row-major.
  let layout: TensorLayout?
  /// The session's own buffer.
  let own: any DeviceMemory
  /// What kernels use.
  var buffer: any DeviceMemory
  var memory = Memory.own(isWritten: false)
  /// The extents the caller stated.
  var shape: [Int]?

  var isInput: Bool { if case .input = place { true } else { false } }
  var isOutput: Bool { if case .output = place { true } else { false } }

  /// Whether it is the caller's.
  var isBound: Bool { if case .own = memory { false } else { true } }

  /// The host's memory, if that is bound: a run then ends with commands that give it back.
  var host: HostMemory? {
    switch memory {
    case .own, .buffer: nil
    case .mapped(let host, _), .copied(let host): host
    }
  }

  /// Whether a run finds the input's value here.
  var holdsValue: Bool { if case .own(let isWritten) = memory { isWritten } else { true } }

  /// Bytes of the buffer that a tensor of this shape takes.
  func byteCount(_ shape: [Int]) throws(TypeError) -> Int {
    guard let layout else { return try type.encoding.byteCount(shape: shape) }
    let (bytes, overflow) = try layout.elementCount(shape: shape)
      .multipliedReportingOverflow(by: type.encoding.blockByteCount)
    if overflow { throw .sizeOverflow(shape) }
    return bytes
  }
}
