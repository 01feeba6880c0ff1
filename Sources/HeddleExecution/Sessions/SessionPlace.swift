import HeddleGraph

/// What stands at an input, an output or a state of a session: the session's own memory or a caller's, and what a run does
/// with it before and after.
struct SessionPlace {
  enum Memory {
    /// The session's own. An input's holds a value if some of it was written, so many bytes from its start.
    case own(writtenByteCount: Int)
    /// The caller's device memory.
    case buffer(any DeviceMemory, isReadOnly: Bool)
    /// The host's memory under device memory of the same bytes; the address is that of the mapping, while the host has it.
    case mapped(HostMemory, any DeviceMemory, address: UnsafeMutableRawPointer?)
    /// The host's memory, copied from and to the session's own.
    case copied(HostMemory)
  }

  let place: TensorPlace
  let type: TensorType
  /// Where elements lie in ``buffer``; nil: row-major.
  let layout: TensorLayout?
  /// Bytes at the greatest values that the symbols may have: the session's own memory is never more.
  let greatestByteCount: Int
  /// The session's own memory: nil until a step needs it, and while the caller's device memory stands here.
  var own: (any DeviceMemory)?
  var memory = Memory.own(writtenByteCount: 0)
  /// The extents the caller stated.
  var shape: [Int]?

  /// What kernels use; nil while there is no memory.
  var buffer: (any DeviceMemory)? {
    switch memory {
    case .own, .copied: own
    case .buffer(let buffer, _), .mapped(_, let buffer, _): buffer
    }
  }

  /// Whether runs need memory of the session's own here.
  var usesOwn: Bool {
    switch memory {
    case .own, .copied: true
    case .buffer, .mapped: false
    }
  }

  var isInput: Bool { if case .input = place { true } else { false } }
  var isState: Bool { if case .state = place { true } else { false } }
  var isOutput: Bool { if case .output = place { true } else { false } }

  /// Whether it is the caller's.
  var isBound: Bool { if case .own = memory { false } else { true } }

  /// The host's memory, if that is bound: a run then ends with commands that give it back.
  var host: HostMemory? {
    switch memory {
    case .own, .buffer: nil
    case .mapped(let host, _, _), .copied(let host): host
    }
  }

  /// Whether a run finds the input's value here.
  var holdsValue: Bool { if case .own(let count) = memory { count > 0 } else { true } }

  /// Bytes of the buffer that a tensor of this shape takes.
  func byteCount(_ shape: [Int]) throws(TypeError) -> Int {
    guard let layout else { return try type.encoding.byteCount(shape: shape) }
    let (bytes, overflow) = try layout.elementCount(shape: shape)
      .multipliedReportingOverflow(by: type.encoding.blockByteCount)
    if overflow { throw .sizeOverflow(shape) }
    return bytes
  }
}
