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
      those in small letters are Heddle's own, of which OUT is safetensors. Scales are searched for, but for fp8 and nf4, \
      which are so only with --importance. Vectors and norms stay as they are. A value has, with scales: int8-g128 8.13 bits \
      (75 % less than float32 before scales, 74.6 % with them), fp8 8.25, nf4 4.5, int4-g64 4.25, int4-g128 4.13 (87.5 % \
      less before scales, 87.1 % with them); the output stays int8. What rows do not fill gets the type of smaller blocks: \
      int8_g64, fp8_e4m3_g32, int4_g64, q4_0, iq4_nl. OUT takes the place of what is there once it is whole; - is \
      standard output, what is said goes to standard error then.
      """)

  @Argument(
    help:
      "The model: a GGUF file of any types, a folder as a model hub has it, or a safetensors file that heddle wrote.")
  var input: String

  @Argument(help: "The file to write: GGUF, or safetensors if it is called so or has types that GGUF does not have.")
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
    try await QuantizeReport.write(
      quantization, to: output, on: device, saying: "quantizing", asJSON: json)
  }

  /// `NAMES` or `NAMES=TYPE`.
  private static func rule(_ text: String) throws -> ModelQuantization.Rule {
    guard let equals = text.lastIndex(of: "=") else { return .init(NamePattern(text), nil) }
    let type = String(text[text.index(after: equals)...])
    let name = String(type.lowercased().map { $0 == "-" ? "_" : $0 })
    guard let encoding = GGUFTensorType(name: type.uppercased())?.encoding ?? Encoding(name: name) else {
      throw ValidationError("--keep \(text): '\(type)' is no type of tensors that can be made")
    }
    return .init(NamePattern(String(text[..<equals])), encoding)
  }
}
