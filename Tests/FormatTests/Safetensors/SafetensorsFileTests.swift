import Foundation
import HeddleFormats
import HeddleTypes
import TestSupport
import Testing

@Suite struct SafetensorsFileTests {
  /// A file made by the reference implementation.
  @Test(arguments: [FileStorage.mapped, .copied]) func referenceFile(_ storage: FileStorage) throws {
    let file = try SafetensorsFile(path: TestResources.safetensorsFile, options: .init(storage: storage))
    #expect(file.metadata == ["made by": "safetensors 0.8.0 \"quoted\" \\ \n\té🧵"])
    #expect(file.tensors.map(\.name) == ["scalar", "b", "half", "none", "a é", "flags"])
    #expect(file.tensors.map(\.dtype) == [.i64, .f32, .f16, .f16, .i8, .bool])
    #expect(file.tensors.map(\.shape) == [[], [2, 3], [1, 2], [0, 4], [3], [3]])
    #expect(file.dataOffset == 432 && file.fileByteCount == 474)
    func bytes(_ name: String) throws -> [UInt8] { try file.provider(for: name).withBytes { Array($0) } }
    #expect(try bytes("scalar") == little(Int64(7)))
    #expect(try bytes("b") == [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].flatMap { (value: Float) in little(value.bitPattern) })
    #expect(try bytes("half") == [0, 0x3e, 0, 0xb4])
    #expect(try bytes("none").isEmpty)
    #expect(try bytes("a é") == [1, 254, 3])
    #expect(try bytes("flags") == [1, 0, 1])
    #expect(throws: SafetensorsError.unknownTensor(path: file.path, name: "c")) { try file.provider(for: "c") }
    #expect(file.contains("b") && !file.contains("c"))
  }

  /// Unusual files that are sound.
  @Test func accepted() throws {
    func file(_ header: String, data: Int = 0) throws -> SafetensorsFile {
      try SafetensorsFile(bytes: SafetensorsBytes(header, data: data).bytes)
    }
    #expect(try file("{}").tensors.isEmpty)
    #expect(try file("{}" + String(repeating: " ", count: 1000)).tensors.isEmpty)
    #expect(try file("{\n\t\r }").tensors.isEmpty)
    #expect(try file(#"{"__metadata__":{}}"#).metadata.isEmpty)
    #expect(try file(#"{"":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#, data: 1).info("").byteCount == 1)
    #expect(try file(#"{"x":{"dtype":"F4","shape":[3,2],"data_offsets":[0,3]}}"#, data: 3).info("x").byteCount == 3)
    #expect(
      try file(#"{"x":{"dtype":"F6_E3M2","shape":[4],"data_offsets":[0,3]}}"#, data: 3).info("x").byteCount == 3)
    // The header's order is not the data's.
    let swapped = try file(
      #"{"y":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
      data: 3)
    #expect(swapped.tensors.map(\.name) == ["x", "y"])
    #expect(try swapped.provider(for: "y").withBytes { Array($0) } == [2])
    let escaped = try file(#"{"__metadata__":{"\"\\\/\b\f\n\r\t\u00e9\uD83E\uDDF5":"\u0000"}}"#)
    #expect(escaped.metadata == ["\"\\/\u{8}\u{c}\n\r\té🧵": "\0"])
  }

  @Test func filesThatAreNone() throws {
    #expect(throws: SafetensorsError.file(.notFound(path: "/none.safetensors"))) {
      try SafetensorsFile(path: "/none.safetensors")
    }
    #expect(throws: SafetensorsError.file(.notARegularFile(path: "/dev/zero", kind: "a character device"))) {
      try SafetensorsFile(path: "/dev/zero")
    }
  }

  /// The bytes outlive the file, and are those of its pages.
  @Test func providersKeepTheMapping() throws {
    let provider: any ConstantProvider
    do { provider = try SafetensorsFile(path: TestResources.safetensorsFile).provider(for: "flags") }
    #expect(provider.withBytes { Array($0) } == [1, 0, 1])
  }
}
