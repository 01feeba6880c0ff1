import Heddle
import TestSupport
import Testing

/// Weights as AutoGPTQ, AutoAWQ, bitsandbytes and others store them decode to what these make of them (`quantized/make.py`).
@Suite struct QuantizedWeightTests {
  private static let sound: [(layer: String, scheme: QuantizationScheme, encoding: Encoding)] = [
    ("gptq.g32", .gptq(bits: 4, groupSize: 32, .version1), .uint4_g32),
    ("gptq.g32.symmetric", .gptq(bits: 4, groupSize: 32, .version1), .q4_0),
    ("gptq.g64.symmetric", .gptq(bits: 4, groupSize: 64, .version1), .int4_g64),
    ("gptq.g128.symmetric", .gptq(bits: 4, groupSize: 128, .version1), .int4_g128),
    ("gptq.version2", .gptq(bits: 4, groupSize: 64, .version2), .uint4_g64),
    ("gptq.channel", .gptq(bits: 4, groupSize: nil, .version1), .uint4_g128),
    ("gptq.bf16", .gptq(bits: 4, groupSize: 32, .version1), .uint4_g32),
    ("gptq.8bit", .gptq(bits: 8, groupSize: 32, .version1), .uint8_g32),
    ("gptq.8bit.symmetric", .gptq(bits: 8, groupSize: 64, .version1), .int8_g64),
    ("gptq.ordered", .gptq(bits: 4, groupSize: 32, .version1), .uint4_g32),
    ("gptq.blocks", .gptq(bits: 4, groupSize: 32, .version1), .q4_0),
    ("awq.g32", .awq(groupSize: 32), .uint4_g32),
    ("awq.g128", .awq(groupSize: nil), .uint4_g128),
    ("awq.symmetric", .awq(groupSize: 64), .int4_g64),
    ("fp8.tensor", .fp8(block: nil), .fp8_e4m3_g128),
    ("fp8.row", .fp8(block: nil), .fp8_e4m3_g32),
    ("fp8.1x128", .fp8(block: .init(rows: 1, columns: 128)), .fp8_e4m3_g128),
    ("fp8.32x32", .fp8(block: .init(rows: 32, columns: 32)), .fp8_e4m3_g32),
    ("fp8.128x128", .fp8(block: nil), .fp8_e4m3_g32),
    ("fp8.e5m2", .fp8(block: nil), .fp8_e5m2_g32),
    ("int8.row", .int8, .uint8_g128),
    ("int8.tensor", .int8, .int8_g128),
    ("int8.groups", .int8, .uint8_g32),
    ("nf4.plain", .nf4, .nf4),
    ("nf4.nested", .nf4, .nf4),
    ("nf4.wide", .nf4, .nf4),
  ]

  private static let file = Result { try SafetensorsFile(path: TestResources.quantizedFile("weights")) }

  @Test(arguments: sound)
  func `values are the other tool's`(layer: String, scheme: QuantizationScheme, encoding: Encoding) throws {
    let file = try Self.file.get()
    let weight = try file.quantizedWeight(layer, scheme)
    #expect(weight.tensor.encoding == encoding)
    let info = try file.info("\(layer).expected")
    let expected = try file.provider(for: info.name).withBytes { Array($0.bindMemory(to: Float.self)) }
    let columns = try #require(info.shape.last)
    #expect(weight.tensor.shape.last == columns)
    var got = try weight.tensor.decoded()
    if let order = weight.inputOrder {
      #expect(order.sorted() == Array(0..<columns))
      let sorted = got
      for (place, _) in sorted.enumerated() {
        got[place - place % columns + order[place % columns]] = sorted[place]
      }
    }
    // Of large weights the file has the last rows.
    let differing = zip(got.suffix(expected.count), expected).enumerated().filter { _, pair in
      pair.0.bitPattern != pair.1.bitPattern && !(pair.0.isNaN && pair.1.isNaN)
    }
    #expect(
      differing.isEmpty && got.count >= expected.count && !expected.isEmpty, "\(differing.first.debugDescription)")
  }

  @Test func `only groups from anywhere sort the inputs`() throws {
    for (layer, scheme, _) in Self.sound {
      let weight = try Self.file.get().quantizedWeight(layer, scheme)
      #expect((weight.inputOrder != nil) == (layer == "gptq.ordered"), "\(layer)")
    }
  }

  @Test func `a checkpoint is read as its file is`() throws {
    let checkpoint = try SafetensorsCheckpoint(path: TestResources.quantizedFile("weights"))
    let scheme = QuantizationScheme.awq(groupSize: 32)
    #expect(try checkpoint.quantizedWeight("awq.g32", scheme) == Self.file.get().quantizedWeight("awq.g32", scheme))
  }
}
