import COpenCL
import HeddleHost

// Buffers over memory that already exists: parts of a buffer, the host's memory, another library's buffer.

extension Buffer {
  /// A buffer over `byteCount` bytes of this one, from `offset` on. It keeps this buffer alive and costs no memory.
  ///
  /// A part of a part is made from the whole, since OpenCL knows only one level.
  ///
  /// - Throws: `emptyBuffer`, `subBufferRange`; `misaligned` unless the offset from the start of the whole buffer is a
  ///   multiple of the device's `memBaseAddressAlignmentBytes`.
  public func subBuffer(offset: Int, byteCount: Int) throws(OpenCLError) -> Buffer {
    if byteCount == 0 { throw .emptyBuffer }
    guard offset >= 0, byteCount > 0, offset <= self.byteCount, byteCount <= self.byteCount - offset else {
      throw .subBufferRange(offset: offset, byteCount: byteCount, bufferBytes: self.byteCount)
    }
    try context.checkAlive()
    let root = parent ?? self
    let start = self.offset &+ offset
    let alignment = max(1, context.device.profile.memBaseAddressAlignmentBytes)
    guard start % alignment == 0 else {
      throw .misaligned(what: "the offset of a sub-buffer", value: start, alignment: alignment)
    }
    var region = cl_buffer_region(origin: start, size: byteCount)
    var status: cl_int = 0
    let created = clCreateSubBuffer(
      root.handle, access.flags, cl_buffer_create_type(CL_BUFFER_CREATE_TYPE_REGION), &region, &status)
    try check(status, "clCreateSubBuffer", "\(byteCount) bytes at \(start) of \(root.byteCount)")
    guard let created else {
      throw .unexpectedAnswer(function: "clCreateSubBuffer", context: "no sub-buffer of \(byteCount) bytes")
    }
    return Buffer(
      taking: created, context: context, byteCount: byteCount, access: access, parent: root, offset: start,
      wrapsHostMemory: wrapsHostMemory)
  }

  // Traps: never (released-once).
  /// A buffer over the host's own memory (`CL_MEM_USE_HOST_PTR`). Where device and host share memory nothing is copied.
  ///
  /// While a command uses the buffer the host must not write the memory, and to read what a kernel wrote the host maps
  /// the buffer. The memory must stay valid until the device has let go of it, which may be after this object is gone:
  /// that is what `owner` is for. It is kept until the driver says the memory is free.
  ///
  /// - Parameters:
  ///   - owner: An object that keeps the memory valid while it lives; nil if the caller does so until every command that
  ///     uses the buffer is over and the buffer is gone.
  ///   - alignment: What the address must be a multiple of: the greatest type through which kernels use the buffer, as
  ///     OpenCL 1.2 (5.2.1) asks. Nil for the device's `memBaseAddressAlignmentBytes`, which suits every kernel.
  /// - Throws: `misaligned`, and what `Buffer.init` throws. Bytes count against the budget unless the device shares the
  ///   host's memory.
  public static func wrapping(
    _ memory: UnsafeMutableRawBufferPointer, owner: (any AnyObject & Sendable)?, context: Context,
    access: Access = .readWrite, alignment: Int? = nil
  ) throws(OpenCLError) -> Buffer {
    guard let address = memory.baseAddress else { throw .emptyBuffer }
    try checkSize(memory.count, context)
    let profile = context.device.profile
    let alignment = max(1, alignment ?? profile.memBaseAddressAlignmentBytes)
    guard Int(bitPattern: address) % alignment == 0 else {
      throw .misaligned(what: "the address of host memory", value: Int(bitPattern: address), alignment: alignment)
    }
    let accounted = profile.hostUnifiedMemory ? 0 : memory.count
    let handle = try create(
      context: context, byteCount: memory.count, flags: access.flags | cl_mem_flags(CL_MEM_USE_HOST_PTR), host: address,
      accounted: accounted)
    let buffer = Buffer(
      taking: handle, context: context, byteCount: memory.count, access: access, wrapsHostMemory: true,
      accounted: accounted)
    guard let owner else { return buffer }
    let box = Unmanaged.passRetained(OwnerBox(owner))
    let status = clSetMemObjectDestructorCallback(
      handle,
      { _, user in
        guard let user else { return }
        let box = Carrier(Unmanaged<OwnerBox>.fromOpaque(user))
        Handover.run { box.value.release() }
      }, box.toOpaque())
    if status != 0 {
      box.release()
      try check(status, "clSetMemObjectDestructorCallback", "host memory of \(memory.count) bytes")
    }
    return buffer
  }

  /// Adopts a buffer another library made in the same context. It is retained, and its real size and kind are asked
  /// for.
  ///
  /// The handle must be a live memory object: drivers cannot tell a stale one.
  ///
  /// - Throws: `foreignContext` when it belongs to another context, `call` for driver errors,
  ///   `unexpectedAnswer` when it is no buffer but an image or a pipe.
  public convenience init(adopting handle: cl_mem, context: Context) throws(OpenCLError) {
    try self.init(adopting: handle, context: context, mayBePart: true)
  }

  // Traps: never (part-of-a-whole).
  private convenience init(adopting handle: cl_mem, context: Context, mayBePart: Bool) throws(OpenCLError) {
    func bits(_ parameter: Int32) throws(OpenCLError) -> UInt64 {
      try InfoQuery.bits("clGetMemObjectInfo", "parameter \(parameter) of an adopted buffer") {
        clGetMemObjectInfo(handle, cl_uint(bitPattern: parameter), $0, $1, $2)
      }
    }
    try context.checkAlive()
    guard try bits(CL_MEM_TYPE) == UInt64(CL_MEM_OBJECT_BUFFER) else {
      throw .unexpectedAnswer(function: "clGetMemObjectInfo", context: "the adopted memory object is not a buffer")
    }
    guard UInt(truncatingIfNeeded: try bits(CL_MEM_CONTEXT)) == UInt(bitPattern: context.handle) else {
      throw .foreignContext("the adopted buffer")
    }
    let size = Int(clamping: try bits(CL_MEM_SIZE))
    let flags = try bits(CL_MEM_FLAGS)
    var parent: Buffer?
    var offset = 0
    let whole = OpaquePointer(bitPattern: UInt(truncatingIfNeeded: try bits(CL_MEM_ASSOCIATED_MEMOBJECT)))
    if let whole {
      guard mayBePart else {
        throw .unexpectedAnswer(function: "clGetMemObjectInfo", context: "the adopted buffer is a part of a part")
      }
      parent = try Buffer(adopting: whole, context: context, mayBePart: false)
      offset = Int(clamping: try bits(CL_MEM_OFFSET))
    }
    try check(clRetainMemObject(handle), "clRetainMemObject", "an adopted buffer of \(size) bytes")
    self.init(
      taking: handle, context: context, byteCount: size, access: Access(flags: flags), parent: parent, offset: offset,
      wrapsHostMemory: flags & UInt64(CL_MEM_USE_HOST_PTR) != 0)
  }
}

/// Holds the owner of wrapped host memory until the driver has let go of it.
private final class OwnerBox: Sendable {
  let owner: any AnyObject & Sendable
  init(_ owner: any AnyObject & Sendable) { self.owner = owner }
}
