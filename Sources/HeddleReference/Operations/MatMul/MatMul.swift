import HeddleGraph

extension MatMul: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let x = try decodeToFloat32(operands[0])
    let w = try decodeToFloat32(operands[1])
    let (xShape, wShape, shape) = (operands[0].shape, operands[1].shape, context.shapes[0])
    let tokens = shape[shape.count - 2]
    let outputs = shape[shape.count - 1] * (epilogue.isGated ? 2 : 1)
    let inputs = xShape[xShape.count - 1]
    let (wOutputStride, wInputStride) = rightIsTransposed ? (inputs, 1) : (1, outputs)

    let isKept = try keptPlaces(operands[1], context)

    let batches = Array(shape.dropLast(2))
    let xBatches = broadcastOffsets(Array(xShape.dropLast(2)), to: batches)
    let wBatches = broadcastOffsets(Array(wShape.dropLast(2)), to: batches)
    var y: [Float] = []
    for (xBatch, wBatch) in zip(xBatches, wBatches) {
      for t in 0..<tokens {
        for m in 0..<outputs {
          let xRow = (xBatch * tokens + t) * inputs
          let wRow = wBatch * outputs * inputs + m * wOutputStride
          var sum = 0.0
          for k in 0..<inputs where isKept?[wRow + k] ?? true {
            sum += Double(x[xRow + k]) * Double(w[wRow + k * wInputStride])
          }
          y.append(Float(sum))
        }
      }
    }
    return [try Tensor(finished(y, outputs: outputs, operands), shape: shape)]
  }

  /// Whether each place of a sparse w is summed over; nil for all.
  private func keptPlaces(_ w: Tensor, _ context: ReferenceContext) throws -> [Bool]? {
    guard case .sparse(let format) = w.encoding else { return nil }
    let layout = try SparseLayout(format, shape: w.shape)
    let limit = try kept.map(context.extent) ?? .max
    return try w.bytes.withUnsafeBytes { try layout.keptPlaces($0, limit: limit) }
  }

  /// The epilogue of rounded sums, `outputs` a token; each step is rounded again.
  private func finished(_ sums: [Float], outputs: Int, _ operands: [Tensor]) throws -> [Float] {
    var y = sums
    if let bias = try epilogue.biasOperand.map({ try operands[$0].floats() }) {
      y = y.enumerated().map { $0.element + bias[$0.offset % outputs] }
    }
    let activation = epilogue.activation
    if epilogue.isGated {
      let half = outputs / 2
      y = (0..<y.count / 2).map { index in
        let gate = index / half * outputs + index % half
        return (activation?.value(y[gate]) ?? y[gate]) * y[gate + half]
      }
    } else if let activation {
      y = y.map { activation.value($0) }
    }
    if let residual = try epilogue.residualOperand.map({ try operands[$0].floats() }) {
      y = zip(y, residual).map { $0 + $1 }
    }
    return y
  }
}
