import COpenCL

/// One OpenCL device of this machine. Equal devices are the same device.
public final class Device: Sendable {
  nonisolated(unsafe) public let handle: cl_device_id
  public let platform: Platform
  public let profile: DeviceProfile
  /// The position among `Device.all()`.
  public let index: Int
  /// The position among the devices of the same platform and name.
  public let ordinal: Int

  init(handle: cl_device_id, platform: Platform, profile: DeviceProfile, index: Int, ordinal: Int) {
    self.handle = handle
    self.platform = platform
    self.profile = profile
    self.index = index
    self.ordinal = ordinal
  }

  public var name: String { profile.name }

  /// `PLATFORM/NAME#ordinal`: a text that `Device.select` takes for this device and no other.
  public var identifier: String { "\(profile.platformName)/\(name)#\(ordinal)" }

  /// Every device of every platform, in the ICD loader's and the drivers' order, which stays the same for the life of
  /// the process. A platform that fails hides only its own devices.
  ///
  /// - Throws: `noPlatform` without a driver, `noDevice` when no driver offers a device.
  public static func all() throws(OpenCLError) -> [Device] {
    let registry = try DeviceRegistry.current()
    if registry.devices.isEmpty { throw .noDevice(platforms: registry.notes) }
    return registry.devices
  }
}

extension Device: Hashable {
  public static func == (a: Device, b: Device) -> Bool { a.handle == b.handle }
  public func hash(into hasher: inout Hasher) { hasher.combine(handle) }
}

extension Device: CustomStringConvertible {
  public var description: String { identifier }
}
