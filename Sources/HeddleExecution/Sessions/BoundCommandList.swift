// Traps: never, commands, launches and work sizes are counted alike, a launch's block lies within the values
// (`Planner.finish`), and the values are in memory already.
import HeddlePlanning
import OpenCLRuntime

/// A command list with its kernels made and their arguments set: a run only rewrites the uniforms.
final class BoundCommandList {
  /// What a launch enqueues.
  private enum Command {
    case kernel(Kernel)
    /// A library takes its buffers and arguments anew with each call.
    case library(CLBlastProduct, [Buffer])
  }

  let list: CommandList
  private var commands: [Command]
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
    commands = try list.launches.indices.map { index in
      let launch = list.launches[index]
      if launch.kernel.library != nil { return .library(try CLBlastProduct(launch.kernel), []) }
      guard let program = executable.programs[launch.kernel] else {
        throw OpenCLError.unknownKernel(name: launch.kernel.entry, program: launch.kernel.variantName, available: [])
      }
      return .kernel(try program.kernel(launch.kernel.entry))
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
    for index in commands.indices { try setArguments(index, buffers) }
  }

  deinit { values.deallocate() }

  /// Sets every argument of a launch: its buffers, the uniforms, and where its block starts.
  private func setArguments(_ index: Int, _ buffers: SessionBuffers) throws {
    let launch = list.launches[index]
    let found = try launch.buffers.map { reference in
      guard let buffer = buffers[reference] else {
        throw ExecutionError.unsupported("\(reference)", reason: "it has no buffer", Origin())
      }
      return buffer
    }
    switch commands[index] {
    case .library(let product, _): commands[index] = .library(product, found)
    case .kernel(let kernel):
      for (position, buffer) in found.enumerated() { try kernel.setArgument(position, buffer) }
      try kernel.setArgument(found.count, uniforms)
      try kernel.setArgument(found.count + 1, Int32(clamping: list.blockOfLaunch[index]))
    }
  }

  /// Sets the arguments of the launches that use a buffer which has changed.
  func rebind(_ reference: BufferReference, _ buffers: SessionBuffers) throws {
    for index in commands.indices where list.launches[index].buffers.contains(reference) {
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

  /// Enqueues one launch; nil if it has nothing to do or no events were asked for: `event` for its end, `timed` for its
  /// times as well.
  func enqueue(_ index: Int, on queue: CommandQueue, event: Bool, timed: Bool) throws -> LaunchEvents? {
    if globals[index].contains(0) { return nil }
    switch commands[index] {
    case .kernel(let kernel):
      let made = try queue.enqueue(
        kernel, global: globals[index], local: list.launches[index].local, event: event || timed)
      return made.map { LaunchEvents(last: $0) }
    case .library(let product, let buffers):
      let start = list.blockOfLaunch[index]
      let arguments = try product.arguments(values[start..<start + list.launches[index].parameters.count])
      // A call is several kernels, and its event the last one's.
      let before = timed ? try queue.marker() : nil
      let made = try product.enqueue(buffers, arguments, on: queue, event: event || timed)
      return made.map { LaunchEvents(before: before, last: $0) }
    }
  }
}

/// The events that time one launch.
struct LaunchEvents {
  /// Complete when the launch can begin, if it is more than one command.
  var before: Event?
  var last: Event

  /// Nanoseconds of the device's own clock.
  var times: (started: Int, ended: Int) {
    get throws(OpenCLError) {
      let end = try last.profile
      return (try before?.profile.ended ?? end.started, end.ended)
    }
  }
}
