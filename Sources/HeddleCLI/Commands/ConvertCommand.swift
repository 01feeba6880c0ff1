import ArgumentParser
import Heddle

/// `heddle convert`
struct ConvertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Writes a model as one GGUF file, or as one safetensors file of Heddle's.",
    discussion: """
      A folder becomes the file that llama.cpp's converter makes of it, with its tokenizer and chat template; parts of a split \
      GGUF file become one. Without --type no value changes. OUT takes the place of what is there once it is whole; - is \
      standard output, what is said goes to standard error then.
      """)

  @Argument(help: "The model: a folder as a model hub has it, a GGUF file, or a safetensors file that heddle wrote.")
  var input: String

  @Argument(help: "The file to write: safetensors if it is called so, else GGUF.")
  var output: String

  @Option(
    name: .customLong("type"),
    help: "The type of matrices, as quantize has it: \(QuantizationPreset.all.map(\.name).joined(separator: ", ")).")
  var preset: QuantizationPreset?

  @OptionGroup var device: DeviceOption

  @Flag(help: "Prints JSON.")
  var json = false

  func run() async throws {
    // The file first: a wrong path should not wait for a driver.
    let file = try ModelFile(path: input)
    guard let preset else { return try await write(file) }
    let quantization = try ModelQuantization(of: file, to: preset)
    try await QuantizeReport.write(
      quantization, to: output, on: device, saying: "converting", asJSON: json)
  }

  /// Every tensor in the type that it has.
  private func write(_ file: ModelFile) async throws {
    let format = ModelConversion.Format(ofFileCalled: output) ?? .gguf
    let destination = try Destination.open(output, besides: file)
    let progress = ProgressBar()
    try await ModelConversion(of: file).write(to: destination, as: format) {
      progress.show("converting", done: $0.done, of: $0.total)
    }
    progress.clear()
    let report = ConvertReport(file, format: format.rawValue)
    if json { return try Console.json(report) }
    try Console.report(report.text)
  }
}

/// What `convert --json` prints of tensors that keep their types, and its line.
private struct ConvertReport: Encodable, Sendable {
  var format: String
  var tensors: Int
  var byteCount: Int

  init(_ file: ModelFile, format: String) {
    self.format = format
    tensors = file.tensors.count
    byteCount = file.tensors.reduce(0) { $0 &+ $1.byteCount }
  }

  var text: String { "\(format): \(tensors) tensors, \(Bytes.text(byteCount))\n" }
}
