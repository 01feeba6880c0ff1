import HeddleGraph
import HeddleReference

extension CaseDraft {
  /// Weights by chance of any size and encoding. Quantizing or pruning tens of millions of values would take longer than
  /// timing them: a prime number of blocks, or of spans and patterns, is repeated.
  func repeatedWeights(_ encoding: Encoding, _ shape: [Int]) throws -> Tensor {
    switch encoding {
    case .dense(let type):
      return try encode(random.units(shape.reduce(1, *), exactIn: type), as: encoding, shape: shape)
    case .blocks(let format):
      let pool = 4093
      let some = random.units(pool * format.blockSize)
      let blocks = try encode(some, as: encoding, shape: [pool, format.blockSize]).bytes
      let count = try encoding.byteCount(shape: shape)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(count)
      while bytes.count < count { bytes += blocks.prefix(count - bytes.count) }
      return try Tensor(encoding: encoding, shape: shape, bytes: bytes)
    case .sparse(let format):
      let weights = try RepeatedSparseWeights(format, shape: shape) { random.units($0) }
      return try weights.tensor(&random)
    }
  }
}

extension SplitMix64 {
  /// Uniform in `-1 ..< 1` and exact in `type`.
  mutating func units(_ count: Int, exactIn type: ScalarType) -> [Float] {
    let bits: UInt64 =
      switch type {
      case .float16: 11
      case .bfloat16: 8
      case .float32, .int32: 24
      }
    let half = Int64(1) << (bits - 1)
    let unit = 1 / Float(half)
    return (0..<count).map { _ in Float(Int64(next() >> (64 - bits)) - half) * unit }
  }
}

/// Sparse weights by chance: stored spans and the patterns of groups of rows come from a small weight that the reference
/// encoded, and are repeated.
private struct RepeatedSparseWeights {
  private let layout: SparseLayout
  private let pool: [UInt8]
  private let poolLayout: SparseLayout

  /// - Parameter values: So many values by chance.
  init(_ format: SparseFormat, shape: [Int], values: (Int) -> [Float]) throws {
    layout = try SparseLayout(format, shape: shape)
    let pattern = format.pattern
    // One span wide. Prime numbers of groups, so that neighbours get different ones.
    var poolFormat = format
    var poolShape = [127 * pattern.rowsPerGroup, pattern.span]
    switch pattern.kind {
    case .perRow: poolShape[0] = 4093
    case .vectorWise: break
    // All blocks of the pool are kept; which ones are, is drawn below.
    case .block(let size, _):
      poolFormat = SparseFormat(try SparsityPattern(.block(size: size, percent: 0)), format.values)
    }
    pool = try encode(values(poolShape[0] * poolShape[1]), as: .sparse(poolFormat), shape: poolShape).bytes
    poolLayout = try SparseLayout(poolFormat, shape: poolShape)
  }

  func tensor(_ random: inout SplitMix64) throws -> Tensor {
    var bytes = [UInt8](repeating: 0, count: layout.byteCount)
    fill(layout.values, from: poolLayout.values, &bytes)
    fill(layout.scales, from: poolLayout.scales, &bytes)
    if case .block(let size, _) = layout.format.pattern.kind {
      drawBlocks(&random, &bytes)
      clearRowsPastEnd(size, &bytes)
    } else {
      fill(layout.indices, from: poolLayout.indices, &bytes)
    }
    return try Tensor(encoding: .sparse(layout.format), shape: [layout.rows, layout.inputs], bytes: bytes)
  }

  private func fill(_ section: Range<Int>, from source: Range<Int>, _ bytes: inout [UInt8]) {
    guard !source.isEmpty else { return }
    for start in stride(from: section.lowerBound, to: section.upperBound, by: source.count) {
      let count = min(source.count, section.upperBound - start)
      bytes.replaceSubrange(start..<start + count, with: pool[source.lowerBound..<source.lowerBound + count])
    }
  }

  /// As many of all blocks as are kept, each set of them equally likely (Knuth's selection sampling).
  private func drawBlocks(_ random: inout SplitMix64, _ bytes: inout [UInt8]) {
    var starts: [Int] = [0]
    var columns: [Int] = []
    for group in 0..<layout.groups {
      for column in 0..<layout.spans {
        let left = layout.groups * layout.spans - (group * layout.spans + column)
        let wanted = layout.keptBlocks - columns.count
        if random.next() % UInt64(left) < UInt64(wanted) { columns.append(column) }
      }
      starts.append(columns.count)
    }
    for (place, word) in (starts + columns).enumerated() {
      for byte in 0..<4 {
        bytes[layout.indices.lowerBound + 4 * place + byte] = UInt8(truncatingIfNeeded: word >> (8 * byte))
      }
    }
  }

  /// Blocks of the last group lie at the end; their rows past M are zeros.
  private func clearRowsPastEnd(_ size: Int, _ bytes: inout [UInt8]) {
    let rowsInLast = layout.rows - (layout.groups - 1) * size
    guard layout.groups > 0, rowsInLast < size else { return }
    func start(_ group: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(bytes[layout.indices.lowerBound + 4 * group + $1]) << (8 * $1) }
    }
    for block in start(layout.groups - 1)..<start(layout.groups) {
      let spanByteCount = layout.format.spanByteCount
      for byte in (block * size + rowsInLast) * spanByteCount..<(block + 1) * size * spanByteCount { bytes[byte] = 0 }
    }
  }
}
