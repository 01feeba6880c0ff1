import HeddlePlanning
import OpenCLRuntime

/// The memory of one session: states, one arena for every command list, and a buffer for each input and output, all
/// made once at the greatest sizes the bindings allow.
struct SessionBuffers {
  private(set) var buffers: [BufferReference: Buffer] = [:]

  init(executable: OpenCLExecutable, fixed: Bindings) throws {
    let context = executable.state.context
    let graph = executable.graph
    let ranges = graph.ranges.merging(fixed.mapValues { $0...$0 }) { $1 }
    func buffer(_ type: TensorType) throws -> Buffer {
      let bytes = try type.byteCount.bounds(ranges).upperBound
      return try Buffer(context: context, byteCount: max(bytes, 16))
    }
    for input in graph.inputs { buffers[.input(input.name)] = try buffer(input.type) }
    for output in graph.outputs { buffers[.output(output.name)] = try buffer(graph.type(of: output.value)) }
    for state in graph.states { buffers[.state(state.name)] = try buffer(state.type) }
    let arena = executable.plan.lists.map(\.arenaByteCount).max() ?? 0
    buffers[.arena] = try Buffer(context: context, byteCount: max(arena, 16))
    for (constant, made) in executable.constants { buffers[.constant(constant)] = made }
    for (index, made) in executable.literals.enumerated() { buffers[.literal(index)] = made }
  }

  subscript(_ reference: BufferReference) -> Buffer? {
    get { buffers[reference] }
    set { buffers[reference] = newValue }
  }
}
