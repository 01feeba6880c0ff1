import Foundation
import Heddle
import OpenCLRuntime

/// What the operating system says of the host's processor.
enum Host {
  /// Bytes of the largest cache; nil where the system does not say.
  static let lastLevelCacheByteCount: Int? = {
    let folder = "/sys/devices/system/cpu/cpu0/cache"
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return entries.compactMap { entry -> Int? in
      guard let text = try? String(contentsOfFile: "\(folder)/\(entry)/size", encoding: .utf8) else { return nil }
      let size = text.trimmingCharacters(in: .whitespacesAndNewlines)
      let unit = size.hasSuffix("M") ? 1 << 20 : size.hasSuffix("K") ? 1 << 10 : 1
      return Int(size.trimmingCharacters(in: .letters)).map { $0 * unit }
    }.max()
  }()

  static var coreCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  static let modelName: String = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
  }()
}

extension Device {
  /// Bytes a working set must exceed to come from memory.
  var lastLevelCacheByteCount: Int {
    let own = max(profile.globalCacheBytes, 4 << 20)
    return profile.type == .cpu ? max(own, Host.lastLevelCacheByteCount ?? 32 << 20) : own
  }

  /// Whether Heddle's kernels may use `vdpbf16ps`.
  var hasBFloat16Dot: Bool { TargetProfile(device: self).features.contains(TargetProfile.bfloat16Dot) }
}
