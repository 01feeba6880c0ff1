import Foundation

/// Sizes for people.
enum Bytes {
  static func text(_ count: Int) -> String {
    var value = Double(count)
    for unit in ["bytes", "KiB", "MiB", "GiB"] {
      if value < 1024 { return unit == "bytes" ? "\(count) bytes" : String(format: "%.1f %@", value, unit) }
      value /= 1024
    }
    return String(format: "%.1f TiB", value)
  }
}
