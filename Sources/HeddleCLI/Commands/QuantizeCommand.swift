import ArgumentParser
import Foundation
import Heddle
import HeddleText

extension QuantizationPreset: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }

  public static var allValueStrings: [String] { all.map(\.name) }
}

/// `heddle quantize`
struct QuantizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize", abstract: "Stores a model's matrices with fewer bits.",
    discussion: """
      Types and mixes of them are called as llama.cpp calls them, and give each tensor the type that llama-quantize gives it; \
      scales are searched for. Vectors and norms stay as they are. OUT takes the place of what is there once it is whole; - is \
      standard output, what is said goes to standard error then.
      """)

  @Argument(help: "The model: a GGUF file of any types, or a safetensors file that heddle wrote.")
  var input: String

  @Argument(help: "The GGUF file to write.")
  var output: String

  @Option(
    name: .customLong("type"),
    help: "\(QuantizationPreset.all.map(\.name).joined(separator: ", ")).")
  var preset: QuantizationPreset

  @Option(
    help: ArgumentHelp(
      """
      Tensors that get another type, or with no type stay as they are: * stands for any characters, ? for one. Can be given \
      again; the first that matches counts.
      """, valueName: "names[=type]"), transform: Arguments.text)
  var keep: [String] = []

  @Option(
    help: "An importance matrix, as heddle importance or llama-imatrix write it: what errors of a column count.",
    transform: Arguments.text)
  var importance: String?

  @OptionGroup var device: DeviceOption

  @Flag(help: "Prints JSON.")
  var json = false

  func run() async throws {
    let rules = try keep.map(Self.rule)
    // The files first: a wrong path should not wait for a driver.
    let file = try ModelFile(path: input)
    let matrix = try importance.map { try ImportanceMatrix(path: $0) }
    let quantization = try ModelQuantization(of: file, to: preset, importance: matrix, rules: rules)
    let destination = try Destination.open(output, besides: input)
    let progress = ProgressBar()
    progress.show("opening the device")
    let backend = try device.backend()
    let result = try await quantization.write(to: destination, on: backend) {
      progress.show("quantizing", done: $0.done, of: $0.total)
    }
    progress.clear()
    let report = QuantizeReport(quantization, result, device: backend.deviceName)
    if json { return try Console.json(report) }
    try Console.report(report.text)
  }

  /// `NAMES` or `NAMES=TYPE`.
  private static func rule(_ text: String) throws -> ModelQuantization.Rule {
    guard let equals = text.lastIndex(of: "=") else { return .init(NamePattern(text), nil) }
    let type = String(text[text.index(after: equals)...])
    guard let encoding = GGUFTensorType(name: type.uppercased())?.encoding else {
      throw ValidationError("--keep \(text): '\(type)' is no type of tensors that can be made")
    }
    return .init(NamePattern(String(text[..<equals])), encoding)
  }
}
