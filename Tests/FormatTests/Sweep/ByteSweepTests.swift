import HeddleText
import HeddleTypes
import Testing

@testable import HeddleFormats

/// Every byte of many small sound inputs set to other values: each is read or refused, nothing traps.
@Suite struct ByteSweepTests {
  @Test func gguf() throws {
    for (bytes, _) in GGUFBytes.seeds { _ = try GGUFFile(bytes: bytes) }
    expectSound(GGUFBytes.seeds, isSound)
  }

  @Test func safetensors() throws {
    for (bytes, _) in SafetensorsBytes.seeds { _ = try SafetensorsFile(bytes: bytes) }
    let model = try #require(SafetensorsBytes.seeds.last)
    #expect(try ModelFile(bytes: model.bytes).metadata.count == 11)
    expectSound(SafetensorsBytes.seeds, isSound)
  }

  @Test func index() {
    let indexes = [
      CheckpointFolder.seedIndex, #"{"weight_map":{"a":"s-1.safetensors"},"metadata":null}"#,
      #"{"metadata":{"a":-1.5e-3,"b":"\ud83e\uddf5\n","c":false,"d":null},"weight_map":{"é":"é.safetensors"}}"#,
      #"{"weight_map":{"#
        + (0..<12).map { #""model.layers.\#($0).weight":"model-\#($0 % 3).safetensors""# }.joined(separator: ",")
        + #"},"metadata":{"total_size":123456789,"x":true,"y":1e300}}"#,
    ].map { (bytes: Array($0.utf8), free: 0) }
    expectSound(indexes) { bytes in
      bytes.withUnsafeBytes { bytes in
        do throws(SafetensorsError) {
          let index = try SafetensorsIndex(bytes, path: "f", options: SafetensorsReadOptions())
          return index.shards.allSatisfy { $0.hasSuffix(".safetensors") && !$0.contains("/") }
        } catch { return !error.description.isEmpty }
      }
    }
  }

  /// One expectation for all inputs: each would take longer than reading.
  private func expectSound(_ seeds: [(bytes: [UInt8], free: Int)], _ isSound: ([UInt8]) -> Bool) {
    var unsound: [[UInt8]] = []
    let count = ByteSweep.run(seeds) { if !isSound($0) { unsound.append($0) } }
    #expect(unsound.isEmpty, "\(unsound.first ?? [])")
    #expect(ByteSweep.isEnough(count), "\(count)")
  }

  /// Opens the bytes as what they are and uses everything that can be used. Whether tensors lie in the bytes, and errors say
  /// something.
  private func isSound(_ bytes: [UInt8]) -> Bool {
    do throws(ModelFileError) {
      let file = try ModelFile(bytes: bytes)
      var sum = 0
      for key in file.metadata.keys { sum &+= file.metadata[key]?.description.utf8.count ?? 0 }
      for tensor in file.tensors {
        guard tensor.offset + tensor.byteCount <= bytes.count else { return false }
        sum &+= try file.provider(for: tensor.name).withBytes { $0.count }
      }
      sum &+= try file.constantStore().ids.count
      return sum >= 0
    } catch { return !error.description.isEmpty }
  }
}
