import ArgumentParser
import Foundation
import Heddle
import HeddleText

/// `heddle tensor`
struct TensorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tensor", abstract: "Decodes a tensor of a model file on a device.")

  @Argument(help: "A GGUF file, a folder as a model hub has it, or a safetensors file that heddle wrote.")
  var file: String

  @Argument(help: "The tensor's name.")
  var name: String

  @Option(
    help: "Where the values go: raw little-endian float32, row by row; - for standard output.",
    transform: Arguments.text)
  var output: String

  @OptionGroup var device: DeviceOption

  func run() async throws {
    let file = try ModelFile(path: file)
    let store = try file.constantStore(names: [name])
    let destination = try Destination.open(output, besides: file)
    let progress = ProgressBar()
    progress.show("decoding")
    let builder = GraphBuilder()
    let stored = try builder.constant(ConstantID(name), in: store)
    let graph = try builder.build(outputs: ["values": try builder.encode(stored, as: .float32)])
    let backend = try device.backend()
    let session = try await backend.compile(graph, constants: store).makeSession([:])
    guard let values = try await session.run(RunRequest())["values"] else { throw ModelError.missingOutput("values") }
    progress.clear()
    try destination.write(Data(values.bytes))
    Console.error("\(Printable.text(name)): \(values) on \(backend.deviceName)\n")
  }
}
