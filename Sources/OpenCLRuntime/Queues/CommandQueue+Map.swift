import COpenCL

extension CommandQueue {
  /// What the host does with mapped memory.
  public enum MapAccess: Hashable, Sendable {
    case read, write, readWrite
    /// Every byte will be written, so the device need not send what is there.
    case overwrite
  }

  /// Lets the host use a buffer's bytes in place while `body` runs: without a copy where host and device share memory.
  ///
  /// Waits for all commands before. The pointer is invalid after `body`; commands enqueued later see what was written.
  ///
  /// - Parameters:
  ///   - byteCount: By default all bytes from `offset` on.
  /// - Throws: `bufferRange`, `emptyBuffer`, driver errors, and what `body` throws.
  public func withMapped<Result>(
    _ buffer: Buffer, offset: Int = 0, byteCount: Int? = nil, access: MapAccess = .readWrite,
    _ body: (UnsafeMutableRawBufferPointer) throws -> Result
  ) throws -> Result {
    try checkOwn(buffer)
    try buffer.checkRange(offset: offset, byteCount: byteCount ?? 0)
    let byteCount = byteCount ?? (buffer.byteCount - offset)
    if byteCount == 0 { throw OpenCLError.emptyBuffer }
    let what = "mapping \(byteCount) bytes at \(offset)"
    var status: cl_int = 0
    var address: UnsafeMutableRawPointer?
    _ = try submitBlocking("clEnqueueMapBuffer", what, waitFor: [], event: false) {
      address = clEnqueueMapBuffer(
        handle, buffer.handle, cl_bool(CL_FALSE), access.flags, offset, byteCount, $0, $1, $2, &status)
      return status
    }
    guard let address else { throw OpenCLError.unexpectedAnswer(function: "clEnqueueMapBuffer", context: what) }
    let result = Swift.Result { try body(UnsafeMutableRawBufferPointer(start: address, count: byteCount)) }
    _ = try submit("clEnqueueUnmapMemObject", what, waitFor: [], event: false) {
      clEnqueueUnmapMemObject(handle, buffer.handle, address, $0, $1, $2)
    }
    return try result.get()
  }
}

extension CommandQueue {
  /// Gives the whole buffer to the host when all commands before are complete; until then the pointer is not to be used.
  package func map(_ buffer: Buffer, access: MapAccess) throws(OpenCLError) -> UnsafeMutableRawPointer {
    try checkOwn(buffer)
    let what = "mapping \(buffer.byteCount) bytes"
    var status: cl_int = 0
    var address: UnsafeMutableRawPointer?
    _ = try submit("clEnqueueMapBuffer", what, waitFor: [], event: false) {
      address = clEnqueueMapBuffer(
        handle, buffer.handle, cl_bool(CL_FALSE), access.flags, 0, buffer.byteCount, $0, $1, $2, &status)
      return status
    }
    guard let address else { throw .unexpectedAnswer(function: "clEnqueueMapBuffer", context: what) }
    return address
  }

  /// Gives a mapped buffer back to the device, for the commands that follow.
  package func unmap(_ buffer: Buffer, _ address: UnsafeMutableRawPointer) throws(OpenCLError) {
    try checkOwn(buffer)
    _ = try submit("clEnqueueUnmapMemObject", "unmapping \(buffer.byteCount) bytes", waitFor: [], event: false) {
      clEnqueueUnmapMemObject(handle, buffer.handle, address, $0, $1, $2)
    }
  }
}

extension CommandQueue.MapAccess {
  var flags: cl_map_flags {
    switch self {
    case .read: cl_map_flags(CL_MAP_READ)
    case .write: cl_map_flags(CL_MAP_WRITE)
    case .readWrite: cl_map_flags(CL_MAP_READ) | cl_map_flags(CL_MAP_WRITE)
    case .overwrite: cl_map_flags(CL_MAP_WRITE_INVALIDATE_REGION)
    }
  }
}
