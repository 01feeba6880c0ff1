/// Someone who computes a case: a variant of ours, or one way a peer offers.
///
/// Weights are in the contestant's own best layout before the first call; what happens to activations happens inside
/// the calls.
protocol Contestant: AnyObject {
  /// The kernel or function, for people.
  var name: String { get }

  /// Half a unit in the last place of the result's type, for results rounded below float32; else 0.
  var outputRounding: Double { get }

  /// Its result was judged when it was made, because the bound of the case is not meant for it.
  var isChecked: Bool { get }

  /// Computes the case `count` times, one after the other, each with the next copy of the weights. Gives the seconds
  /// that all took together, from the first call to the end of the last.
  func run(count: Int) async throws -> Double

  /// The result of the last call, row-major.
  func output() async throws -> [Float]
}

extension Contestant {
  var outputRounding: Double { 0 }
  var isChecked: Bool { false }
}

/// What a contestant took.
struct Measurement {
  /// Seconds of one call, a sample each.
  let samples: [Double]
  /// Calls in a sample.
  let callsPerSample: Int

  var statistics: Statistics { Statistics(samples) }
}
