import HeddleGraph
import HeddleReference
import Testing
import _KernelCases

@Suite struct SparseTests {
  static let patterns = [
    "1:4", "2:4", "1:8", "2:8", "4:8", "2:16", "4:16", "8:16", "vw16:32", "vw11:32", "vw5:7", "vw1:1", "vw64:64",
    "nvw16:32", "nvw3:8", "block16@50", "block32@75", "block48@10", "block64@0", "block32@100",
  ]

  static func formats() throws -> [SparseFormat] {
    try patterns.flatMap { name in
      try ValueFormats.ofPatterns.map { try #require(SparseFormat(name: "\(name)-\($0.name)")) }
    }
  }

  /// What is kept comes back within a step of its values' format, what is not is +0, and as many are kept as the pattern
  /// says.
  @Test(arguments: try formats()) func `what is kept comes back`(format: SparseFormat) throws {
    #expect(Encoding(name: format.name) == .sparse(format))
    var random = SplitMix64(seed: 7)
    let span = format.pattern.span
    for rows in [0, 1, 31, 33, 64, 97] {
      let inputs = 3 * span
      let values = (0..<rows * inputs).map { _ in
        Float.random(in: 1...2, using: &random) * (Bool.random(using: &random) ? 1 : -1)
      }
      let tensor = try Tensor(values, as: .sparse(format), shape: [rows, inputs])
      let back = try tensor.decoded()
      let kept = back.filter { $0 != 0 }.count
      let expected: Int
      if case .block(let side, _) = format.pattern.kind {
        let layout = try SparseLayout(format, shape: [rows, inputs])
        let starts = (0...layout.groups).map { group in
          tensor.bytes[layout.indices].dropFirst(4 * group).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        #expect(starts.last == layout.keptBlocks)
        // Blocks that reach past the last row keep fewer values.
        expected = (0..<layout.groups).reduce(0) { sum, group in
          sum + (starts[group + 1] - starts[group]) * min(side, rows - group * side) * side
        }
      } else {
        expected = rows * 3 * format.pattern.keptPerSpan
      }
      #expect(kept == expected)
      let step: Float =
        switch format.values {
        case .float32: 0
        case .float16: 0x1p-11
        case .bfloat16: 0x1p-8
        case .int8: 0.51 / 127
        default: 1.01 / 8
        }
      for (value, got) in zip(values, back) { #expect(got == 0 || abs(got - value) <= step * 2) }
    }
  }
}
