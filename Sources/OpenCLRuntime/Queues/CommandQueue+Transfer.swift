import COpenCL
import HeddleText

// Moving bytes. Offsets and counts are in bytes, and checked against the buffer. Moving no bytes does nothing.

extension CommandQueue {
  /// Copies host bytes into a buffer.
  ///
  /// - Parameter blocking: Whether to return only when `bytes` may be reused. If not, they must stay valid and
  ///   unchanged until the command is complete.
  @discardableResult
  public func write(
    _ bytes: UnsafeRawBufferPointer, to buffer: Buffer, offset: Int = 0, blocking: Bool = true,
    waitFor events: [Event] = [], event: Bool = false
  ) throws(OpenCLError) -> Event? {
    try checkOwn(buffer)
    try buffer.checkRange(offset: offset, byteCount: bytes.count)
    guard let address = bytes.baseAddress, !bytes.isEmpty else { return try nothing(waitFor: events, event: event) }
    let enqueue: Enqueue = { [handle] count, waiting, created in
      clEnqueueWriteBuffer(
        handle, buffer.handle, cl_bool(CL_FALSE), offset, bytes.count, address, count, waiting,
        created)
    }
    let what = "writing \(bytes.count) bytes at \(offset)"
    if blocking { return try submitBlocking("clEnqueueWriteBuffer", what, waitFor: events, event: event, enqueue) }
    return try submit("clEnqueueWriteBuffer", what, waitFor: events, event: event, enqueue)
  }

  /// Copies an array's elements into a buffer and returns when the array may be reused.
  public func write<Element: BitwiseCopyable>(
    _ elements: [Element], to buffer: Buffer, offset: Int = 0
  ) throws(OpenCLError) {
    let result = elements.withUnsafeBytes { bytes in
      Result { () throws(OpenCLError) in _ = try write(bytes, to: buffer, offset: offset) }
    }
    try result.get()
  }

  /// Copies bytes of a buffer into host memory.
  ///
  /// - Parameter blocking: Whether to return only when the bytes are there. If not, the memory must stay valid until
  ///   the command is complete, and holds nothing before.
  @discardableResult
  public func read(
    from buffer: Buffer, offset: Int = 0, into bytes: UnsafeMutableRawBufferPointer, blocking: Bool = true,
    waitFor events: [Event] = [], event: Bool = false
  ) throws(OpenCLError) -> Event? {
    try checkOwn(buffer)
    try buffer.checkRange(offset: offset, byteCount: bytes.count)
    guard let address = bytes.baseAddress, !bytes.isEmpty else { return try nothing(waitFor: events, event: event) }
    let enqueue: Enqueue = { [handle] count, waiting, created in
      clEnqueueReadBuffer(
        handle, buffer.handle, cl_bool(CL_FALSE), offset, bytes.count, address, count, waiting,
        created)
    }
    let what = "reading \(bytes.count) bytes at \(offset)"
    if blocking { return try submitBlocking("clEnqueueReadBuffer", what, waitFor: events, event: event, enqueue) }
    return try submit("clEnqueueReadBuffer", what, waitFor: events, event: event, enqueue)
  }

  // Traps: never (part-of-buffer).
  /// The elements of a buffer from `offset` on: `count` of them, or as many as fit. Waits for all commands before.
  public func read<Element: BitwiseCopyable>(
    _ type: Element.Type, from buffer: Buffer, offset: Int = 0, count: Int? = nil
  ) throws(OpenCLError) -> [Element] {
    let stride = MemoryLayout<Element>.stride
    try buffer.checkRange(offset: offset, byteCount: 0)
    let count = count ?? (buffer.byteCount &- offset).divided(by: stride)
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: stride)
    try buffer.checkRange(offset: offset, byteCount: overflow ? .max : byteCount)
    var failure: OpenCLError?
    let elements = [Element](unsafeUninitializedCapacity: count) { memory, initialized in
      do throws(OpenCLError) {
        let bytes = UnsafeMutableRawBufferPointer(start: memory.baseAddress, count: count == 0 ? 0 : byteCount)
        try read(from: buffer, offset: offset, into: bytes)
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return elements
  }

  /// Copies bytes from one buffer to another, or within one where the ranges share no byte.
  @discardableResult
  public func copy(
    from source: Buffer, sourceOffset: Int = 0, to target: Buffer, targetOffset: Int = 0, byteCount: Int,
    waitFor events: [Event] = [], event: Bool = false
  ) throws(OpenCLError) -> Event? {
    try checkOwn(source)
    try checkOwn(target)
    try source.checkRange(offset: sourceOffset, byteCount: byteCount)
    try target.checkRange(offset: targetOffset, byteCount: byteCount)
    if byteCount == 0 { return try nothing(waitFor: events, event: event) }
    if source.root.handle == target.root.handle {
      let from = source.offset &+ sourceOffset
      let to = target.offset &+ targetOffset
      let distance = from > to ? from &- to : to &- from
      if distance < byteCount { throw .copyOverlap(source: from, target: to, byteCount: byteCount) }
    }
    return try submit(
      "clEnqueueCopyBuffer", "copying \(byteCount) bytes from \(sourceOffset) to \(targetOffset)", waitFor: events,
      event: event
    ) {
      clEnqueueCopyBuffer(handle, source.handle, target.handle, sourceOffset, targetOffset, byteCount, $0, $1, $2)
    }
  }

  /// Repeats a pattern of 1, 2, 4 … 128 bytes over `byteCount` bytes, by default to the buffer's end.
  ///
  /// - Throws: `fillPattern` unless the pattern's size is a power of two that divides `offset` and `byteCount`.
  @discardableResult
  public func fill(
    _ buffer: Buffer, pattern: [UInt8], offset: Int = 0, byteCount: Int? = nil, waitFor events: [Event] = [],
    event: Bool = false
  ) throws(OpenCLError) -> Event? {
    try checkOwn(buffer)
    try buffer.checkRange(offset: offset, byteCount: byteCount ?? 0)
    let byteCount = byteCount ?? (buffer.byteCount - offset)
    let size = pattern.count
    guard size > 0, size <= 128, size & (size - 1) == 0, offset % size == 0, byteCount % size == 0 else {
      throw .fillPattern(patternBytes: size, offset: offset, byteCount: byteCount)
    }
    if byteCount == 0 { return try nothing(waitFor: events, event: event) }
    return try submit(
      "clEnqueueFillBuffer", "filling \(byteCount) bytes at \(offset)", waitFor: events, event: event
    ) {
      clEnqueueFillBuffer(handle, buffer.handle, pattern, size, offset, byteCount, $0, $1, $2)
    }
  }

  func checkOwn(_ buffer: Buffer) throws(OpenCLError) {
    guard buffer.context === context else { throw .foreignContext("\(buffer)") }
  }

  /// The event of a command that does nothing.
  private func nothing(waitFor events: [Event], event: Bool) throws(OpenCLError) -> Event? {
    event || !events.isEmpty ? try marker(waitFor: events) : nil
  }
}

extension Buffer {
  var root: Buffer { parent ?? self }
}
