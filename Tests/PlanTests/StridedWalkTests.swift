import HeddleTypes
import Testing
import _KernelCases

@testable import HeddlePlanning

/// Offsets of every element of a strided layout, in row-major order.
func offsets(_ shape: [Int], _ strides: [Int], from start: Int = 0) -> [Int] {
  guard let extent = shape.first, let stride = strides.first else { return [start] }
  return (0..<extent).flatMap { index in
    offsets(Array(shape.dropFirst()), Array(strides.dropFirst()), from: start + index * stride)
  }
}

func values(_ dimensions: [Dimension], _ bindings: Bindings) throws -> [Int] {
  try dimensions.map { try $0.value(bindings) }
}

@Suite struct StridedWalkTests {
  /// Layouts as graphs make them: row-major parents, then slices, exchanged axes and broadcast axes.
  @Test(arguments: 0..<300) func `collapsing keeps the offset of every element`(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let n = Dimension("n" as Symbol)
    let bindings: Bindings = ["n": Int.random(in: 1...3, using: &random)]
    let rank = Int.random(in: 0...4, using: &random)
    let extents: [Dimension] = [0, 1, 1, 2, 3, n, n * 2]
    let shape = (0..<rank).map { _ in extents.randomElement(using: &random) ?? 1 }
    let operands = (0..<Int.random(in: 1...3, using: &random)).map { _ -> [Dimension] in
      let order = Bool.random(using: &random) ? Array(0..<rank) : Array(0..<rank).shuffled(using: &random)
      var strides = [Dimension](repeating: 0, count: rank)
      var stride: Dimension = 1
      for axis in order.reversed() {
        strides[axis] = stride
        stride = stride * (shape[axis] + (Int.random(in: 0..<4, using: &random) == 0 ? 1 : 0))
      }
      for axis in strides.indices where Int.random(in: 0..<5, using: &random) == 0 { strides[axis] = 0 }
      return strides
    }
    let walk = StridedWalk(shape: shape, strides: operands)
    #expect(walk.shape.count == max(1, walk.shape.count) && walk.shape.count <= max(1, rank))
    #expect(try walk.count.value(bindings) == values(shape, bindings).reduce(1, *))
    for (operand, strides) in operands.enumerated() {
      let collapsed = offsets(try values(walk.shape, bindings), try values(walk.strides[operand], bindings))
      #expect(collapsed == offsets(try values(shape, bindings), try values(strides, bindings)), "\(shape) \(strides)")
    }
  }

  @Test func `equal layouts become one axis`() {
    let n = Dimension("n" as Symbol)
    let strides = TensorView.rowMajorStrides([n, 1, 3, 4])
    #expect(StridedWalk(shape: [n, 1, 3, 4], strides: [strides, strides]).shape == [n * 12])
    #expect(StridedWalk(shape: [2, 3], strides: [[3, 1], [1, 2]]).shape == [2, 3])
    #expect(StridedWalk(shape: [], strides: [[], []]).strides == [[1], [1]])
    let row = StridedWalk(shape: [2, 3, 4], strides: [[12, 4, 1], [0, 4, 1]])
    #expect(row.shape == [2, 12])
    #expect(row.strides == [[12, 1], [0, 1]])
  }
}
