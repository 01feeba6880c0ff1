import HeddleHost

extension ProgramCache {
  /// What a binary depends on, as a SHA-256: source, options, device, driver, and the driver's own switches for its
  /// compiler.
  struct Key: Hashable, Sendable {
    let digest: [UInt8]

    init(digest: [UInt8]) { self.digest = digest }

    init(parts: [Program.Part], device: Device) {
      var texts = ["heddle-program-\(ProgramCacheEntry.version)"] + device.compilerIdentity
      for part in parts { texts += ["\(part.options.count)", part.source] + part.options }
      digest = SHA256.digest(of: texts)
    }

    var hexadecimal: String { SHA256.hexadecimal(digest) }
  }
}

extension Device {
  /// What the code a driver generates depends on, beside its source: device, driver, and the driver's own switches for
  /// its compiler.
  package var compilerIdentity: [String] {
    [
      profile.platformName, profile.platformVersion, profile.vendor, profile.name, profile.driverVersion,
      profile.deviceVersion, profile.openCLCVersion, "\(profile.addressBits)",
    ] + Self.compilerSwitches.map { Environment.value($0) ?? "" }
  }

  /// Environment variables by which known drivers change the code they generate.
  private static let compilerSwitches = [
    "POCL_WORK_GROUP_METHOD", "POCL_EXTRA_BUILD_FLAGS", "POCL_VECTORIZER_REMARKS", "POCL_WORK_GROUP_SPECIALIZATION",
    "POCL_MAX_WORK_GROUP_SIZE", "CL_CONFIG_USE_VECTORIZER", "CL_CONFIG_CPU_VECTORIZER_MODE",
    "CL_CONFIG_CPU_TARGET_ARCH",
  ]
}
