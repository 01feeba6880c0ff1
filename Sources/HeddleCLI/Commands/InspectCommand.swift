import ArgumentParser
import Foundation
import Heddle
import HeddleText

/// `heddle inspect`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Lists the metadata and tensors of a model's file, or of its shards.")

  @Argument(
    help: "A GGUF file, a safetensors file, the index of a checkpoint in shards, or a folder with one of these two.")
  var path: String

  @Flag(help: "Prints JSON.")
  var json = false

  @Flag(help: "Follows symbolic links beside an index and in a folder, as Hugging Face's cache has them.")
  var followLinks = false

  func run() throws {
    let progress = ProgressBar()
    progress.show("reading")
    var options = SafetensorsReadOptions()
    options.followsLinks = followLinks
    let file = try InspectedFile(path: path, options: options)
    let tensors = try file.tensors()
    progress.clear()
    for note in file.notes { Console.error("note: \(note)\n") }
    if json { return try Console.json(InspectJSON.json(of: file, tensors)) }
    try Console.report(InspectText(file, tensors).text)
  }
}

/// How many tensors of a type there are.
struct TypeSum {
  var type: String
  var tensors: Int
  var bytes: Int
  var isSupported: Bool

  /// The type with the most bytes first.
  static func all(of tensors: [InspectedFile.Tensor]) -> [TypeSum] {
    Dictionary(grouping: tensors.lazy.map(\.tensor), by: \.typeName).map { type, tensors in
      TypeSum(
        type: type, tensors: tensors.count, bytes: tensors.reduce(0) { $0 + $1.byteCount },
        isSupported: tensors.allSatisfy { $0.encoding != nil })
    }
    .sorted { ($1.bytes, $0.type) < ($0.bytes, $1.type) }
  }
}
