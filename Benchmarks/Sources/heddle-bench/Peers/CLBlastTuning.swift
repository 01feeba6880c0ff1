import CLBlastPeer
import Foundation
import Heddle
import OpenCLRuntime

/// The parameters CLBlast's tuner found on a device: kernel → name → value. Kept in a file, as tuning takes minutes.
struct CLBlastTuning: Codable {
  var device: String
  var driver: String
  var kernels: [String: [String: Int]] = [:]
  /// Kernels whose tuning found nothing better, failed or took too long: they keep CLBlast's defaults.
  var untuned: [String] = []

  /// The kernels a float32 product or a matrix-vector product runs, with the size and the part of the configurations
  /// that the tuner tries: about two minutes in all on a two-core CPU, most of it compiling.
  static let plan: [(kernel: String, size: Int, fraction: Double)] = [
    ("Xgemm", 256, 0.001), ("XgemmDirect", 256, 0.01), ("Xgemv", 1024, 0.5), ("Copy", 1024, 0.2), ("Pad", 1024, 0.2),
    ("Transpose", 1024, 0.2), ("Padtranspose", 1024, 0.2),
  ]

  /// Tuning that takes longer is given up: some configurations never end on some drivers.
  private static let timeout = Duration.seconds(120)

  var summary: String {
    let tuned = kernels.keys.sorted().joined(separator: " ")
    return "tuned: \(tuned.isEmpty ? "nothing" : tuned)"
      + (untuned.isEmpty ? "" : "; defaults: \(untuned.sorted().joined(separator: " "))")
  }

  /// The file of a device; made by tuning if there is none for this driver.
  static func load(for device: Device) async throws -> CLBlastTuning {
    let name = String(device.identifier.map { $0.isLetter || $0.isNumber ? $0 : "-" })
    let file = URL(fileURLWithPath: PeerFolder.path).appendingPathComponent("clblast-\(name).json")
    if let data = try? Data(contentsOf: file), let known = try? JSONDecoder().decode(CLBlastTuning.self, from: data),
      known.driver == device.profile.driverVersion
    {
      return known
    }
    guard FileManager.default.fileExists(atPath: PeerFolder.path) else {
      throw PeerAbsence("not tuned (make peers, then the first run tunes it)")
    }
    var tuning = CLBlastTuning(device: device.identifier, driver: device.profile.driverVersion)
    // Written after every kernel: a run that was ended goes on where it was.
    if let data = try? Data(contentsOf: unfinished(file)),
      let known = try? JSONDecoder().decode(CLBlastTuning.self, from: data), known.driver == tuning.driver
    {
      tuning = known
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    for entry in plan where tuning.kernels[entry.kernel] == nil && !tuning.untuned.contains(entry.kernel) {
      Progress.say("tuning CLBlast's \(entry.kernel)")
      // The tuner tries the same configurations in the same order: a smaller part may end before a bad one.
      var found = await tune(entry.kernel, entry.fraction, device)
      if found == nil { found = await tune(entry.kernel, entry.fraction / 8, device) }
      if let found, !found.isEmpty {
        tuning.kernels[entry.kernel] = found
      } else {
        tuning.untuned.append(entry.kernel)
      }
      try encoder.encode(tuning).write(to: unfinished(file), options: .atomic)
    }
    try encoder.encode(tuning).write(to: file, options: .atomic)
    try? FileManager.default.removeItem(at: unfinished(file))
    return tuning
  }

  private static func unfinished(_ file: URL) -> URL { file.appendingPathExtension("unfinished") }

  /// In a process of its own: a configuration that a driver cannot bear ends that process only.
  private static func tune(_ kernel: String, _ fraction: Double, _ device: Device) async -> [String: Int]? {
    let output = FileManager.default.temporaryDirectory.appendingPathComponent("clblast-\(getpid())-\(kernel).json")
    defer { try? FileManager.default.removeItem(at: output) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      process.executableURL = URL(fileURLWithPath: own)
    }
    process.arguments = [
      "tune-clblast", kernel, "--fraction", "\(fraction)", "--device", device.identifier, "--output", output.path,
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    Interrupt.child.store(process.processIdentifier, ordering: .sequentiallyConsistent)
    defer { Interrupt.child.store(0, ordering: .sequentiallyConsistent) }
    let deadline = ContinuousClock.now + timeout
    while process.isRunning, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(100)) }
    // A driver's thread that computes on does not hear a polite signal.
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    guard let data = try? Data(contentsOf: output) else { return nil }
    return try? JSONDecoder().decode([String: Int].self, from: data)
  }
}
