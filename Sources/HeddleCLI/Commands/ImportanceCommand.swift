import ArgumentParser
import Foundation
import Heddle

/// `heddle importance`
struct ImportanceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "importance", abstract: "Measures over a text how much the inputs of a model's matrices count.",
    discussion: """
      Writes the mean squares of the inputs, in the GGUF form of llama.cpp's importance matrices: heddle quantize \
      --importance and llama-quantize --imatrix take it. OUT takes the place of what is there once it is whole; - is standard \
      output, what is said goes to standard error then.
      """)

  @Argument(help: "The model: a GGUF file, a folder as a model hub has it, or a safetensors file that heddle wrote.")
  var model: String

  @Argument(help: "A file with the text, in UTF-8; - for standard input.")
  var text: String

  @Option(
    name: [.customLong("output"), .customShort("o")], help: "The file to write.", transform: Arguments.text)
  var output: String

  @Option(
    name: [.customLong("context"), .customLong("ctx-size"), .customShort("c")],
    help: "The tokens of a window. (default: 512, at most the model's context length)")
  var context: Int?

  @Option(
    name: [.customLong("windows"), .customLong("chunks")],
    help: "The most windows that are run, from the text's start. (default: all)")
  var windows: Int?

  @OptionGroup var device: DeviceOption

  func validate() throws {
    if let context, context < 1 { throw ValidationError("--context is \(context); it must be at least 1") }
    if let windows, windows < 1 { throw ValidationError("--windows is \(windows); it must be at least 1") }
  }

  func run() async throws {
    // The files first: a wrong path should not wait for a driver.
    let file = try ModelFile(path: model)
    let words = try TextFile.read(text)
    let destination = try Destination.open(output, besides: file)
    let progress = ProgressBar()
    progress.show("opening the device")
    let backend = try device.backend()
    let collection = try await ImportanceCollection(
      of: file, text: words, dataset: text == "-" ? "standard input" : text, context: context, windows: windows,
      on: backend
    ) { progress.show($0.stage.rawValue, done: $0.done, of: $0.total) }
    let total = collection.windowCount * collection.context
    let matrix = try await collection.run { progress.show("tokens", done: $0, of: total) }
    progress.clear()
    try destination.write(Data(try matrix.serialized()))
    try Console.report(
      "\(matrix.names.count) matrices over \(total) tokens in \(matrix.chunkCount) windows; \(backend.deviceName)\n")
  }
}
