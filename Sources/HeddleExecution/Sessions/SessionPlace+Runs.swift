import HeddleGraph
import HeddleText

// What a run does with a place's memory before and after.
extension SessionPlace {
  /// Gives the memory to the device.
  mutating func begin(_ shape: [Int], _ memory: RunMemory, on queue: any DeviceQueue) throws {
    switch self.memory {
    case .own, .buffer: return
    case .mapped(let host, let buffer, let address):
      guard let address else { return }
      try queue.unmap(buffer, address)
      self.memory = .mapped(host, buffer, address: nil)
    case .copied(let host):
      if isOutput { return }
      let bytes = try byteCount(shape)
      if bytes == 0 { return }
      let buffer = try required()
      if let direct = directBytes(of: host, shape) {
        try queue.write(direct, to: buffer, offset: 0, waits: false)
        return
      }
      let staging = memory.allocate(bytes)
      guard let source = host.bytes.baseAddress, let target = staging.baseAddress else { return }
      copy(shape, host: host).run(from: source, to: target)
      try queue.write(UnsafeRawBufferPointer(staging), to: buffer, offset: 0, waits: false)
    }
  }

  /// Gives it back to the host, once the queue is done; what it returns is to be called then.
  mutating func end(_ shape: [Int], _ memory: RunMemory, on queue: any DeviceQueue) throws -> (() -> Void)? {
    switch self.memory {
    case .own, .buffer: return nil
    case .mapped(let host, let buffer, let address):
      if address == nil {
        self.memory = .mapped(host, buffer, address: try queue.map(buffer, access: access(host)))
      }
      return nil
    case .copied(let host):
      if isInput { return nil }
      let bytes = try byteCount(shape)
      if bytes == 0 { return nil }
      let buffer = try required()
      if let direct = directBytes(of: host, shape) {
        try queue.read(from: buffer, into: UnsafeMutableRawBufferPointer(mutating: direct), waits: false)
        return nil
      }
      let staging = memory.allocate(bytes)
      try queue.read(from: buffer, into: staging, waits: false)
      let copy = copy(shape, host: host).reversed
      guard let source = staging.baseAddress, let target = host.bytes.baseAddress else { return nil }
      return { copy.run(from: source, to: target) }
    }
  }

  /// Throws unless a tensor of this shape is the one that was bound, and lies within the memory.
  func check(_ shape: [Int]) throws {
    if let stated = self.shape, stated != shape {
      throw misfit("\(TensorSummary(type.encoding, shape))", "\(TensorSummary(type.encoding, stated))")
    }
    let needed = try byteCount(shape)
    let host: HostMemory
    switch memory {
    case .own: return
    case .buffer(let buffer, _), .mapped(_, let buffer, _):
      if needed > buffer.byteCount { throw tooSmall(shape, needed, buffer.byteCount) }
      return
    case .copied(let copied): host = copied
    }
    if let fault = host.layout?.fault(for: type, shape: shape, isWritten: place.isWritten) {
      throw ExecutionError.layout(place, reason: fault)
    }
    let elements = try host.layout.map { try $0.elementCount(shape: shape) }
    let bytes = try elements.map { try type.encoding.byteCount(shape: [$0]) } ?? needed
    if bytes > host.bytes.count { throw tooSmall(shape, bytes, host.bytes.count) }
  }

  /// Throws unless a tensor of this shape is what was written to the session's own memory.
  func checkWritten(_ shape: [Int]) throws {
    guard case .own(let written) = memory else { return }
    let needed = try byteCount(shape)
    if needed > written { throw tooSmall(shape, needed, written) }
  }

  /// What kernels use, which must be there.
  func required() throws(ExecutionError) -> any DeviceMemory {
    guard let buffer else { throw .unsupported("\(place)", reason: "it has no memory", Origin()) }
    return buffer
  }

  private func tooSmall(_ shape: [Int], _ needed: Int, _ got: Int) -> ExecutionError {
    misfit("\(TensorSummary(type.encoding, shape)), \(needed) bytes", "\(got) bytes")
  }

  private func misfit(_ expected: String, _ got: String) -> ExecutionError {
    .boundMemory("\(place)", expected: expected, got: got)
  }

  /// Sets every element of this shape to zero, or to the values of a tensor of this shape, and nothing else of the memory.
  func reset(_ shape: [Int], to values: Tensor?, on queue: any DeviceQueue) throws {
    try check(shape)
    if shape.contains(0) { return }
    // Blocks lie one after the other: they are walked as bytes.
    let isScalar = type.encoding.isScalar
    let element = isScalar ? type.encoding.blockByteCount : 1
    let walked = isScalar ? shape : [try byteCount(shape)]
    let bytes = values?.bytes ?? []
    if let host {
      guard let base = host.bytes.baseAddress else { return }
      let layout = host.layout ?? layout ?? .rowMajor(walked)
      var done = 0
      layout.forEachPiece(of: walked) { offset, count in
        let piece = UnsafeMutableRawBufferPointer(start: base + offset &* element, count: count &* element)
        if bytes.isEmpty {
          piece.initializeMemory(as: UInt8.self, repeating: 0)
        } else {
          piece.copyBytes(from: bytes.part(from: done, to: done &+ piece.count))
        }
        done &+= piece.count
      }
      return
    }
    let buffer = try required()
    func write(_ start: Int, _ count: Int, from done: Int) throws {
      if bytes.isEmpty { return try queue.zero(buffer, offset: start, byteCount: count) }
      try bytes.withUnsafeBytes {
        try queue.write(
          UnsafeRawBufferPointer(rebasing: $0.part(from: done, to: done &+ count)), to: buffer, offset: start,
          waits: true)
      }
    }
    guard let layout, isBound else { return try write(0, byteCount(shape), from: 0) }
    var failure: (any Error)?
    var done = 0
    layout.forEachPiece(of: shape) { offset, count in
      do { try write(offset &* element, count &* element, from: done) } catch { failure = failure ?? error }
      done &+= count &* element
    }
    if let failure { throw failure }
  }

  /// The host's bytes if they lie as the buffer's do, without holes that a copy would overwrite.
  private func directBytes(of host: HostMemory, _ shape: [Int]) -> UnsafeRawBufferPointer? {
    guard layout == nil, host.layout.map({ $0.isRowMajor(shape) }) ?? true else { return nil }
    return UnsafeRawBufferPointer(rebasing: host.bytes.part(from: 0, to: (try? byteCount(shape)) ?? 0))
  }

  /// What the host's memory holds, row-major: itself if it lies so, else a copy.
  func rowMajorBytes(of host: HostMemory, _ shape: [Int], _ memory: RunMemory) throws -> UnsafeRawBufferPointer {
    try check(shape)
    if let direct = directBytes(of: host, shape) { return direct }
    let staging = memory.allocate(try type.encoding.byteCount(shape: shape))
    guard let source = host.bytes.baseAddress, let target = staging.baseAddress else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    copy(shape, host: host, to: .rowMajor(shape)).run(from: source, to: target)
    return UnsafeRawBufferPointer(staging)
  }

  /// From the host's memory to the buffer's form, or another one.
  private func copy(_ shape: [Int], host: HostMemory, to target: TensorLayout? = nil) -> StridedCopy {
    let home = layout ?? .rowMajor(shape)
    return StridedCopy(
      shape: shape, elementByteCount: type.encoding.blockByteCount, source: host.layout ?? home, target: target ?? home)
  }
}

extension StridedCopy {
  /// The way back.
  var reversed: StridedCopy {
    StridedCopy(shape: shape, elementByteCount: elementByteCount, source: target, target: source)
  }
}
