import Foundation
import HeddleGraph

extension RotaryEmbedding: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let x = try operands[0].floats()
    let positions = try operands[1].integers()
    let factors = operands.count == 3 ? try operands[2].floats() : []
    let (heads, width) = (operands[0].shape[1], operands[0].shape[2])
    let frequencies = frequencies
    var y = x
    for (t, position) in positions.enumerated() {
      for head in 0..<heads {
        let row = (t * heads + head) * width
        for (i, frequency) in frequencies.enumerated() {
          var angle = Double(position) * Double(frequency)
          if !factors.isEmpty { angle /= Double(factors[i]) }
          let (a, b) =
            switch pairing {
            case .interleaved: (row + 2 * i, row + 2 * i + 1)
            case .halves: (row + i, row + i + rotatedDimensions / 2)
            }
          let (cosine, sine) = (Double(magnitude) * cos(angle), Double(magnitude) * sin(angle))
          y[a] = Float(Double(x[a]) * cosine - Double(x[b]) * sine)
          y[b] = Float(Double(x[a]) * sine + Double(x[b]) * cosine)
        }
      }
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
