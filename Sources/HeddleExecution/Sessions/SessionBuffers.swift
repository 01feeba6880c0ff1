import HeddlePlanning

/// The memory that a session's kernels work on: constants and literals, which every session of the executable shares, pools of
/// experts, and what stands at this session's places and holds its intermediates at present.
struct SessionBuffers {
  private var buffers: [BufferReference: any DeviceMemory] = [:]

  init(executable: DeviceExecutable, experts: SessionExperts?) {
    for (cache, pools) in (experts?.pools ?? []).enumerated() {
      for (weight, pool) in pools.enumerated() { buffers[.experts(cache: cache, weight: weight)] = pool }
    }
    for (constant, made) in executable.constants { buffers[.constant(constant)] = made }
    for (index, made) in executable.literals.enumerated() { buffers[.literal(index)] = made }
  }

  subscript(_ reference: BufferReference) -> (any DeviceMemory)? {
    get { buffers[reference] }
    set { buffers[reference] = newValue }
  }

  subscript(_ place: TensorPlace) -> (any DeviceMemory)? { buffers[BufferReference(place)] }
}

extension SessionPlace {
  /// What a caller may bind: inputs, states, outputs, each in the graph's order, without memory.
  ///
  /// - Throws: ``TypeError`` if the bytes at the greatest values of the symbols do not fit `Int`.
  static func places(of executable: DeviceExecutable, fixed: Bindings) throws -> [SessionPlace] {
    let graph = executable.graph
    let types = graph.tensorPlaces
    let ranges = graph.ranges.merging(fixed.mapValues { $0...$0 }) { $1 }
    let places: [TensorPlace] =
      graph.inputs.map { .input($0.name) } + graph.states.map { .state($0.name) }
      + graph.outputs.map { .output($0.name) }
    return try places.compactMap { place in
      guard let type = types[place] else { return nil }
      let layout = executable.plan.layouts[place]
      let greatest: Int
      if let layout {
        let shape = try type.shape.map { try $0.bounds(ranges).upperBound }
        greatest = try type.encoding.byteCount(shape: [try layout.elementCount(shape: shape)])
      } else {
        greatest = try type.byteCount.bounds(ranges).upperBound
      }
      return SessionPlace(place: place, type: type, layout: layout, greatestByteCount: greatest)
    }
  }
}
