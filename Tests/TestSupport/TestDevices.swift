import Foundation
@_exported import OpenCLRuntime
import Synchronization
import Testing

/// The devices every device test runs on.
///
/// The first use sets the drivers' environment for this process, which must happen before any OpenCL call: tests reach
/// devices through here only.
///
/// - `HEDDLE_TEST_POCL_CACHE`: a folder for PoCL's own cache instead of a private one.
/// - `HEDDLE_INTEL_ICD`: a folder of further `.icd` files, beside the machine's own.
/// - `POCL_DEVICES`: which PoCL devices, instead of two twins and a single-threaded one.
public enum TestDevices {
  /// All devices; empty when there are none, which a test of its own reports.
  public static let all: [Device] = {
    prepareEnvironment
    return (try? Device.all()) ?? []
  }()

  /// Why `all` is empty.
  public static var failure: OpenCLError? {
    prepareEnvironment
    do throws(OpenCLError) {
      _ = try Device.all()
      return nil
    } catch {
      return error
    }
  }

  /// Whether everything runs, `make campaign`, and not its short form.
  public static var isCampaign: Bool { ProcessInfo.processInfo.environment["HEDDLE_CAMPAIGN"] != nil }

  /// One device of each driver: where programs matter, and not how a device is driven. In a campaign all of them.
  public static let distinct = all.filter { !sharesDriver($0) }

  /// Whether the driver of an earlier device compiles the same programs for this one, as both are the host's processor; never
  /// in a campaign.
  public static func sharesDriver(_ device: Device) -> Bool {
    !isCampaign
      && all.contains { other in
        other.index < device.index && other.profile.type == .cpu && device.profile.type == .cpu
          && other.profile.platformName == device.profile.platformName
          && other.profile.driverVersion == device.profile.driverVersion
      }
  }

  /// A short, unique name for logs.
  public static func name(of device: Device) -> String { "\(device.index): \(device.identifier)" }

  /// One context for each device, shared by the tests of this process.
  public static func context(for device: Device) throws -> Context {
    try contexts.withLock { contexts in
      if let context = contexts[device] { return context }
      let context = try Context(device: device)
      contexts[device] = context
      return context
    }
  }

  /// A new, empty folder that the system may clear away.
  public static func temporaryDirectory(_ purpose: String) throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("heddle-\(purpose)-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  private static let contexts = Mutex<[Device: Context]>([:])

  private static let prepareEnvironment: Void = {
    let environment = ProcessInfo.processInfo.environment
    // PoCL hides integer division by zero in the whole process otherwise.
    setenv("POCL_SIGFPE_HANDLER", "0", 1)
    // A cache shared by processes fails builds now and then, and a damaged one ends the process.
    if let cache = environment["HEDDLE_TEST_POCL_CACHE"], !cache.isEmpty {
      setenv("POCL_CACHE_DIR", cache, 1)
    } else if let cache = try? temporaryDirectory("pocl") {
      setenv("POCL_CACHE_DIR", cache.path, 1)
      setenv("HEDDLE_TEST_POCL_CACHE_MADE", cache.path, 1)
      atexit {
        // Only files: no OpenCL call belongs here.
        guard let path = getenv("HEDDLE_TEST_POCL_CACHE_MADE") else { return }
        try? FileManager.default.removeItem(atPath: String(cString: path))
      }
    }
    setenv("POCL_DEVICES", "pthread pthread basic", 0)
    if let more = environment["HEDDLE_INTEL_ICD"], let folder = combinedVendors(and: more) {
      setenv("OCL_ICD_VENDORS", folder, 1)
    }
    // A user's choice of device must not steer tests.
    unsetenv("HEDDLE_DEVICE")
  }()

  /// A folder with the machine's `.icd` files and those of another folder; `nil` when the other has none.
  private static func combinedVendors(and more: String) -> String? {
    let files = FileManager.default
    func drivers(_ folder: String) -> [String] {
      ((try? files.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".icd") }.sorted()
        .map { "\(folder)/\($0)" }
    }
    let added = drivers(more)
    guard !added.isEmpty, let folder = try? temporaryDirectory("vendors") else { return nil }
    for (order, driver) in (drivers("/etc/OpenCL/vendors") + added).enumerated() {
      let name = "\(order)-\((driver as NSString).lastPathComponent)"
      try? files.copyItem(atPath: driver, toPath: folder.appendingPathComponent(name).path)
    }
    return folder.path
  }
}

extension Device: CustomTestStringConvertible {
  public var testDescription: String { TestDevices.name(of: self) }
}
