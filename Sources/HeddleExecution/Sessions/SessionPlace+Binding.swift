import HeddlePlanning
import OpenCLRuntime

// Whose memory stands at a place.
extension SessionPlace {
  /// Back to the session's own memory. An input's value is gone if something else was bound.
  mutating func unbind() {
    guard isBound else { return }
    buffer = own
    memory = .own(isWritten: false)
    shape = nil
  }

  mutating func bind(_ bound: Buffer, shape: [Int]?, isReadOnly: Bool) throws {
    // States and outputs are also read: later nodes take an output where it stands.
    if bound.access == .writeOnly || ((isReadOnly || bound.access == .readOnly) && !isInput) {
      throw ExecutionError.unsupported("\(reference)", reason: "the bound buffer is \(bound.access)", Origin())
    }
    buffer = bound
    memory = .buffer(isReadOnly: isReadOnly || bound.access == .readOnly)
    self.shape = shape
    if let shape { try check(shape) }
  }

  /// - Parameter sharesBytes: whether another place has some of these bytes and one of the two is written: kernels then must
  ///   not work on both.
  mutating func bind(_ host: HostMemory, sharesBytes: Bool, on queue: CommandQueue) throws -> Residence {
    if host.isReadOnly, !isInput {
      throw ExecutionError.unsupported("\(reference)", reason: "the bound memory is read-only", Origin())
    }
    if let layout = host.layout, let fault = layout.fault(for: type, shape: host.shape, isWritten: !isInput) {
      throw ExecutionError.unsupported("\(reference)", reason: fault, Origin())
    }
    shape = host.shape
    buffer = own
    memory = .copied(host)
    if let shape { try check(shape) }
    if !sharesBytes, let wrapped = try wrap(host, queue.context) {
      buffer = wrapped
      let address = try queue.map(wrapped, access: access(host))
      try queue.finish()
      memory = .mapped(host, address: address)
      return .inPlace
    }
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
    // Not the whole of a pool that the tensor lies in.
    // Traps: never, a size is not negative.
    let bytes = UnsafeMutableRawBufferPointer(rebasing: host.bytes.prefix(own.byteCount))
    guard bytes.count <= profile.maxAllocationBytes else { return nil }
    return try Buffer.wrapping(
      bytes, owner: nil, context: context, access: host.isReadOnly ? .readOnly : .readWrite, alignment: alignment)
  }

  func access(_ host: HostMemory) -> CommandQueue.MapAccess { host.isReadOnly ? .read : .readWrite }

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
}
