import Foundation
import Heddle

/// How often experts were on the device, with `--expert-memory`.
struct ExpertReport: Encodable {
  var hits: Int
  var misses: Int
  /// Left out if no expert was used.
  var hitRate: Double?
  var fetchedBytes: Int
  var residentBytes: Int

  init?(_ statistics: ExpertStatistics?) {
    guard let statistics else { return nil }
    hits = statistics.hits
    misses = statistics.misses
    hitRate = statistics.hitRate
    fetchedBytes = statistics.fetchedByteCount
    residentBytes = statistics.residentByteCount
  }

  /// In a line.
  var summary: String {
    let rate = hitRate.map { String(format: "%.1f%% of %d uses in memory", 100 * $0, hits + misses) } ?? "not used"
    return "experts: \(rate), \(Bytes.text(fetchedBytes)) fetched into \(Bytes.text(residentBytes))\n"
  }
}
