import CHeddle
import HeddleGraph
import HeddleTypes
import OpenCLRuntime

/// Memory that a caller or a DLPack tensor describes, checked before a session takes it.
struct ForeignMemory {
  enum Place {
    case host(UnsafeMutableRawPointer?)
    case device(UnsafeMutableRawPointer?)
  }

  var place: Place
  var isReadOnly = false
  /// Bytes from the start; nil if only the tensor's shape says it, or a buffer itself.
  var byteCount: Int?
  var byteOffset = 0
  var shape: [Int]?
  var strides: [Int]?

  init(_ memory: heddle_memory) throws(Failure) {
    switch Int(memory.kind) {
    case HEDDLE_MEMORY_HOST: place = .host(memory.data)
    case HEDDLE_MEMORY_OPENCL: place = .device(memory.data)
    default: throw .argument("kind is \(memory.kind), none of HEDDLE_MEMORY_…")
    }
    guard memory.byte_count <= UInt64(Int.max), memory.byte_offset <= UInt64(Int.max) else {
      throw .argument("byte_count is \(memory.byte_count), byte_offset \(memory.byte_offset): more than there can be")
    }
    isReadOnly = memory.is_read_only != 0
    byteOffset = Int(memory.byte_offset)
    byteCount = Int(memory.byte_count)
    if case .device = place, memory.byte_count == 0 { byteCount = nil }
    if memory.shape != nil { shape = try integers(memory.shape, memory.rank, "shape") }
    if memory.strides != nil { strides = try integers(memory.strides, memory.rank, "strides") }
    if memory.shape == nil, memory.strides == nil, memory.rank != 0 {
      throw .argument("rank is \(UInt(bitPattern: memory.rank)) without shape and strides")
    }
  }

  init(place: Place, isReadOnly: Bool, byteOffset: Int, shape: [Int], strides: [Int]?) {
    self.place = place
    self.isReadOnly = isReadOnly
    self.byteOffset = byteOffset
    self.shape = shape
    self.strides = strides
  }

  /// The same for a session. Whether it fits the place is the session's to say.
  func bound(to target: TensorPlace, in session: SessionObject) throws -> BoundMemory {
    let type = try session.type(of: target)
    let layout = strides.map { TensorLayout(strides: $0) }
    switch place {
    case .host(let address): return .host(try host(address, type, layout))
    case .device(let handle):
      return .device(try device(handle, in: session), layout: layout, shape: shape, isReadOnly: isReadOnly)
    }
  }

  private func host(
    _ address: UnsafeMutableRawPointer?, _ type: TensorType, _ layout: TensorLayout?
  ) throws -> HostMemory {
    let (count, isEmpty) = try hostBytes(type, layout)
    if isEmpty {
      return HostMemory(UnsafeMutableRawBufferPointer(start: nil, count: 0), layout: layout, shape: shape)
    }
    guard let address else { throw Failure.null("data") }
    let (_, overflow) = UInt(bitPattern: address).addingReportingOverflow(UInt(bitPattern: byteOffset))
    let (end, past) = UInt(bitPattern: address).addingReportingOverflow(UInt(bitPattern: byteOffset &+ count))
    guard !overflow, !past, end <= UInt(Int.max) else {
      throw Failure(HEDDLE_INVALID_DATA, "\(count) bytes at offset \(byteOffset) pass the end of the address space")
    }
    return HostMemory(
      UnsafeMutableRawBufferPointer(start: address.advanced(by: byteOffset), count: count), layout: layout,
      shape: shape, isReadOnly: isReadOnly)
  }

  /// Bytes behind the offset, and whether that is nothing.
  private func hostBytes(_ type: TensorType, _ layout: TensorLayout?) throws -> (count: Int, isEmpty: Bool) {
    if let byteCount {
      guard byteOffset <= byteCount else {
        throw Failure(HEDDLE_INVALID_DATA, "byte_offset is \(byteOffset) of \(byteCount) bytes")
      }
      return (byteCount &- byteOffset, byteCount == byteOffset)
    }
    let shape = shape ?? []
    let elements = try layout?.elementCount(shape: shape)
    let count = try type.encoding.byteCount(shape: elements.map { [$0] } ?? shape)
    guard byteOffset <= Int.max &- count else { throw TypeError.sizeOverflow(shape) }
    return (count, count == 0)
  }

  private func device(_ handle: UnsafeMutableRawPointer?, in session: SessionObject) throws -> Buffer {
    guard let handle else { throw Failure.null("data") }
    let whole = try Buffer(adopting: OpaquePointer(handle), context: session.executable.context)
    guard byteOffset <= whole.byteCount, (byteCount ?? byteOffset) <= whole.byteCount else {
      throw Failure(
        HEDDLE_INVALID_DATA,
        "\(byteCount ?? byteOffset) bytes from offset \(byteOffset) do not lie in a cl_mem of \(whole.byteCount)")
    }
    let end = byteCount ?? whole.byteCount
    guard byteOffset <= end else {
      throw Failure(HEDDLE_INVALID_DATA, "byte_offset is \(byteOffset) of \(end) bytes")
    }
    if byteOffset == 0, end == whole.byteCount { return whole }
    let alignment = session.executable.context.device.profile.memBaseAddressAlignmentBytes
    guard (byteOffset &+ whole.offset) % max(1, alignment) == 0 else {
      throw Failure(
        HEDDLE_INVALID_DATA,
        "a cl_mem can be used from offsets that are multiples of \(alignment) bytes, not \(byteOffset): compile with a "
          + "heddle_layout of this offset")
    }
    return try whole.subBuffer(offset: byteOffset, byteCount: end &- byteOffset)
  }
}
