import COpenCL
import HeddleHost

/// A piece of a device's memory.
///
/// Released when the last reference goes; commands already enqueued on it still finish, as OpenCL keeps the memory for
/// them.
public final class Buffer: Sendable {
  /// What kernels may do with a buffer.
  public enum Access: Hashable, Sendable {
    case readWrite, readOnly, writeOnly
  }

  nonisolated(unsafe) public let handle: cl_mem
  public let context: Context
  public let byteCount: Int
  public let access: Access
  /// The buffer this one is a part of.
  public let parent: Buffer?
  /// Where this buffer starts in its parent, in bytes; zero without one.
  public let offset: Int
  /// Whether the memory is the host's own (`Buffer.wrapping`).
  public let wrapsHostMemory: Bool
  /// Bytes to give back to the ledger.
  private let accounted: Int

  init(
    taking handle: cl_mem, context: Context, byteCount: Int, access: Access, parent: Buffer? = nil, offset: Int = 0,
    wrapsHostMemory: Bool = false, accounted: Int = 0
  ) {
    self.handle = handle
    self.context = context
    self.byteCount = byteCount
    self.access = access
    self.parent = parent
    self.offset = offset
    self.wrapsHostMemory = wrapsHostMemory
    self.accounted = accounted
    context.live.buffers.increase()
  }

  /// Allocates `byteCount` bytes with unspecified contents.
  ///
  /// - Throws: `emptyBuffer`, `bufferSize` beyond the device's largest allocation, `budgetExceeded`: all before the
  ///   driver is asked; `call` when the driver refuses.
  public convenience init(context: Context, byteCount: Int, access: Access = .readWrite) throws(OpenCLError) {
    try Self.checkSize(byteCount, context)
    let handle = try Self.create(
      context: context, byteCount: byteCount, flags: access.flags, host: nil, accounted: byteCount)
    self.init(taking: handle, context: context, byteCount: byteCount, access: access, accounted: byteCount)
  }

  deinit {
    // A ledger's lock may have been held when this process was forked.
    ForkedChild.release {
      clReleaseMemObject(handle)
      if accounted > 0 { context.ledger.release(accounted) }
    }
    context.live.buffers.decrease()
  }

  static func checkSize(_ byteCount: Int, _ context: Context) throws(OpenCLError) {
    let limit = context.device.profile.maxAllocationBytes
    if byteCount == 0 { throw .emptyBuffer }
    guard byteCount > 0, byteCount <= limit else { throw .bufferSize(requested: byteCount, limit: limit) }
  }

  static func create(
    context: Context, byteCount: Int, flags: cl_mem_flags, host: UnsafeMutableRawPointer?, accounted: Int
  ) throws(OpenCLError) -> cl_mem {
    try context.checkAlive()
    try context.ledger.reserve(accounted)
    var status: cl_int = 0
    let created = clCreateBuffer(context.handle, flags, byteCount, host, &status)
    guard status == 0, let created else {
      context.ledger.cancel(accounted)
      try check(status, "clCreateBuffer", "\(byteCount) bytes on '\(context.device.identifier)'")
      throw .unexpectedAnswer(function: "clCreateBuffer", context: "no buffer of \(byteCount) bytes")
    }
    return created
  }

  /// Throws unless the bytes lie inside the buffer.
  func checkRange(offset: Int, byteCount: Int) throws(OpenCLError) {
    guard offset >= 0, byteCount >= 0, offset <= self.byteCount, byteCount <= self.byteCount - offset else {
      throw .bufferRange(offset: offset, byteCount: byteCount, bufferBytes: self.byteCount)
    }
  }
}

extension Buffer.Access {
  var flags: cl_mem_flags {
    switch self {
    case .readWrite: cl_mem_flags(CL_MEM_READ_WRITE)
    case .readOnly: cl_mem_flags(CL_MEM_READ_ONLY)
    case .writeOnly: cl_mem_flags(CL_MEM_WRITE_ONLY)
    }
  }

  init(flags: UInt64) {
    if flags & UInt64(CL_MEM_READ_ONLY) != 0 {
      self = .readOnly
    } else {
      self = flags & UInt64(CL_MEM_WRITE_ONLY) != 0 ? .writeOnly : .readWrite
    }
  }
}

extension Buffer: CustomStringConvertible {
  public var description: String {
    parent == nil ? "buffer of \(byteCount) bytes" : "buffer of \(byteCount) bytes at offset \(offset) of another"
  }
}
