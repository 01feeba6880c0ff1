import Heddle
import TestSupport
import Testing

/// The formats that other tools' weights become: in the oracle and on a device, values equal to the bit those that numpy and
/// ml_dtypes compute, of any levels and any codes of floats (`quantized/make.py`).
@Suite struct BlockFormatTests {
  static let names = Encoding.weights.filter { $0.values.ggufNumber == nil }.map(\.name)

  private static func constants() throws -> ConstantStore {
    try SafetensorsFile(path: TestResources.quantizedFile("formats")).constantStore()
  }

  /// Any NaN is as good as another.
  private static func differing(_ got: [Float], _ expected: [Float]) -> [Int] {
    guard got.count == expected.count else { return [-1] }
    return got.indices.filter { index in
      let (got, expected) = (got[index], expected[index])
      return got.bitPattern != expected.bitPattern && !(got.isNaN && expected.isNaN)
    }
  }

  @Test(arguments: names)
  func `the oracle decodes exactly`(name: String) throws {
    let store = try Self.constants()
    let tensor = try store.tensor(ConstantID(name))
    #expect(tensor.encoding.name == name)
    let expected = try store.tensor(ConstantID("\(name).expected")).floats()
    #expect(Self.differing(try tensor.decoded(), expected) == [])
    #expect(expected.count > 250)
  }

  /// One device is enough: the cases of `encode` compare every device with the oracle.
  @Test(arguments: TestDevices.all.prefix(1), names)
  func `a device decodes exactly`(device: Device, name: String) async throws {
    let store = try Self.constants()
    let builder = GraphBuilder()
    let y = try builder.encode(builder.constant(ConstantID(name), in: store), as: .float32)
    let graph = try builder.build(outputs: ["y": y])
    let session = try await TestBackends.backend(device).compile(graph, constants: store).makeSession([:])
    let got = try #require(try await session.run(RunRequest())["y"])
    #expect(Self.differing(try got.floats(), try store.tensor(ConstantID("\(name).expected")).floats()) == [])
  }

  @Test func `NaN and infinities of floats of eight bits are found`() throws {
    for (encoding, codes) in [
      (Encoding.fp8_e4m3_g32, [0x7F, 0xFF]), (.fp8_e4m3_g128, [0x7F, 0xFF]),
      (.fp8_e5m2_g32, [0x7C, 0x7D, 0x7E, 0x7F, 0xFC, 0xFD, 0xFE, 0xFF]),
    ] {
      for code in 0..<256 {
        var bytes = [UInt8](repeating: 0, count: encoding.blockByteCount)
        bytes[4 + code % encoding.blockSize] = UInt8(code)
        let first = try bytes.withUnsafeBytes { try encoding.firstNotFinite($0, shape: [encoding.blockSize]) }
        #expect((first != nil) == codes.contains(code), "\(encoding) \(code)")
      }
    }
  }
}
