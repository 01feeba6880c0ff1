/// Measures contestants beside each other, so that whatever happens to the machine happens to all of them.
struct Interleaving {
  /// Samples of each contestant.
  var samples = 9
  /// Samples of one whose call takes longer than ``slowCall``.
  var slowSamples = 3
  /// A sample repeats calls until they take this long.
  var window = 0.005
  /// Between contestants, for the last one's threads to stop spinning.
  var pause = Duration.milliseconds(5)
  /// Seconds.
  var slowCall = 1.0
  /// Seconds; longer calls are not preceded by one that is not counted.
  var longCall = 0.03

  /// In round `i` each contestant is measured once; the order moves on by one a round.
  func measure(_ contestants: [any Contestant]) async throws -> [Measurement] {
    var counts: [Int] = []
    var estimates: [Double] = []
    for contestant in contestants {
      let seconds = try await estimate(contestant)
      estimates.append(seconds)
      counts.append(max(1, Int((window / max(seconds, 1e-9)).rounded(.up))))
    }
    var taken = contestants.map { _ in [Double]() }
    for round in 0..<samples {
      for place in contestants.indices {
        let index = (place + round) % contestants.count
        if round >= slowSamples, estimates[index] > slowCall { continue }
        try await Task.sleep(for: pause)
        // Wakes the contestant's threads and brings its activations into the caches again.
        if estimates[index] < longCall { _ = try await contestants[index].run(count: 1) }
        taken[index].append(try await contestants[index].run(count: counts[index]) / Double(counts[index]))
      }
    }
    return zip(taken, counts).map { Measurement(samples: $0, callsPerSample: $1) }
  }

  /// Seconds of a call, warm: the least of three, or the second if calls are long.
  func estimate(_ contestant: any Contestant) async throws -> Double {
    try await Task.sleep(for: pause)
    let first = try await contestant.run(count: 1)
    if first > 2 * slowCall { return first }
    var least = try await contestant.run(count: 1)
    if least < longCall {
      for _ in 0..<3 { least = min(least, try await contestant.run(count: 1)) }
    }
    return least
  }

  /// The fastest of several ways, with what each took.
  func fastest(of contestants: [any Contestant]) async throws -> (winner: any Contestant, seconds: [Double])? {
    var seconds: [Double] = []
    for contestant in contestants { seconds.append(try await estimate(contestant)) }
    guard let best = seconds.indices.min(by: { seconds[$0] < seconds[$1] }) else { return nil }
    return (contestants[best], seconds)
  }
}
