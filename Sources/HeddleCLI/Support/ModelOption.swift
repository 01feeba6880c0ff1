import ArgumentParser
import Heddle

extension ActivationPrecision: ExpressibleByArgument {}
extension CachePrecision: ExpressibleByArgument {}

/// `--model`, `--chunk`, `--activations`, `--cache`, `--expert-memory`, `--tuning`, `--numerics` and `--taping`, and opening what they name.
struct ModelOption: ParsableArguments {
  @Option(
    name: [.customLong("model"), .customShort("m")],
    help: "A model: a GGUF file, a folder as a model hub has it, or a safetensors file that heddle wrote.",
    transform: Arguments.text)
  var model: String

  @Option(
    help:
      "The most tokens in one step; the results do not depend on it. (default: 512; where all logits are wanted: 64)")
  var chunk: Int?

  @Option(
    help: """
      exact: quantized weights multiply activations as they are. int8: activations are quantized to eight bits as they come, \
      which is faster.
      """)
  var activations = ActivationPrecision.exact

  @Option(
    help: """
      How keys and values are kept: f16 and bf16 round them and take half the memory, q8_0 about a quarter, of heads of whole 32 \
      values; they are faster behind long contexts where the processor converts them.
      """)
  var cache = CachePrecision.f32

  @Option(
    help: ArgumentHelp(
      """
      The most memory for a model's experts, such as 500MB or 6GiB; the others stay in the file and are fetched when they \
      are needed, which is slower and gives the same results. (default: room for all)
      """, valueName: "size"))
  var expertMemory: ByteCount?

  @OptionGroup var tuning: TuningOption
  @OptionGroup var numerics: NumericsOption
  @OptionGroup var taping: TapingOption

  func validate() throws {
    if model.isEmpty { throw ValidationError("--model is empty; it must be a file or a folder") }
    if let chunk, !ModelOptions.chunkRange.contains(chunk) {
      let range = ModelOptions.chunkRange
      throw ValidationError("--chunk is \(chunk); it must be in \(range.lowerBound)...\(range.upperBound)")
    }
  }

  /// The file first: a wrong path should not wait for a driver, nor for what else is opened.
  func file() throws -> OpenedFile {
    ProgressBar().show("loading")
    let start = ContinuousClock.now
    let file = try ModelFile(path: model)
    return OpenedFile(file: file, seconds: start.duration(to: .now) / .seconds(1))
  }

  /// - Parameter options: with the least chunk to open the model for.
  func open(
    _ opened: OpenedFile, on device: DeviceOption, options: ModelOptions = ModelOptions()
  ) async throws -> OpenedModel {
    let progress = ProgressBar()
    // Whatever was opened since the model's file took the line.
    progress.show("loading")
    let start = ContinuousClock.now
    let backend = try device.backend(tuning: tuning.tuning(), numerics: numerics.numerics, taping: taping.taping)
    var options = options
    options.chunk = max(chunk ?? 0, options.chunk)
    options.activations = activations
    options.cache = cache
    options.expertMemory = expertMemory?.bytes
    let language = try await LanguageModel.open(file: opened.file, backend: backend, options: options) {
      progress.show($0.stage.rawValue, done: $0.done, of: $0.total)
    }
    try await language.warmUp { progress.show("warming up", done: $0, of: $1) }
    progress.clear()
    TuningOption.report(backend.tuningNotes)
    return OpenedModel(
      model: language, backend: backend, loadSeconds: opened.seconds + start.duration(to: .now) / .seconds(1))
  }
}

struct OpenedFile {
  var file: ModelFile
  /// What opening it took.
  var seconds: Double
}

struct OpenedModel {
  var model: LanguageModel
  var backend: OpenCLBackend
  /// From opening the file until the model can run.
  var loadSeconds: Double

  /// A chunk within the model's own, which a short context makes small.
  func chunk(_ option: ModelOption) -> Int? { option.chunk.map { min($0, model.chunk) } }
}
