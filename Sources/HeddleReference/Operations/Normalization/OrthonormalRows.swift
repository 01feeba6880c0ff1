import HeddleGraph

extension OrthonormalRows: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let x = try operands[0].floats().map { Double($0) }
    let (rows, columns) = (operands[0].shape[0], operands[0].shape[1])
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    var found: [[Double]] = []
    for r in 0..<rows {
      var v = Array(x[r * columns..<(r + 1) * columns])
      let length = dot(v, v).squareRoot()
      for _ in 0..<2 {
        for row in found {
          let part = dot(v, row)
          v = zip(v, row).map { $0 - part * $1 }
        }
      }
      let remainder = dot(v, v).squareRoot()
      found.append(remainder <= 0x1p-18 * length ? v.map { _ in 0 } : v.map { $0 / remainder })
    }
    return [try Tensor(found.joined().map { Float($0) }, shape: [rows, columns])]
  }
}
