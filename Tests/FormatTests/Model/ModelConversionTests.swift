import Foundation
import HeddleFormats
import HeddleTypes
import TestSupport
import Testing

/// From GGUF to safetensors and back to the library's view of a model.
@Suite struct ModelConversionTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "heddle-models-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  private static let values: [GGUFValue] = [
    .uint8(.max), .int8(.min), .uint16(.max), .int16(.min), .uint32(.max), .int32(.min), .uint64(.max), .int64(.min),
    .float32(-0.0), .float32(0.1), .float32(.infinity), .float32(.leastNonzeroMagnitude), .float64(-0.0),
    .float64(.pi), .float64(-.infinity), .bool(true), .bool(false), .string(""), .string("Ġ\"\\\0\n\u{1f}🧵"),
    .array(.uint8([0, .max])), .array(.int8([.min, .max])), .array(.uint16([.max])), .array(.int16([.min])),
    .array(.uint32([.max])), .array(.int32([.min])), .array(.uint64([0, .max])), .array(.int64([.min, .max])),
    .array(.float32([0.5, -1])), .array(.float64([.pi])), .array(.bool([true, false])),
    .array(.string(["", "a\"b", "é"])), .array(.string([])), .array(.uint8([])), .array(.float64([])),
  ]

  private func source() throws -> ModelFile {
    var writer = GGUFWriter()
    for (index, value) in Self.values.enumerated() { try writer.set("z\(Self.values.count - index) \"é\n", value) }
    try writer.set("nan", .array(.float32([Float(bitPattern: 0x7fa0_0001), Float(bitPattern: 0xffc0_1234)])))
    try writer.set("wide nan", .float64(Double(bitPattern: 0x7ff4_0000_0000_0001)))
    for encoding in Encoding.weights {
      // Encodings with no GGUF type are tested by replacing.
      guard let type = GGUFTensorType(encoding) else { continue }
      let count = try encoding.byteCount(shape: [3, 256])
      try writer.add("t \(encoding.name)", type: type, shape: [3, 256], bytes: (0..<count).map { UInt8($0 % 251) })
    }
    try writer.add("ids", Tensor([1, -2] as [Int32], shape: [2, 1]))
    try writer.add("empty", type: .q4_0, shape: [0, 32], bytes: [])
    return try ModelFile(bytes: writer.serialized(), name: "source.gguf")
  }

  @Test func unchanged() async throws {
    let source = try source()
    let path = path("unchanged.gguf")  // the name says nothing
    var steps: [ModelConversion.Progress] = []
    try await ModelConversion(of: source).write(to: path) { steps.append($0) }
    let file = try ModelFile(path: path)
    #expect(file.format == .safetensors && source.format == .gguf(version: 3, alignment: 32))
    #expect(file.metadata.keys == source.metadata.keys)
    for key in source.metadata.keys where !key.contains("nan") { #expect(file.metadata[key] == source.metadata[key]) }
    guard case .array(.float32(let floats)) = file.metadata["nan"], case .float64(let wide) = file.metadata["wide nan"]
    else {
      Issue.record("no NaN")
      return
    }
    #expect(floats.map(\.bitPattern) == [0x7fa0_0001, 0xffc0_1234])
    #expect(wide.bitPattern == 0x7ff4_0000_0000_0001)
    #expect(Set(file.tensors.map(\.name)) == Set(source.tensors.map(\.name)))
    #expect(file.tensors.count == source.tensors.count && source.tensors.count >= 10)
    for tensor in source.tensors {
      #expect(try file.tensor(named: tensor.name) == source.tensor(named: tensor.name))
      #expect(try file.encoding(of: tensor.name) == tensor.encoding)
    }
    #expect(try file.info("t f32").typeName == "F32" && file.info("t q4_1").typeName == "q4_1")
    #expect(steps.map(\.done) == Array(0..<source.tensors.count))
    #expect(steps.map(\.tensor) == file.tensors.map(\.name) && steps.last?.total == source.tensors.count)
    // A file can be made from itself, in its own place.
    try await ModelConversion(of: file).write(to: path)
    #expect(try ModelFile(path: path).tensor(named: "t q8_0") == source.tensor(named: "t q8_0"))
    let raw = try SafetensorsFile(path: path)
    #expect(try raw.info("t q4_1").dtype == .u8 && raw.info("t q4_1").shape == [3 * 8 * 20])
    #expect(try raw.info("t bf16").dtype == .bf16 && raw.info("ids").shape == [2, 1])
    #expect(raw.metadata["heddle.version"] == "1")
  }

  @Test func replaced() async throws {
    let source = try source()
    let path = path("replaced.safetensors")
    var conversion = ModelConversion(of: source)
    let values = try Tensor([Float](repeating: 1.5, count: 768), shape: [3, 256])
    try conversion.replace("t q8_0", with: .float32) { stored in
      #expect(stored.withBytes { $0.count } == 3 * 8 * 34)
      return values
    }
    try conversion.replace("t f32", with: .q4_0) { _ in
      try Tensor(encoding: .q4_0, shape: [3, 256], bytes: [UInt8](repeating: 5, count: 432))
    }
    try await conversion.write(to: path)
    let file = try ModelFile(path: path)
    #expect(try file.tensor(named: "t q8_0") == values)
    #expect(try file.tensor(named: "t f32").encoding == .q4_0)
    #expect(try file.tensor(named: "t f32").bytes == [UInt8](repeating: 5, count: 432))
    #expect(try file.tensor(named: "t q4_1") == source.tensor(named: "t q4_1"))
  }

  /// A description that is no UTF-8 is written as well as can be; what a model needs is not guessed.
  @Test func textThatIsNoUTF8() async throws {
    let bad = string([0x61, 0xff])
    let path = path("text.safetensors")
    let described = GGUFBytes.metadata(entry("general.description", .string, bad))
    try await ModelConversion(of: ModelFile(bytes: described)).write(to: path)
    #expect(try ModelFile(path: path).metadata.string("general.description") == "a\u{FFFD}")
    let tokens = GGUFBytes.metadata(array("tokenizer.ggml.tokens", .string, 1, bad))
    await #expect(throws: ModelFileError.self) {
      try await ModelConversion(of: ModelFile(bytes: tokens)).write(to: path)
    }
    let part = GGUFBytes.metadata(entry("split.count", .uint16, little(UInt16(2))))
    await #expect(throws: ModelFileError.gguf(.splitPart(path: "part", number: 0, count: 2))) {
      try await ModelConversion(of: ModelFile(bytes: part, name: "part")).write(to: path)
    }
  }

  @Test func refused() async throws {
    var conversion = ModelConversion(of: try source())
    #expect(throws: ModelFileError.unknownTensor(path: "source.gguf", name: "none")) {
      try conversion.replace("none", with: .float32) { $0 }
    }
    #expect(
      throws: ModelFileError.notStorable(path: "source.gguf", tensor: "ids", .rowNotInBlocks(.q4_0, 1))
    ) { try conversion.replace("ids", with: .q4_0) { $0 } }
    try conversion.replace("t q8_0", with: .q4_0) { $0 }
    let path = path("refused.safetensors")
    let wrongCount = conversion
    await #expect(throws: SafetensorsError.self) { try await wrongCount.write(to: path) }
    var writer = GGUFWriter()
    try writer.add("k", type: .q8_1, shape: [256], bytes: [UInt8](repeating: 0, count: 288))
    let unsupported = ModelConversion(of: try ModelFile(bytes: writer.serialized(), name: "q8"))
    await #expect(throws: ModelFileError.unsupportedType(path: "q8", tensor: "k", type: "Q8_1")) {
      try await unsupported.write(to: path)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
