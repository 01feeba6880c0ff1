import HeddlePlanning
import OpenCLRuntime

/// What stands at an input, an output or a state of a session: the session's own buffer or a caller's memory, and what a
/// run does with it before and after.
struct SessionPlace {
  enum Memory {
    /// The session's own. An input's holds a value once one was written to it.
    case own(isWritten: Bool)
    /// The caller's device memory.
    case buffer
    /// The host's memory under a buffer of the same bytes; the address is that of the mapping, while the host has it.
    case mapped(HostMemory, address: UnsafeMutableRawPointer?)
    /// The host's memory, copied from and to the session's own buffer.
    case copied(HostMemory)
  }

  let reference: BufferReference
  let type: TensorType
  /// Where elements lie in `buffer`; nil: row-major.
  let layout: TensorLayout?
  /// The session's own buffer.
  let own: Buffer
  /// What kernels use.
  var buffer: Buffer
  var memory = Memory.own(isWritten: false)
  /// The extents the caller stated.
  var shape: [Int]?

  var isInput: Bool { if case .input = reference { true } else { false } }
  private var isOutput: Bool { if case .output = reference { true } else { false } }

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

  // Binding

  mutating func unbind() {
    buffer = own
    memory = .own(isWritten: false)
    shape = nil
  }

  mutating func bind(_ bound: Buffer, shape: [Int]?) throws {
    // States and outputs are also read: later nodes take an output where it stands.
    if bound.access == .writeOnly || (bound.access == .readOnly && !isInput) {
      throw ExecutionError.unsupported("\(reference)", reason: "the bound buffer is \(bound.access)", Origin())
    }
    buffer = bound
    memory = .buffer
    self.shape = shape
  }

  mutating func bind(_ host: HostMemory, on queue: CommandQueue) throws -> Residence {
    if host.isReadOnly, !isInput {
      throw ExecutionError.unsupported("\(reference)", reason: "the bound memory is read-only", Origin())
    }
    if let layout = host.layout, let fault = layout.fault(for: type, shape: host.shape, isWritten: !isInput) {
      throw ExecutionError.unsupported("\(reference)", reason: fault, Origin())
    }
    shape = host.shape
    if let wrapped = try wrap(host, queue.context) {
      buffer = wrapped
      let address = try queue.map(wrapped, access: access(host))
      try queue.finish()
      memory = .mapped(host, address: address)
      return .inPlace
    }
    buffer = own
    memory = .copied(host)
    return .copied
  }

  /// A buffer over the memory itself, if kernels can use it as it is.
  private func wrap(_ host: HostMemory, _ context: Context) throws -> Buffer? {
    let profile = context.device.profile
    guard profile.hostUnifiedMemory, let address = host.bytes.baseAddress, !host.bytes.isEmpty else { return nil }
    if let layout = host.layout, layout != self.layout {
      guard self.layout == nil, let shape = host.shape, layout.isRowMajor(shape) else { return nil }
    }
    let alignment =
      if case .dense(let scalar) = type.encoding { scalar.byteCount } else { profile.memBaseAddressAlignmentBytes }
    guard Int(bitPattern: address) % max(1, alignment) == 0 else { return nil }
    return try Buffer.wrapping(
      host.bytes, owner: nil, context: context, access: host.isReadOnly ? .readOnly : .readWrite, alignment: alignment)
  }

  private func access(_ host: HostMemory) -> CommandQueue.MapAccess { host.isReadOnly ? .read : .readWrite }

  /// Takes the memory from the device for good: after this nothing touches it.
  func letGo(on queue: CommandQueue) throws {
    guard case .mapped(_, let address) = memory, let address else { return }
    try queue.unmap(buffer, address)
    try queue.finish()
  }

  /// Gives the memory back to the host after a run that did not come to it.
  mutating func giveBack(on queue: CommandQueue) throws {
    guard case .mapped(let host, nil) = memory else { return }
    memory = .mapped(host, address: try queue.map(buffer, access: access(host)))
    try queue.finish()
  }

  // Around a run

  /// Gives the memory to the device.
  mutating func begin(_ shape: [Int], _ memory: RunMemory, on queue: CommandQueue) throws {
    switch self.memory {
    case .own, .buffer: return
    case .mapped(let host, let address):
      guard let address else { return }
      self.memory = .mapped(host, address: nil)
      try queue.unmap(buffer, address)
    case .copied(let host):
      if isOutput { return }
      let bytes = try byteCount(shape)
      if bytes == 0 { return }
      if let direct = directBytes(of: host, shape) {
        _ = try queue.write(direct, to: buffer, blocking: false)
        return
      }
      let staging = memory.allocate(bytes)
      guard let source = host.bytes.baseAddress, let target = staging.baseAddress else { return }
      copy(shape, host: host).run(from: source, to: target)
      _ = try queue.write(UnsafeRawBufferPointer(staging), to: buffer, blocking: false)
    }
  }

