import HeddleText
import HeddleTypes

/// `∣x∣` of a matrix `[rows, width]`, and what a vector-wise pattern keeps of it; what is not a number counts as 0.
struct MagnitudeMatrix {
  let rows: Int
  let width: Int
  /// Row-major.
  let values: [Float]

  init(rows: Int, width: Int, values: [Float]) {
    self.rows = rows
    self.width = width
    self.values = values.map { $0.isNaN ? 0 : abs($0) }
  }

  // Traps: never (rows-of-matrix).
  /// The sums down these rows, in this order, in float32.
  func sums(_ members: some Sequence<Int>) -> [Float] {
    var sums = [Float](repeating: 0, count: width)
    for row in members {
      for column in 0..<width { sums[column] += values[row * width + column] }
    }
    return sums
  }

  // Traps: never (rows-of-matrix).
  /// `Σ values[row] · mask`, in float32 in an order of its own.
  func product(_ row: Int, _ mask: [Float]) -> Float {
    let start = row * width
    let whole = width / 16 * 16
    let lanes = values.withUnsafeBytes { values in
      mask.withUnsafeBytes { mask in
        var lanes = SIMD16<Float>(repeating: 0)
        for column in stride(from: 0, to: whole, by: 16) {
          lanes +=
            values.loadUnaligned(fromByteOffset: 4 * (start + column), as: SIMD16<Float>.self)
            * mask.loadUnaligned(fromByteOffset: 4 * column, as: SIMD16<Float>.self)
        }
        return lanes
      }
    }
    return (whole..<width).reduce(lanes.sum()) { $0 + values[start + $1] * mask[$1] }
  }

  /// What `kept` of each `size` neighbours hold in all, each group of 32 rows of `order` choosing for itself.
  func kept(_ kept: Int, of size: Int, order: [Int]) -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: order.count, by: SparsityPattern.vectorRows) {
      let sums = sums(order.part(from: start, to: start &+ SparsityPattern.vectorRows))
      sum += MagnitudeMatrix.total(sums, MagnitudeMatrix.mask(sums, kept, of: size))
    }
    return sum
  }

  static func total(_ sums: [Float], _ mask: [Float]) -> Double {
    zip(sums, mask).reduce(0) { $0 + ($1.1 > 0 ? Double($1.0) : 0) }
  }

  // Traps: never (rows-of-matrix).
  /// 1 at the `kept` greatest of each `size` neighbours, of equals the first, else 0.
  static func mask(_ sums: [Float], _ kept: Int, of size: Int) -> [Float] {
    var mask = [Float](repeating: 0, count: sums.count)
    for start in stride(from: 0, to: sums.count, by: size) {
      for place in start..<start + size {
        var rank = 0
        for other in start..<start + size {
          if sums[other] > sums[place] || (sums[other] == sums[place] && other < place) { rank += 1 }
        }
        if rank < kept { mask[place] = 1 }
      }
    }
    return mask
  }
}
