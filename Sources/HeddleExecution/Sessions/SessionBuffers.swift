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
    for (reference, type) in graph.bindableTypes {
      if let layout = executable.plan.layouts[reference] {
        let greatest = try type.shape.map { try $0.bounds(ranges).upperBound }
        let bytes = try type.encoding.byteCount(shape: [try layout.elementCount(shape: greatest)])
        buffers[reference] = try Buffer(context: context, byteCount: max(bytes, 16))
      } else {
        buffers[reference] = try buffer(type)
      }
    }
    let arena = executable.plan.lists.map(\.arenaByteCount).max() ?? 0
    buffers[.arena] = try Buffer(context: context, byteCount: max(arena, 16))
    for (constant, made) in executable.constants { buffers[.constant(constant)] = made }
    for (index, made) in executable.literals.enumerated() { buffers[.literal(index)] = made }
  }

  /// What a caller may bind: inputs, states, outputs, each in the graph's order.
  func places(of executable: OpenCLExecutable) -> [SessionPlace] {
    let graph = executable.graph
    let types = graph.bindableTypes
    let references: [BufferReference] =
      graph.inputs.map { .input($0.name) } + graph.states.map { .state($0.name) }
      + graph.outputs.map { .output($0.name) }
    return references.compactMap { reference in
      guard let own = buffers[reference], let type = types[reference] else { return nil }
      return SessionPlace(
        reference: reference, type: type, layout: executable.plan.layouts[reference], own: own, buffer: own)
    }
  }

  subscript(_ reference: BufferReference) -> Buffer? {
    get { buffers[reference] }
    set { buffers[reference] = newValue }
  }
}
