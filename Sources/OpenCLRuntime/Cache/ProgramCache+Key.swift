import Crypto

extension ProgramCache {
  /// What a binary depends on, as a SHA-256: source, options, device, driver, and the driver's own switches for its
  /// compiler.
  struct Key: Hashable, Sendable {
    let digest: [UInt8]

    init(digest: [UInt8]) { self.digest = digest }

    init(source: String, options: [String], device: Device) {
      let profile = device.profile
      var parts = ["heddle-program-\(ProgramCacheEntry.version)", source]
      parts += [
        profile.platformName, profile.platformVersion, profile.vendor, profile.name, profile.driverVersion,
        profile.deviceVersion, profile.openCLCVersion, "\(profile.addressBits)",
      ]
      parts += Self.compilerSwitches.map { Environment.value($0) ?? "" }
      parts += options
      var hash = SHA256()
      for part in parts {
        // The length first, so that no two lists of parts give the same bytes.
        var text = "\(part.utf8.count):\(part)"
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
      }
      digest = Array(hash.finalize())
    }

    var hexadecimal: String {
      let digits = Array("0123456789abcdef")
      return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// Environment variables by which known drivers change the code they generate.
    private static let compilerSwitches = [
      "POCL_WORK_GROUP_METHOD", "POCL_EXTRA_BUILD_FLAGS", "POCL_VECTORIZER_REMARKS", "POCL_WORK_GROUP_SPECIALIZATION",
      "POCL_MAX_WORK_GROUP_SIZE", "CL_CONFIG_USE_VECTORIZER", "CL_CONFIG_CPU_VECTORIZER_MODE",
      "CL_CONFIG_CPU_TARGET_ARCH",
    ]
  }
}
