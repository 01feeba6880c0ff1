import HeddleGraph
import HeddleText

// Whose memory stands at a place.
extension SessionPlace {
  /// Back to the session's own memory, in which an input has no value, and a state its initial one.
  mutating func unbind() {
    guard isBound else { return }
    memory = .own(writtenByteCount: 0)
    shape = nil
    if isState { own = nil }
  }

  mutating func bind(_ bound: any DeviceMemory, layout: TensorLayout?, shape: [Int]?, isReadOnly: Bool) throws {
    let access = isReadOnly && bound.kernelAccess == .readWrite ? .readOnly : bound.kernelAccess
    // States and outputs are also read: later nodes take an output where it stands.
    if access == .writeOnly || (access == .readOnly && place.isWritten) { throw ExecutionError.access(place, access) }
    if let layout, layout != self.layout, !isRowMajor(layout, shape) {
      try check(layout, shape: shape)
      throw ExecutionError.otherLayout(place, compiled: self.layout, got: layout)
    }
    own = nil
    memory = .buffer(bound, isReadOnly: access == .readOnly)
    self.shape = shape
    if let shape { try check(shape) }
  }

  /// - Parameter sharesBytes: whether another place has some of these bytes and one of the two is written: kernels then must
  ///   not work on both.
  mutating func bind(
    _ host: HostMemory, sharesBytes: Bool, on queue: any DeviceQueue, of runtime: any DeviceRuntime
  ) throws -> Residence {
    if host.isReadOnly, place.isWritten { throw ExecutionError.access(place, .readOnly) }
    var host = host
    if let layout = host.layout, isRowMajor(layout, host.shape) { host.layout = nil }
    try check(host.layout, shape: host.shape)
    shape = host.shape
    memory = .copied(host)
    if let shape { try check(shape) }
    if !sharesBytes, let wrapped = try wrap(host, runtime) {
      own = nil
      let address = try queue.map(wrapped, access: access(host))
      memory = .mapped(host, wrapped, address: address)
      do {
        try queue.finish()
      } catch {
        try? queue.unmap(wrapped, address)
        throw error
      }
      return .inPlace
    }
    return .copied
  }

  /// Throws unless memory of this place can have the layout.
  private func check(_ layout: TensorLayout?, shape: [Int]?) throws(ExecutionError) {
    if let fault = layout?.fault(for: type, shape: shape, isWritten: place.isWritten) {
      throw .layout(place, reason: fault)
    }
  }

  /// Whether the layout is what a place without one has anyway.
  private func isRowMajor(_ layout: TensorLayout, _ shape: [Int]?) -> Bool {
    guard self.layout == nil, let shape, layout.strides.count == type.rank else { return false }
    return layout.isRowMajor(shape)
  }

  /// Memory of the device over the host's own, if kernels can use it as it is.
  private func wrap(_ host: HostMemory, _ runtime: any DeviceRuntime) throws -> (any DeviceMemory)? {
    let traits = runtime.hostMemory
    guard traits.isShared, let address = host.bytes.baseAddress, !host.bytes.isEmpty else { return nil }
    if let layout = host.layout, layout != self.layout { return nil }
    let alignment = if type.encoding.isScalar { type.encoding.blockByteCount } else { traits.alignment }
    guard Int(bitPattern: address) % max(1, alignment) == 0 else { return nil }
    // Not the whole of a pool that the tensor lies in.
    let bytes = UnsafeMutableRawBufferPointer(rebasing: host.bytes.part(from: 0, to: greatestByteCount))
    guard !bytes.isEmpty, bytes.count <= traits.largestByteCount else { return nil }
    return try runtime.wrap(bytes, access: access(host), alignment: alignment)
  }

  func access(_ host: HostMemory) -> KernelAccess { host.isReadOnly ? .readOnly : .readWrite }

  /// Takes the memory from the device for good: after this nothing touches it.
  mutating func letGo(on queue: any DeviceQueue) throws {
    guard case .mapped(let host, let buffer, let address) = memory, let address else { return }
    try queue.unmap(buffer, address)
    memory = .mapped(host, buffer, address: nil)
    try queue.finish()
  }

  /// Gives the memory back to the host after a run that did not come to it.
  mutating func giveBack(on queue: any DeviceQueue) throws {
    guard case .mapped(let host, let buffer, nil) = memory else { return }
    memory = .mapped(host, buffer, address: try queue.map(buffer, access: access(host)))
    try queue.finish()
  }
}
