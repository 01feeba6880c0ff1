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
    let note = try note(on: file)
    if let preset {
      let quantization = try ModelQuantization(of: file, to: preset)
      try await QuantizeReport.write(quantization, to: output, on: device, saying: "converting", asJSON: json)
    } else {
      try await write(file)
    }
    if let note { Console.error("note: \(note)\n") }
  }

  /// What to know of a file that is written anew; nil if all is well. A folder that no model can be opened of is refused.
  private func note(on file: ModelFile) throws -> String? {
    let defect: any Error
    do {
      try LanguageModel.requireOpenable(file)
      return LanguageModel.chatTemplateError(in: file).map {
        "conversations with this model will fail: \(ErrorText.line(for: $0))"
      }
    } catch { defect = error }
    if file.format == .folder { throw defect }
    return "Heddle cannot run this model: \(ErrorText.line(for: defect))"
  }

  /// Every tensor in the type that it has.
  private func write(_ file: ModelFile) async throws {
    let format = ModelConversion.Format(ofFileCalled: output) ?? .gguf
    if format == .gguf, let name = ModelConversion.firstWithoutGGUFType(of: file) {
      throw CommandError(
        "\(output): GGUF has no type for '\(name)' as the model has it; give a --type, or name a file that ends in .safetensors"
      )
    }
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
