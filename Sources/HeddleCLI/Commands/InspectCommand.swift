import ArgumentParser
import Foundation
import Heddle

/// `heddle inspect`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Lists a GGUF file's metadata and tensors.")

  @Argument(help: "A GGUF file.")
  var file: String

  @Flag(help: "Prints JSON.")
  var json = false

  func run() throws {
    let file = try GGUFFile(path: file)
    let types = TypeSum.all(of: file)
    if json { return try Console.json(FileSummary(file, types)) }
    var text = "\(file.path): GGUF version \(file.version), \(Bytes.text(file.fileByteCount))\n"
    text += "\nmetadata (\(file.metadata.count))\n"
    for key in file.metadata.keys {
      guard let value = file.metadata[key] else { continue }
      text += "  \(Printable.text(key)) = \(value) (\(value.typeName))\n"
    }
    text += "\ntensors (\(file.tensors.count))\n"
    for tensor in file.tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ", ")
      let note = tensor.type.encoding == nil ? "  (type not supported)" : ""
      text += "  \(Printable.text(tensor.name)) \(tensor.type)[\(shape)] \(tensor.byteCount) bytes\(note)\n"
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
  static func all(of file: GGUFFile) -> [TypeSum] {
    Dictionary(grouping: file.tensors, by: \.type).map { type, tensors in
      TypeSum(
        type: type.name, tensors: tensors.count, bytes: tensors.reduce(0) { $0 + $1.byteCount },
        isSupported: type.encoding != nil)
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
  var version: UInt32
  var fileByteCount: Int
  var alignment: Int
  var metadata: MetadataList
  var tensors: [Entry]
  var types: [TypeSum]

  init(_ file: GGUFFile, _ types: [TypeSum]) {
    path = file.path
    version = file.version
    fileByteCount = file.fileByteCount
    alignment = file.alignment
    metadata = MetadataList(file.metadata)
    tensors = file.tensors.map {
      Entry(
        name: $0.name, type: $0.type.name, shape: $0.shape, byteCount: $0.byteCount,
        isSupported: $0.type.encoding != nil)
    }
    self.types = types
  }
}