  /// Gives it back to the host, once the queue is done; what it returns is to be called then.
  mutating func end(_ shape: [Int], _ memory: RunMemory, on queue: CommandQueue) throws -> (() -> Void)? {
    switch self.memory {
    case .own, .buffer: return nil
    case .mapped(let host, let address):
      if address == nil { self.memory = .mapped(host, address: try queue.map(buffer, access: access(host))) }
      return nil
    case .copied(let host):
      if isInput { return nil }
      let bytes = try byteCount(shape)
      if bytes == 0 { return nil }
      if let direct = directBytes(of: host, shape) {
        _ = try queue.read(from: buffer, into: UnsafeMutableRawBufferPointer(mutating: direct), blocking: false)
        return nil
      }
      let staging = memory.allocate(bytes)
      _ = try queue.read(from: buffer, into: staging, blocking: false)
      let copy = copy(shape, host: host).reversed
      guard let source = staging.baseAddress, let target = host.bytes.baseAddress else { return nil }
      return { copy.run(from: source, to: target) }
    }
  }

  /// Throws unless a tensor of this shape is the one that was bound, and lies within the memory.
  func check(_ shape: [Int]) throws {
    if let stated = self.shape, stated != shape {
      throw ExecutionError.inputType(reference.name, expected: type, got: TensorSummary(type.encoding, stated))
    }
    let needed = try byteCount(shape)
    if needed > buffer.byteCount {
      throw OpenCLError.bufferRange(offset: 0, byteCount: needed, bufferBytes: buffer.byteCount)
    }
    guard case .copied(let host) = memory else { return }
    if let fault = host.layout?.fault(for: type, shape: shape, isWritten: !isInput) {
      throw ExecutionError.unsupported("\(reference)", reason: fault, Origin())
    }
    let elements = try host.layout.map { try $0.elementCount(shape: shape) }
    let bytes = try elements.map { try type.encoding.byteCount(shape: [$0]) } ?? needed
    if bytes > host.bytes.count {
      throw OpenCLError.bufferRange(offset: 0, byteCount: bytes, bufferBytes: host.bytes.count)
    }
  }

  // Traps: never, a size is not negative.
  /// The host's bytes if they lie as the buffer's do, without holes that a copy would overwrite.
  private func directBytes(of host: HostMemory, _ shape: [Int]) -> UnsafeRawBufferPointer? {
    guard layout == nil, host.layout.map({ $0.isRowMajor(shape) }) ?? true else { return nil }
    return UnsafeRawBufferPointer(rebasing: host.bytes.prefix((try? byteCount(shape)) ?? 0))
  }

  /// What the host's memory holds, row-major: itself if it lies so, else a copy.
  func rowMajorBytes(of host: HostMemory, _ shape: [Int], _ memory: RunMemory) throws -> UnsafeRawBufferPointer {
    try check(shape)
    if let direct = directBytes(of: host, shape) { return direct }
    let staging = memory.allocate(try type.encoding.byteCount(shape: shape))
    guard let source = host.bytes.baseAddress, let target = staging.baseAddress else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    let rowMajor = TensorLayout.rowMajor(shape)
    StridedCopy(
      shape: shape, elementByteCount: type.encoding.blockByteCount, source: host.layout ?? layout ?? rowMajor,
      target: rowMajor
    ).run(from: source, to: target)
    return UnsafeRawBufferPointer(staging)
  }

  /// From the host's memory to the buffer's form.
  private func copy(_ shape: [Int], host: HostMemory) -> StridedCopy {
    let home = layout ?? .rowMajor(shape)
    return StridedCopy(
      shape: shape, elementByteCount: type.encoding.blockByteCount, source: host.layout ?? home, target: home)
  }
}

extension StridedCopy {
  /// The way back.
  var reversed: StridedCopy {
    StridedCopy(shape: shape, elementByteCount: elementByteCount, source: target, target: source)
  }
}

extension BufferReference {
  /// The name a caller gave it.
  var name: String {
    switch self {
    case .input(let name), .output(let name), .state(let name), .parameter(let name): name
    default: "\(self)"
    }
  }
}
