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
    let progress = ProgressBar()
    progress.show("reading")
    let file = try ModelFile(path: file)
    let types = TypeSum.all(of: file)
    progress.clear()
    if json { return try Console.json(FileSummary.json(of: file, types)) }
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
    try Console.report(text)
  }
}

/// How many tensors of a type a file has.
struct TypeSum {
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

/// What `inspect --json` prints; keys sorted but those of the file's own parts.
private enum FileSummary {
  static func json(of file: ModelFile, _ types: [TypeSum]) -> JSONText {
    var text = JSONText()
    text.object { text in
      if case .gguf(_, let alignment) = file.format {
        text.key("alignment")
        text.integer(alignment)
      }
      text.key("file_byte_count")
      text.integer(file.fileByteCount)
      text.key("format")
      if case .gguf = file.format { text.string("gguf") } else { text.string("safetensors") }
      text.key("metadata")
      MetadataList(file.metadata).write(to: &text)
      text.key("path")
      text.string(file.path)
      text.key("tensors")
      text.array { for tensor in file.tensors { write(tensor, to: &$0) } }
      text.key("types")
      text.array { for sum in types { write(sum, to: &$0) } }
      if case .gguf(let version, _) = file.format {
        text.key("version")
        text.integer(version)
      }
    }
    return text
  }

  private static func write(_ tensor: ModelTensor, to text: inout JSONText) {
    text.object {
      $0.key("byte_count")
      $0.integer(tensor.byteCount)
      $0.key("is_supported")
      $0.bool(tensor.encoding != nil)
      $0.key("name")
      $0.string(tensor.name)
      $0.key("shape")
      $0.array { for extent in tensor.shape { $0.integer(extent) } }
      $0.key("type")
      $0.string(tensor.typeName)
    }
  }

  private static func write(_ sum: TypeSum, to text: inout JSONText) {
    text.object {
      $0.key("bytes")
      $0.integer(sum.bytes)
      $0.key("is_supported")
      $0.bool(sum.isSupported)
      $0.key("tensors")
      $0.integer(sum.tensors)
      $0.key("type")
      $0.string(sum.type)
    }
  }
}
