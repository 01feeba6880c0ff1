import HeddlePlanning

/// The memory of one session: states, one arena for every command list, and a buffer for each input and output, all
/// made once at the greatest sizes the bindings allow.
struct SessionBuffers {
  private(set) var buffers: [BufferReference: any DeviceMemory] = [:]

  init(executable: DeviceExecutable, fixed: Bindings) throws {
    let runtime = executable.state.runtime
    let graph = executable.graph
    let ranges = graph.ranges.merging(fixed.mapValues { $0...$0 }) { $1 }
    func allocate(_ byteCount: Int) throws -> any DeviceMemory {
      try runtime.allocate(max(byteCount, 16), access: .readWrite)
    }
    for (place, type) in graph.tensorPlaces {
      let bytes: Int
      if let layout = executable.plan.layouts[place] {
        let greatest = try type.shape.map { try $0.bounds(ranges).upperBound }
        bytes = try type.encoding.byteCount(shape: [try layout.elementCount(shape: greatest)])
      } else {
        bytes = try type.byteCount.bounds(ranges).upperBound
      }
      buffers[BufferReference(place)] = try allocate(bytes)
    }
    buffers[.arena] = try allocate(executable.plan.lists.map(\.arenaByteCount).max() ?? 0)
    for (constant, made) in executable.constants { buffers[.constant(constant)] = made }
    for (index, made) in executable.literals.enumerated() { buffers[.literal(index)] = made }
  }

  /// What a caller may bind: inputs, states, outputs, each in the graph's order.
  func places(of executable: DeviceExecutable) -> [SessionPlace] {
    let graph = executable.graph
    let types = graph.tensorPlaces
    let places: [TensorPlace] =
      graph.inputs.map { .input($0.name) } + graph.states.map { .state($0.name) }
      + graph.outputs.map { .output($0.name) }
    return places.compactMap { place in
      guard let own = self[place], let type = types[place] else { return nil }
      return SessionPlace(place: place, type: type, layout: executable.plan.layouts[place], own: own, buffer: own)
    }
  }

  subscript(_ reference: BufferReference) -> (any DeviceMemory)? { buffers[reference] }

  subscript(_ place: TensorPlace) -> (any DeviceMemory)? {
    get { buffers[BufferReference(place)] }
    set { buffers[BufferReference(place)] = newValue }
  }
}
