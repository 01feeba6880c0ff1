import HeddleTypes

extension OpCase {
  /// What one run of the last step gives: name, encoding and extents of each output.
  public func outputs() throws -> [(name: String, encoding: Encoding, shape: [Int])] {
    let bindings = try graph.resolveBindings(request, fixed: sessionBindings)
    return try graph.outputs.map { output in
      let type = graph.type(of: output.value)
      return (output.name, type.encoding, try type.concreteShape(bindings))
    }
  }
}
