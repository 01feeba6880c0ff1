import HeddlePlanning
import OpenCLRuntime

/// A command list with its kernels made and their arguments set: a run only rewrites the uniforms.
final class BoundCommandList {
  let list: CommandList
  let kernels: [Kernel]
  let uniforms: Buffer
  /// Host copy of the uniforms; writes of it may be under way until the run ends.
  private let values: UnsafeMutableBufferPointer<Int64>
  /// Uniforms and work sizes that change with the bindings.
  private let dynamicValues: [(index: Int, value: Dimension)]
  private var globals: [[Int]]
  private let dynamicGlobals: [(launch: Int, axis: Int, value: Dimension)]
  private var written: Bindings?

  init(_ list: CommandList, executable: OpenCLExecutable, buffers: SessionBuffers) throws {
    self.list = list
    uniforms = try Buffer(
      context: executable.state.context, byteCount: max(8 * list.parameterValues.count, 16), access: .readOnly)
    kernels = try list.launches.indices.map { index in
      let launch = list.launches[index]
      guard let program = executable.programs[launch.kernel] else {
        throw OpenCLError.unknownKernel(name: launch.kernel.entry, program: launch.kernel.variantName, available: [])
      }
      return try program.kernel(launch.kernel.entry)
    }
    dynamicValues = list.parameterValues.enumerated().filter { $0.element.constant == nil }.map {
      ($0.offset, $0.element)
    }
    globals = list.launches.map { $0.global.map { $0.constant ?? 0 } }
    dynamicGlobals = list.launches.enumerated().flatMap { launch in
      launch.element.global.enumerated().filter { $0.element.constant == nil }
        .map { (launch.offset, $0.offset, $0.element) }
    }
    values = .allocate(capacity: max(list.parameterValues.count, 1))
    values.initialize(repeating: 0)
    for (index, value) in list.parameterValues.enumerated() { values[index] = Int64(value.constant ?? 0) }
    for index in kernels.indices { try setArguments(index, buffers) }
  }

  deinit { values.deallocate() }

  /// Sets every argument of a launch: its buffers, the uniforms, and where its block starts.
  private func setArguments(_ index: Int, _ buffers: SessionBuffers) throws {
    let launch = list.launches[index]
    for (position, reference) in launch.buffers.enumerated() {
      guard let buffer = buffers[reference] else {
        throw ExecutionError.unsupported("\(reference)", reason: "it has no buffer", Origin())
      }
      try kernels[index].setArgument(position, buffer)
    }
    try kernels[index].setArgument(launch.buffers.count, uniforms)
    try kernels[index].setArgument(launch.buffers.count + 1, Int32(clamping: list.blockOfLaunch[index]))
  }

  /// Sets the arguments of the launches that use a buffer which has changed.
  func rebind(_ reference: BufferReference, _ buffers: SessionBuffers) throws {
    for index in kernels.indices where list.launches[index].buffers.contains(reference) {
      try setArguments(index, buffers)
    }
  }

  /// Writes the uniforms for these bindings. The queue's earlier runs must be over.
  func write(_ bindings: Bindings, to queue: CommandQueue) throws {
    if written == bindings { return }
    written = nil
    for (index, value) in dynamicValues { values[index] = Int64(try value.value(bindings)) }
    for (launch, axis, value) in dynamicGlobals { globals[launch][axis] = try value.extent(bindings) }
    if !list.parameterValues.isEmpty {
      _ = try queue.write(UnsafeRawBufferPointer(values), to: uniforms, blocking: false)
    }
    written = bindings
  }

  /// Enqueues one launch; nil if it has nothing to do or no event was asked for.
  func enqueue(_ index: Int, on queue: CommandQueue, event: Bool) throws -> Event? {
    if globals[index].contains(0) { return nil }
    return try queue.enqueue(kernels[index], global: globals[index], local: list.launches[index].local, event: event)
  }
}
