import HeddleTypes
import Testing
import _KernelCases

@testable import HeddlePlanning

@Suite struct ViewTests {
  private let n = Dimension("n" as Symbol)

  private func view(_ shape: [Dimension], _ strides: [Dimension]? = nil) -> TensorView {
    TensorView(buffer: .input("x"), strides: strides, type: TensorType(.float32, shape))
  }

  /// All strides that show these offsets under `shape`, if there are any: the axes are independent, so the offset of
  /// each unit step tells its stride.
  private func canShow(_ offsets: [Int], as shape: [Int]) -> Bool {
    guard let first = offsets.first else { return true }
    var block = offsets.count
    var strides: [Int] = []
    for extent in shape {
      block /= max(extent, 1)
      strides.append(extent > 1 ? offsets[block] - first : 0)
    }
    return PlanTests.offsets(shape, strides, from: first) == offsets
  }

  @Test(arguments: 0..<400) func `a reshape without a copy shows every element where it was`(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let leading: Dimension = Bool.random(using: &random) ? n : 3
    let bindings: Bindings = ["n": Int.random(in: 1...4, using: &random)]
    // One list of factors cut in two ways.
    let count = Int.random(in: 1...4, using: &random)
    let factors = (0..<count).map { _ in [1, 2, 2, 3].randomElement(using: &random) ?? 1 }
    func cut(_ random: inout SplitMix64) -> [Dimension] {
      var shape: [Dimension] = [leading]
      for factor in factors {
        if Bool.random(using: &random) { shape.append(1) }
        if shape.count > 1, Bool.random(using: &random) {
          shape[shape.count - 1] = shape[shape.count - 1] * Dimension(factor)
        } else {
          shape.append(Dimension(factor))
        }
      }
      return shape
    }
    let (old, new) = (cut(&random), cut(&random))
    var order = Array(old.indices)
    if Bool.random(using: &random) { order.shuffle(using: &random) }
    var strides = [Dimension](repeating: 0, count: old.count)
    var stride: Dimension = 1
    for axis in order.reversed() {
      strides[axis] = stride
      stride = stride * (old[axis] + (Int.random(in: 0..<5, using: &random) == 0 ? 2 : 0))
    }
    let before = offsets(try values(old, bindings), try values(strides, bindings))
    if let found = ReshapeLowering.reshapedStrides(view(old, strides), to: new) {
      #expect(offsets(try values(new, bindings), try values(found, bindings)) == before, "\(old) \(strides) → \(new)")
    } else {
      // Refusing is right if no strides do it for some binding.
      let possible = try (2...4).allSatisfy { n in
        let offsets = offsets(try values(old, ["n": n]), try values(strides, ["n": n]))
        return canShow(offsets, as: try values(new, ["n": n]))
      }
      #expect(!possible, "\(old) \(strides) → \(new)")
    }
  }

  @Test func `reshapes that models use need no copy`() {
    #expect(ReshapeLowering.reshapedStrides(view([n, 12]), to: [n, 3, 4]) == [12, 4, 1])
    // A slice of a merged projection, seen as heads.
    #expect(ReshapeLowering.reshapedStrides(view([n, 12], [36, 1]), to: [n, 3, 4]) == [36, 4, 1])
    #expect(ReshapeLowering.reshapedStrides(view([n, 3, 4], [36, 4, 1]), to: [n, 12]) == [36, 1])
    #expect(ReshapeLowering.reshapedStrides(view([n, 12], [36, 1]), to: [1, n, 12, 1])?[1] == 36)
    #expect(ReshapeLowering.reshapedStrides(view([3, n, 4], [4, 12, 1]), to: [3, n * 4]) == nil)
    #expect(ReshapeLowering.reshapedStrides(view([2, 3], [1, 2]), to: [6]) == nil)
    #expect(ReshapeLowering.reshapedStrides(view([2, 0]), to: [0, 7]) != nil)
    #expect(ReshapeLowering.reshapedStrides(view([], []), to: [1, 1]) != nil)
  }

  @Test func `collapsing axes`() throws {
    let rows = try #require(view([n, 3, 4]).collapsing(0, through: 1))
    #expect(rows.type.shape == [n * 3, 4])
    #expect(rows.strides == [4, 1])
    #expect(view([n, 3, 4], [24, 4, 1]).collapsing(0, through: 1) == nil)
    #expect(view([n, 1, 4], [24, 5, 1]).collapsing(0, through: 1)?.strides == [24, 1])
    #expect(view([1, n, 4], [5, 24, 1]).collapsing(0, through: 1)?.strides == [24, 1])
    #expect(view([n, 4]).collapsing(1, through: 0) == nil)
    #expect(view([n, 4]).collapsing(0, through: 0) == view([n, 4]))
    #expect(view([2, 3, 4]).collapsing(0, through: 2)?.strides == [1])
  }

  @Test func `contiguity ignores axes of extent 1`() {
    #expect(view([n, 1, 4], [4, 99, 1]).isContiguous)
    #expect(!view([n, 2, 4], [4, 99, 1]).isContiguous)
    #expect(view([n, 1], [7, 3]).hasContiguousRows)
    #expect(!view([n, 2], [7, 3]).hasContiguousRows)
  }
}
