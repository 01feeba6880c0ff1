import Foundation
import HeddleFormats
import HeddleTypes
import Testing

/// GGUF models in several files: any of them opens all, and they must agree.
@Suite struct SplitFileTests {
  /// A folder of two parts of a model of three tensors.
  private func folder(
    numbers: [UInt16] = [0, 1], count: UInt16 = 2, total: Int32 = 3, second: [String] = ["c"]
  ) throws -> CheckpointFolder {
    let folder = try CheckpointFolder()
    for (place, names) in [["a", "b"], second].enumerated() {
      var writer = GGUFWriter()
      if place == 0 {
        try writer.set("general.architecture", .string("llama"))
        try writer.set("split.tensors.count", .int32(total))
      }
      try writer.set("split.no", .uint16(numbers[place]))
      try writer.set("split.count", .uint16(count))
      for name in names { try writer.add(name, Tensor([Float(place)], shape: [1])) }
      try folder.write("m-0000\(place + 1)-of-00002.gguf", writer.serialized())
    }
    return folder
  }

  private func error(_ path: String) -> ModelFileError? {
    do {
      _ = try ModelFile(path: path)
      return nil
    } catch { return error }
  }

  @Test func anyPartOpensAll() throws {
    let folder = try folder()
    for name in ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"] {
      let file = try ModelFile(path: folder.file(name))
      #expect(file.tensors.map(\.name) == ["a", "b", "c"])
      #expect(try file.tensor(named: "c").floats() == [1] && file.tensor(named: "b").floats() == [0])
      #expect(file.metadata.keys == ["general.architecture"])
      #expect(file.path == folder.file(name) && file.fileByteCount > 2 * 32)
    }
  }

  @Test func partsThatDoNotAgree() throws {
    var folder = try folder()
    let (first, second) = (folder.file("m-00001-of-00002.gguf"), folder.file("m-00002-of-00002.gguf"))
    try FileManager.default.removeItem(atPath: second)
    #expect(error(first) == .split(path: second, .missing(number: 1, count: 2)))
    try FileManager.default.moveItem(atPath: first, toPath: folder.file("m.gguf"))
    #expect(
      error(folder.file("m.gguf"))
        == .split(
          path: folder.file("m.gguf"), .name(number: 0, count: 2, expected: "-00001-of-00002.gguf")))
    folder = try self.folder(numbers: [0, 0])
    #expect(
      error(folder.file("m-00001-of-00002.gguf"))
        == .split(
          path: folder.file("m-00002-of-00002.gguf"), .part(number: 1, count: 2, foundNumber: 0, foundCount: 2)))
    folder = try self.folder(second: ["b"])
    #expect(
      error(folder.file("m-00001-of-00002.gguf"))
        == .split(
          path: folder.file("m-00002-of-00002.gguf"),
          .duplicateTensor("b", other: folder.file("m-00001-of-00002.gguf"))))
    folder = try self.folder(total: 4)
    #expect(
      error(folder.file("m-00001-of-00002.gguf"))
        == .split(path: folder.file("m-00001-of-00002.gguf"), .tensorCount(expected: 4, found: 3)))
  }

  @Test func aPartAloneCanBeListed() throws {
    let folder = try folder()
    let file = ModelFile(try GGUFFile(path: folder.file("m-00002-of-00002.gguf")))
    #expect(file.tensors.map(\.name) == ["c"] && file.metadata["split.no"] == .uint16(1))
  }
}
