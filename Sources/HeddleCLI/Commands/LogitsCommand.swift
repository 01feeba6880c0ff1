import ArgumentParser
import Foundation
import Heddle

/// `heddle logits`
struct LogitsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logits", abstract: "Prints what a model expects after a prompt.")

  @OptionGroup var model: ModelOption
  @OptionGroup var prompt: PromptOption
  @OptionGroup var device: DeviceOption

  @Flag(help: "Prints all logits as JSON, not only the greatest.")
  var json = false

  @Flag(help: "Adds the last token's values after the embedding and after every layer (with --json).")
  var hidden = false

  func validate() throws {
    try prompt.require()
    if hidden && !json { throw ValidationError("--hidden needs --json") }
  }

  func run() async throws {
    let progress = ProgressBar()
    let file = try model.file()
    let text = try prompt.text()
    let opened = try await model.open(file, on: device, options: ModelOptions(hiddenStates: hidden))
    let language = opened.model
    let ids = language.promptIDs(text)
    let context = language.configuration.contextLength
    guard !ids.isEmpty else { throw ModelError.emptyPrompt }
    guard ids.count <= context else { throw ModelError.promptTooLong(tokens: ids.count, context: context) }
    progress.clear()
    Console.warn(language.notes(on: ids))
    let session = try language.makeSession(capacity: ids.count)
    let names = hidden ? (0...language.configuration.layerCount).map { "hidden.\($0)" } : []
    let outputs = try await session.extend(
      ids, chunk: opened.chunk(model), outputs: Set(["logits"] + names),
      progress: { progress.show("prompt", done: $0, of: ids.count) })
    let logits = try finite("logits", outputs)
    let hidden = try names.map { try finite($0, outputs) }
    progress.clear()
    guard !json else {
      return try Console.json(
        Report(
          promptIds: ids, logits: logits, hidden: self.hidden ? hidden : nil, device: opened.backend.deviceName))
    }
    for (id, logit) in logits.enumerated().sorted(by: { ($1.element, $0.offset) < ($0.element, $1.offset) }).prefix(8) {
      let text = try language.tokenizer.decode([id], skipSpecial: false)
      try Console.report(String(format: "%10.4f  %7d  ", logit, id) + text.debugDescription + "\n")
    }
  }

  private func finite(_ name: String, _ outputs: NameTable<Tensor>) throws -> [Float] {
    guard let values = try outputs[name]?.floats() else { throw ModelError.missingOutput(name) }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw CommandError("\(name)[\(index)] is \(values[index]), not a finite number")
    }
    return values
  }

  /// What `logits --json` prints.
  private struct Report: Encodable {
    var promptIds: [Int]
    var logits: [Float]
    var hidden: [[Float]]?
    var device: String
  }
}
