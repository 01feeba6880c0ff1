import ArgumentParser
import Foundation
import Heddle

/// `heddle graph`
struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Prints the graph of a model; no device is needed.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case dot, json
  }

  @Argument(help: "A model: a GGUF file, a folder as a model hub has it, or a safetensors file that heddle wrote.")
  var file: String

  @Option(help: "Graphviz's dot, or JSON that Graph(json:) reads.")
  var format = Format.dot

  @Flag(help: "The graph after the passes that every backend runs.")
  var fused = false

  func run() throws {
    let progress = ProgressBar()
    progress.show("building")
    let file = try ModelFile(path: file)
    let graph = try DecoderModel(file).graph()
    let shown = fused ? graph.fused() : graph
    progress.clear()
    switch format {
    case .dot: try Console.report(shown.graphviz())
    case .json: try Console.output(Array(shown.json() + Data("\n".utf8)))
    }
  }
}
