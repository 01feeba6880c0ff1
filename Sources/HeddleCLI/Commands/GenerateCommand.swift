import ArgumentParser
import Foundation
import Heddle

/// `heddle generate`
struct GenerateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Generates text with a language model.",
    discussion:
      "The text goes to standard output, times to standard error. Control-C ends it early; what is there by then stays."
  )

  @OptionGroup var model: ModelOption
  @OptionGroup var prompt: PromptOption
  @OptionGroup var conversation: ConversationOption
  @OptionGroup var device: DeviceOption
  @OptionGroup var sampling: SamplingOption
  @OptionGroup var density: DensityOption
  @OptionGroup var limits: AnswerOption

  @Option(
    name: AnswerOption.maximumTokensNames,
    help: "The most tokens to generate; -1 for as many as there is room for.")
  var maxTokens = 128

  @Flag(help: "Prints one JSON object at the end instead of text.")
  var json = false

  @Option(
    name: [.customLong("log-probabilities"), .customLong("logprobs")],
    help: "Adds to --json each token's log-probability, and those of the N most probable ones; 0 for its own alone.")
  var logProbabilities: Int?

  @Flag(help: "Prints what a prompt step and a decode step took on the device, by operation.")
  var profile = false

  @Option(
    help: "Writes these two steps as a Chrome trace; to standard output with -, the text goes to standard error then.",
    transform: Arguments.text)
  var trace: String?

  func validate() throws {
    try conversation.require(prompt)
    if let logProbabilities {
      if !json { throw ValidationError("--log-probabilities needs --json") }
      if logProbabilities < 0 {
        throw ValidationError("--log-probabilities is \(logProbabilities); it must be at least 0")
      }
    }
    _ = try AnswerOption.maximumTokens(maxTokens)
  }

  func run() async throws {
    let file = try model.file()
    let laidOut = try conversation.conversation(prompt)
    let text = laidOut == nil ? try prompt.text() : ""
    let destination = try trace.map { try Destination.open($0, besides: file.file) }
    let progress = ProgressBar()
    let opened = try await model.open(
      file, on: device, options: ModelOptions(experts: ExpertOptions(countsLoad: profile)))
    let ids = try laidOut.map { try opened.model.promptIDs($0) } ?? opened.model.promptIDs(text)
    let recorder = profile || destination != nil ? StepRecorder(promptCount: ids.count) : nil
    let generation = try TextGeneration(
      opened.model, prompt: ids,
      options: GenerationOptions(
        maximumTokens: try AnswerOption.maximumTokens(maxTokens), sampling: sampling.options,
        chunk: opened.chunk(model), context: limits.context, density: density.density, stop: limits.stop,
        logProbabilities: logProbabilities),
      observer: recorder)
    progress.clear()
    Console.warn(generation.notes)
    // The device finishes what it was given before the process may go.
    defer { try? generation.session.session.finishBlocking() }
    let transcript = Transcript(streams: !json, progress: progress)
    let summary = try await transcript.follow(generation)
    progress.clear()
    let report = GenerationReport(promptIds: ids, transcript: transcript, summary: summary, opened: opened)
    if json {
      try Console.json(report)
    } else {
      try Console.output("\n")
      Console.error(report.summary)
    }
    if profile {
      Console.error(recorder?.tables ?? "")
      if opened.model.hasExperts {
        Console.error("\nthe load of experts\n\(await generation.session.expertLoad.table())")
      }
    }
    if let destination, let recorder { try destination.write(try recorder.trace()) }
  }
}
