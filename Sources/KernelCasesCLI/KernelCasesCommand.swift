import ArgumentParser
import Heddle
import OpenCLRuntime
import _KernelCases

/// Runs the kernel cases outside the test suite: under a memory checker, or on a device by hand.
@main
struct KernelCasesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel-cases", abstract: "Runs Heddle's operation cases against the oracle.")

  @Flag(help: "List the devices, and the features beyond the floor that kernels use on them.") var devices = false
  @Flag(help: "Run the smallest case of every kernel variant that fits the floor.") var smallVariants = false
  @Flag(help: "Run small sparse products, and print how many multiply-adds each launch may execute.")
  var multiplyAdds = false
  @Flag(help: "Run kernels with planted memory bugs: a checker must report them.") var plantedBug = false
  @Flag(help: "Run what tests leave out too: the campaign's cases, and every tile of every case.")
  var campaign = false
  @Option(help: "Run all cases of this operation in every variant.") var operation: String?
  @Option(help: "Only cases with this in their name.") var name: String?
  @Option(help: "Write every SIMT program into this folder, for compilers without a device.") var emitKernels: String?
  @Option(help: "Write what every case gives in every variant into this file: SHA-256 of its outputs, a line each.")
  var digest: String?
  @Flag(help: "Run one small layer once, with the user's caches: what a process does first.") var coldStart = false
  @Option(help: "The device.") var device: String?

  func run() async throws {
    if devices {
      for device in try Device.all() {
        let features = TargetProfile(device: device).features.sorted()
        print("\(device.identifier)\(features.isEmpty ? "" : ", with \(features.joined(separator: " "))")")
      }
      return
    }
    if let emitKernels {
      var emitter = KernelEmitter(directory: emitKernels, isCampaign: campaign)
      try emitter.emit()
      print("\(emitter.programs.count) programs in \(emitKernels)")
      return
    }
    let backend = try OpenCLBackend(device: .select(device), cache: coldStart ? .standard : nil)
    print("device: \(backend.deviceName)")
    if coldStart {
      guard try await ColdStart.isRight(on: backend) else { throw ExitCode.failure }
      return
    }
    if plantedBug { return try PlantedBugs.run(on: backend) }
    var runner = VariantRunner(backend: backend, isCampaign: campaign)
    if smallVariants {
      try await runner.runSmallVariants()
    } else if multiplyAdds {
      try await runner.runSparseProducts()
    } else {
      let own = operation.flatMap { Operations.named($0) as? any CasedOperation.Type }
      let cases = try (own?.cases() ?? KernelCases.make()).filter { candidate in
        (campaign || !candidate.isCampaign)
          && (operation == nil || candidate.operation == operation) && (name.map(candidate.name.contains) ?? true)
      }
      guard !cases.isEmpty else { throw ValidationError("there is no such case") }
      if let digest {
        try await runner.digestOutputs(of: cases, into: digest)
      } else {
        try await runner.run(cases)
      }
    }
    guard runner.failures == 0 else { throw ExitCode.failure }
  }
}
