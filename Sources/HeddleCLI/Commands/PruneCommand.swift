import ArgumentParser
import Foundation
import Heddle
import HeddleText

/// Formats of which patterns keep some values.
extension ValueFormat: ExpressibleByArgument {
  public init?(argument: String) {
    guard let format = ValueFormat(name: argument), format.suitsPatterns else { return nil }
    self = format
  }

  public static var allValueStrings: [String] { ValueFormats.ofPatterns.map(\.name) }
}

/// `heddle prune`
struct PruneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Leaves out the smallest weights of a model, in patterns that kernels are fast with.",
    discussion: """
      The matrices of the blocks (attn_q, attn_k, attn_v, attn_output, ffn_gate, ffn_up, ffn_down) are pruned by \
      magnitude; embeddings, norms, biases and the output stay as they are. Nothing is trained afterwards: perplexity \
      rises, see heddle perplexity. OUT takes the place of what is there once it is whole; - is standard output, what is \
      said goes to standard error then.
      """)

  @Argument(help: "The model: a GGUF file, a folder as a model hub has it, or a safetensors file that heddle wrote.")
  var input: String

  @Argument(help: "The safetensors file to write.")
  var output: String

  @OptionGroup var target: PruningTargetOption

  @Option(
    help: """
      How kept values are stored: f32, f16, bf16, int8 or int4. (default: as each tensor is: q4_* as int4, q5_* and q8_0 \
      as int8, others as they are)
      """)
  var values: ValueFormat?

  @Option(
    help: ArgumentHelp(
      "Tensors that stay as they are: * stands for any characters, ? for one. Can be given again.", valueName: "names"),
    transform: Arguments.text)
  var keep: [String] = []

  @Flag(help: "Vector-wise patterns: puts feed-forward channels in an order that keeps more. It costs nothing later.")
  var orderRows = false

  @OptionGroup var device: DeviceOption

  @Flag(help: "Prints JSON.")
  var json = false

  func run() async throws {
    // The files first: a wrong path should not wait for a driver.
    let file = try ModelFile(path: input)
    let destination = try Destination.open(output, besides: file)
    guard ModelConversion.Format(ofFileCalled: output) != .gguf else {
      throw CommandError("\(output): GGUF has no type for sparse matrices; name a file that ends in .safetensors")
    }
    let progress = ProgressBar()
    progress.show("opening the device")
    let backend = try device.backend()
    let choice = try await target.choose(for: file, values: values, on: backend, progress)
    let pruning = try ModelPruning(
      of: file, to: choice.target, values: values, keeping: keep.map { NamePattern($0) }, ordersRows: orderRows)
    let result = try await pruning.write(to: destination, on: backend) {
      progress.show("pruning", done: $0.done, of: $0.total)
    }
    let report = PruneReport(pruning, result, choice, device: backend.deviceName)
    progress.clear()
    if json { return try Console.json(report) }
    try Console.report(report.text)
  }
}

/// `--pattern` or `--ratio`
struct PruningTargetOption: ParsableArguments {
  @Option(
    help: """
      2:4 (N of each M neighbours of a row, M 4, 8 or 16), vw16:32 (the same places for 32 rows; also any other N:M, so \
      16:32), nvw16:32 (nested: a run may use fewer), block32@75 (blocks of 32 × 32, 75 % left out), channels@25 (25 % of \
      the feed-forward channels left out; matrices stay dense).
      """)
  var pattern: PruningTarget?

  @Option(
    help: """
      The share of weights to leave out at least, such as 0.65: takes the pattern that is measured to be the fastest \
      here for one token.
      """)
  var ratio: Double?

  func validate() throws {
    guard (pattern == nil) != (ratio == nil) else {
      throw ValidationError("one of --pattern and --ratio is needed" + (pattern == nil ? "" : "; got both"))
    }
    if let ratio, !(ratio > 0 && ratio < 1) {
      throw ValidationError("--ratio is \(ratio); it must be above 0 and below 1")
    }
  }

  struct Choice: Sendable {
    var target: PruningTarget
    /// What it rests on.
    var measured: PatternReport?
    /// Matrices of the shape that was measured, and of all shapes.
    var matrices = (measured: 0, all: 0)
  }

  func choose(
    for file: ModelFile, values: ValueFormat?, on backend: OpenCLBackend, _ progress: ProgressBar
  ) async throws -> Choice {
    if let pattern { return Choice(target: pattern) }
    guard let ratio else { throw CommandError("one of --pattern and --ratio is needed") }
    let shapes = try ModelPruning.matrixShapes(of: file)
    guard let common = shapes.first else { throw PruningError.noMatrices }
    // Patterns that reach the ratio in every matrix, if there are any: blocks are counted in whole ones.
    let all = SparsityPattern.candidates(ratio: ratio, inputs: common.inputs, outputs: common.outputs)
    let suiting = all.filter { pattern in
      shapes.allSatisfy { (pattern.ratio(inputs: $0.inputs, outputs: $0.outputs) ?? 0) >= ratio }
    }
    let report = try await backend.hardwareAwarePattern(
      ratio: ratio, inputs: common.inputs, outputs: common.outputs,
      values: values ?? ModelPruning.values(for: common.encoding), candidates: suiting.isEmpty ? all : suiting
    ) { progress.show("\($0.phase) patterns", done: $0.done, of: $0.total) }
    guard let pattern = SparsityPattern(name: report.chosen.pattern) else {
      throw CommandError("'\(report.chosen.pattern)' is no pattern")
    }
    return Choice(
      target: .pattern(pattern), measured: report,
      matrices: (common.count, shapes.reduce(0) { $0 + $1.count }))
  }
}

extension PruningTarget: ExpressibleByArgument {
  public init?(argument: String) { self.init(name: argument) }
}
