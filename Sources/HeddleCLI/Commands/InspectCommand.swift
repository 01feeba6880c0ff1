import ArgumentParser
import Foundation
import Heddle
import HeddleText

/// `heddle inspect`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Lists a model file's metadata and tensors.")

  @Argument(help: "A GGUF file, or a safetensors file that heddle wrote.")
  var file: String

  @Flag(help: "Prints JSON.")
  var json = false

  func run() throws {
    let file = try ModelFile(path: file)
    let types = TypeSum.all(of: file)
    if json { return try Console.json(FileSummary(file, types)) }
    var text = "\(file.path): \(file.format), \(Bytes.text(file.fileByteCount))\n"
    text += "\nmetadata (\(file.metadata.count))\n"
    for key in file.metadata.keys {
      guard let value = file.metadata[key] else { continue }
      text += "  \(Printable.text(key)) = \(value) (\(value.typeName))\n"
    }
    text += "\ntensors (\(file.tensors.count))\n"
    for tensor in file.tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ", ")
      let note = tensor.encoding == nil ? "  (type not supported)" : ""
      text += "  \(Printable.text(tensor.name)) \(tensor.typeName)[\(shape)] \(tensor.byteCount) bytes\(note)\n"
    }
    text += "\ntypes\n"
    for sum in types {
      text += "  \(sum.type): \(sum.tensors) tensors, \(sum.bytes) bytes\(sum.isSupported ? "" : " (not supported)")\n"
    }
    try Console.output(text)
  }
}

/// How many tensors of a type a file has.
struct TypeSum: Encodable {
  var type: String
  var tensors: Int
  var bytes: Int
  var isSupported: Bool

  /// The type with the most bytes first.
  static func all(of file: ModelFile) -> [TypeSum] {
    Dictionary(grouping: file.tensors, by: \.typeName).map { type, tensors in
      TypeSum(
        type: type, tensors: tensors.count, bytes: tensors.reduce(0) { $0 + $1.byteCount },
        isSupported: tensors.allSatisfy { $0.encoding != nil })
    }
    .sorted { ($1.bytes, $0.type) < ($0.bytes, $1.type) }
  }
}

/// What `inspect --json` prints.
private struct FileSummary: Encodable {
  struct Entry: Encodable {
    var name: String
    var type: String
    var shape: [Int]
    var byteCount: Int
    var isSupported: Bool
  }

  var path: String
  var format: String
  /// Of GGUF files.
  var version: UInt32?
  var alignment: Int?
  var fileByteCount: Int
  var metadata: MetadataList
  var tensors: [Entry]
  var types: [TypeSum]

  init(_ file: ModelFile, _ types: [TypeSum]) {
    path = file.path
    fileByteCount = file.fileByteCount
    switch file.format {
    case .gguf(let version, let alignment):
      (self.format, self.version, self.alignment) = ("gguf", version, alignment)
    case .safetensors: format = "safetensors"
    }
    metadata = MetadataList(file.metadata)
    tensors = file.tensors.map {
      Entry(
        name: $0.name, type: $0.typeName, shape: $0.shape, byteCount: $0.byteCount,
        isSupported: $0.encoding != nil)
    }
    self.types = types
  }
}
