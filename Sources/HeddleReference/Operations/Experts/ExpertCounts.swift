import HeddleGraph

extension ExpertCounts: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    var counts = [Int32](repeating: 0, count: experts)
    for index in try operands[0].integers() where (0..<experts).contains(Int(index)) { counts[Int(index)] += 1 }
    return [try Tensor(counts, shape: context.shapes[0])]
  }
}
