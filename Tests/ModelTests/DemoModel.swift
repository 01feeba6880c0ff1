import Foundation
import Heddle
import TestSupport
import Testing

/// SmolLM2-135M-Instruct, which `make model` fetches: `$HEDDLE_DEMO_MODEL`, or else a file below the package.
enum DemoModel {
  static let path: String = {
    if let path = ProcessInfo.processInfo.environment["HEDDLE_DEMO_MODEL"], !path.isEmpty { return path }
    // Tests/ModelTests/DemoModel.swift → the package.
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return package.appendingPathComponent(".cache/heddle/models/SmolLM2-135M-Instruct.Q4_1.gguf").path
  }()

  struct Missing: Error, CustomStringConvertible {
    var description: String { "the demo model is not at \(DemoModel.path): run 'make model' first" }
  }

  static func file() throws -> ModelFile {
    guard FileManager.default.fileExists(atPath: path) else { throw Missing() }
    return try ModelFile(path: path)
  }

  /// The model on a device, with hidden states; opened once in this process.
  static func shared(on device: Device) async throws -> LanguageModel {
    try await cache.model(on: device)
  }

  /// The device for tests that need only one.
  static func device() throws -> Device {
    let cpu = TestDevices.all.first { $0.profile.type == .cpu } ?? TestDevices.all.first
    return try #require(cpu, "no OpenCL device: \(TestDevices.failure.map { "\($0)" } ?? "")")
  }

  /// The backend of ``shared(on:)``, whose programs are built.
  static func backend(on device: Device) async throws -> OpenCLBackend { try await cache.backend(on: device) }

  private static let cache = Cache()

  private actor Cache {
    private var models: [Device: Task<LanguageModel, any Error>] = [:]
    private var backends: [Device: OpenCLBackend] = [:]

    func backend(on device: Device) throws -> OpenCLBackend {
      if let known = backends[device] { return known }
      let made = try OpenCLBackend(device: device, cache: nil)
      backends[device] = made
      return made
    }

    func model(on device: Device) async throws -> LanguageModel {
      let backend = try backend(on: device)
      let task =
        models[device]
        ?? Task {
          try await LanguageModel.open(
            file: try DemoModel.file(), backend: backend, options: ModelOptions(hiddenStates: true))
        }
      models[device] = task
      return try await task.value
    }
  }
}

func demoDescription() throws -> TokenizerDescription { try TokenizerDescription(DemoModel.file().metadata) }

/// The demo model's tokenizer.
func demoTokenizer() throws -> Tokenizer { try Tokenizer(demoDescription()) }
