import COpenCL
import Synchronization

/// What the machine has, asked once: device handles stay valid for the life of the process, and asking twice would make
/// two objects of one device. A machine without a platform is asked again at the next call.
struct DeviceRegistry: Sendable {
  var platforms: [Platform] = []
  var devices: [Device] = []
  /// Platforms that refused to list their devices. They hide nobody else's.
  var failures: [ObjectIdentifier: OpenCLError] = [:]
  /// One line for each platform without devices, and for each device that did not describe itself.
  var notes: [String] = []

  private static let cached = Mutex<DeviceRegistry?>(nil)

  static func current() throws(OpenCLError) -> DeviceRegistry {
    // Before the lock, which another thread may have held when this process was forked.
    try ForkedChild.check()
    return try cached.withLock { (cached) throws(OpenCLError) in
      if let registry = cached { return registry }
      ForkedChild.watch()
      if InstalledDrivers.includePoCL() { try HostLimits.check() }
      let registry = try DeviceRegistry(asking: ())
      cached = registry
      return registry
    }
  }

  private init(asking: Void) throws(OpenCLError) {
    var firstFailure: OpenCLError?
    for handle in try Self.platformHandles() {
      do throws(OpenCLError) {
        let platform = try Platform(handle: handle)
        platforms.append(platform)
        addDevices(of: platform)
      } catch {
        firstFailure = firstFailure ?? error
      }
    }
    if platforms.isEmpty { throw firstFailure ?? Self.noPlatform }
  }

  /// What to say of a machine without a platform.
  private static var noPlatform: OpenCLError {
    let failures = InstalledDrivers.failures()
    return failures.isEmpty ? .noPlatform : .driversNotLoaded(failures)
  }

  private static func platformHandles() throws(OpenCLError) -> [cl_platform_id] {
    var count: cl_uint = 0
    let status = OpenCLStatus(rawValue: clGetPlatformIDs(0, nil, &count))
    if status == .platformNotFoundKhr || (status == .success && count == 0) { throw noPlatform }
    try check(status.rawValue, "clGetPlatformIDs", "counting platforms")
    // Traps: never (driver-answer-bounded).
    var handles = [cl_platform_id?](repeating: nil, count: Int(min(count, 1024)))
    try check(
      clGetPlatformIDs(cl_uint(clamping: handles.count), &handles, nil), "clGetPlatformIDs", "listing platforms")
    return handles.compactMap { $0 }
  }

  private mutating func addDevices(of platform: Platform) {
    var count: cl_uint = 0
    let all = cl_device_type(CL_DEVICE_TYPE_ALL)
    var status = OpenCLStatus(rawValue: clGetDeviceIDs(platform.handle, all, 0, nil, &count))
    if status == .deviceNotFound || (status == .success && count == 0) {
      if let cache = DriverCache(platformName: platform.name), let reason = cache.defect() {
        let failure = DriverFolderFailure(driver: platform.name, path: cache.directory, reason: reason)
        notes.append("\(platform): no devices: \(failure)")
      } else {
        notes.append("\(platform): no devices")
      }
      return
    }
    // Traps: never (driver-answer-bounded).
    var handles = [cl_device_id?](repeating: nil, count: Int(min(count, 4096)))
    if status == .success {
      status = OpenCLStatus(
        rawValue: clGetDeviceIDs(platform.handle, all, cl_uint(clamping: handles.count), &handles, nil))
    }
    guard status == .success else {
      notes.append("\(platform): \(status)")
      failures[ObjectIdentifier(platform)] =
        .call(function: "clGetDeviceIDs", status: status, context: "listing the devices of \(platform)")
      return
    }
    for handle in handles.compactMap({ $0 }) {
      do throws(OpenCLError) {
        let profile = try DeviceProfile(querying: handle, platform: platform)
        let twins = devices.count { $0.profile.platformName == profile.platformName && $0.name == profile.name }
        devices.append(
          Device(handle: handle, platform: platform, profile: profile, index: devices.count, ordinal: twins))
      } catch {
        notes.append("\(platform): a device did not describe itself: \(error)")
      }
    }
  }
}
