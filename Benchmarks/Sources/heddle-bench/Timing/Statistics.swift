import Foundation

/// What a list of samples says.
struct Statistics {
  let sorted: [Double]

  init(_ samples: [Double]) { sorted = samples.sorted() }

  var median: Double { quantile(0.5) }

  /// Half the distance of the quartiles, as a part of the median.
  var spread: Double { median > 0 ? (quantile(0.75) - quantile(0.25)) / 2 / median : 0 }

  /// The distance of the least and the greatest, as a part of the median.
  var drift: Double { median > 0 ? ((sorted.last ?? 0) - (sorted.first ?? 0)) / median : 0 }

  /// Between samples, by linear interpolation.
  func quantile(_ part: Double) -> Double {
    guard let last = sorted.indices.last else { return .nan }
    let place = part * Double(last)
    let low = Int(place)
    let high = min(low + 1, last)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }

  /// nil for no values.
  static func geometricMean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
  }
}
