import Heddle

/// What the device did at most, measured beside the rows: medians of all samples of the run.
struct Limits {
  enum Kind: String, CaseIterable {
    case fusedMultiplyAdd = "f32 FMA"
    case bfloat16Dot = "bf16 dot"
    case read = "read"
    case addTo = "a += b"

    var unit: String {
      switch self {
      case .fusedMultiplyAdd, .bfloat16Dot: "GFLOP/s"
      case .read, .addTo: "GB/s"
      }
    }
  }

  /// Operations or bytes a second, in units of 10⁹.
  private(set) var samples: [Kind: [Double]] = [:]

  mutating func add(_ rates: [Kind: Double]) {
    for (kind, rate) in rates { samples[kind, default: []].append(rate) }
  }

  subscript(_ kind: Kind) -> Double? { samples[kind].map { Statistics($0).median } }

  /// The least seconds this device could take: every operation at the peak, every byte read at the stream's rate,
  /// whichever is more.
  func leastSeconds(operations: Double, peak: Kind, bytes: Double) -> Double? {
    guard let rate = self[peak], let read = self[.read], rate > 0, read > 0 else { return nil }
    return max(operations / rate, bytes / read) / 1e9
  }

  /// The greatest distance between quartiles of a limit, as a part of its median: how quiet the machine was.
  var unrest: Double { samples.values.map { 2 * Statistics($0).spread }.max() ?? 0 }

  /// `f32 FMA 510 GFLOP/s, drift 1.2 %`, a line each.
  var lines: [String] {
    Kind.allCases.compactMap { kind in
      guard let values = samples[kind] else { return nil }
      let statistics = Statistics(values)
      return "\(kind.rawValue.padded(8)) \(statistics.median.short) \(kind.unit) (\(values.count) samples, "
        + "from \((statistics.sorted.first ?? 0).short) to \((statistics.sorted.last ?? 0).short): "
        + "drift \((100 * statistics.drift).short) %)"
    }
  }
}
