import Heddle
import HeddleFormats
import Testing

/// Layers in the forms that no tool's fixture has: `pack-quantized` without zero-points, of eight bits, of groups from anywhere.
@Suite struct PackedWeightTests {
  /// 2 outputs, 64 inputs, two groups.
  private static func layer(bits: Int, groups: [Int]? = nil) -> LayerFile {
    let perWord = 32 / bits
    var file = LayerFile()
    file.set(
      "weight_packed", .i32, [2, 64 / perWord],
      words: (0..<2).flatMap { row in
        stride(from: 0, to: 64, by: perWord).map { first in
          (0..<perWord).reduce(UInt32(0)) { $0 | UInt32(level(row, first + $1, bits)) << UInt32(bits * $1) }
        }
      })
    file.set("weight_scale", .f32, [2, 2], words: scales.map(\.bitPattern))
    if let groups { file.set("weight_g_idx", .i32, [64], words: groups.map { UInt32($0) }) }
    return file
  }

  /// Powers of two, which every form of scale holds.
  private static let scales: [Float] = [0.5, 2, 0.25, 8]

  private static func level(_ row: Int, _ column: Int, _ bits: Int) -> Int { (7 * column + 5 * row + 1) % (1 << bits) }

  @Test(arguments: [4, 8], [false, true])
  func `levels count from the middle where nothing else is said`(bits: Int, areSpread: Bool) throws {
    let groups = (0..<64).map { areSpread ? $0 % 2 : $0 / 32 }
    let file = try Self.layer(bits: bits, groups: areSpread ? groups : nil).file()
    let weight = try file.quantizedWeight("l", .packed(bits: bits))
    #expect((weight.inputOrder != nil) == areSpread && weight.tensor.shape == [2, 64])
    let order = weight.inputOrder ?? Array(0..<64)
    let got = try weight.tensor.decoded()
    for row in 0..<2 {
      for (place, column) in order.enumerated() {
        let level = Self.level(row, column, bits) - (1 << (bits - 1))
        let expected = Self.scales[2 * row + groups[column]] * Float(level)
        #expect(got[64 * row + place] == expected, "output \(row), input \(column)")
      }
    }
  }

  @Test func `what is wrong is said`() throws {
    func defect(_ scheme: QuantizationScheme, _ change: (inout LayerFile) -> Void) throws -> QuantizedWeightDefect? {
      var file = Self.layer(bits: 4)
      change(&file)
      do {
        _ = try file.file().quantizedWeight("l", scheme)
        return nil
      } catch let error as QuantizedWeightError {
        return error.defect
      }
    }
    #expect(try defect(.packed(bits: 4)) { _ in } == nil)
    #expect(try defect(.packed(bits: 3)) { _ in } == .unsupportedBits(3))
    let shape = try defect(.packed(bits: 4)) { $0.set("weight_shape", .i32, [2], words: [2, 56]) }
    #expect(shape == .wrongShape(tensor: "l.weight_packed", expected: [[2, 56]], got: [2, 64]))
    let rows = try defect(.int8) { file in
      file = LayerFile.int8
      file.remove("weight_scale")
      file.remove("weight_zero_point")
      file.set("SCB", .f32, [3])
      file.set("weight_format", .u8, [], [1])
    }
    #expect(rows == .unsupportedState(tensor: "l.weight_format", key: "weight_format", expected: "0", got: "1"))
  }
}
