import HeddleGraph

extension QuantizeActivations: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let values = try operands[0].floats()
    var writer = BlockWriter()
    for start in stride(from: 0, to: values.count, by: 32) {
      ValueFormats.Q8_Dynamic.encode(Array(values[start..<start + 32]), to: &writer)
    }
    return [try Tensor(encoding: .q8_dynamic, shape: context.shapes[0], bytes: writer.bytes)]
  }
}
