import HeddleExecution
import OpenCLRuntime

extension CommandQueue: DeviceQueue {
  package var isTimed: Bool { profiling }

  package func write(
    _ bytes: UnsafeRawBufferPointer, to memory: any DeviceMemory, offset: Int, waits: Bool
  ) throws {
    try write(bytes, to: memory.buffer, offset: offset, blocking: waits)
  }

  package func read(
    from memory: any DeviceMemory, offset: Int, into bytes: UnsafeMutableRawBufferPointer, waits: Bool
  ) throws {
    try read(from: memory.buffer, offset: offset, into: bytes, blocking: waits)
  }

  package func zero(_ memory: any DeviceMemory, offset: Int, byteCount: Int) throws {
    let pattern: [UInt8] = offset % 2 == 0 && byteCount % 2 == 0 ? [0, 0] : [0]
    try fill(memory.buffer, pattern: pattern, offset: offset, byteCount: byteCount)
  }

  package func map(_ memory: any DeviceMemory, access: KernelAccess) throws -> UnsafeMutableRawPointer {
    try map(memory.buffer, access: MapAccess(access))
  }

  package func unmap(_ memory: any DeviceMemory, _ address: UnsafeMutableRawPointer) throws {
    try unmap(memory.buffer, address)
  }

  package func launch(
    _ kernel: any DeviceKernel, global: [Int], local: [Int], event: Bool
  ) throws -> (any DeviceEvent)? {
    guard let kernel = kernel as? Kernel else { throw OpenCLError.foreignContext("a kernel of another runtime") }
    return try enqueue(kernel, global: global, local: local, event: event)
  }

  package func makeMarker() throws -> any DeviceEvent { try marker() }
}

extension CommandQueue.MapAccess {
  fileprivate init(_ access: KernelAccess) {
    self =
      switch access {
      case .readWrite: .readWrite
      case .readOnly: .read
      case .writeOnly: .overwrite
      }
  }
}

extension Event: DeviceEvent {
  package var times: (started: Int, ended: Int) {
    get throws {
      let profile = try profile
      return (profile.started, profile.ended)
    }
  }
}

extension Program: DeviceProgram {
  package func makeKernel(_ entry: String) throws -> any DeviceKernel { try kernel(entry) }
}

extension Kernel: DeviceKernel {
  package func set(_ index: Int, to memory: any DeviceMemory) throws { try setArgument(index, memory.buffer) }
  package func set(_ index: Int, to value: Int32) throws { try setArgument(index, value) }
  package func clear() { clearArguments() }
}
