import Foundation
import Heddle

/// Float64 products of some outputs: the corners, the edges of tiles near them and others by chance. Enough to see a
/// wrong layout, a lost tail or a peer that computes something else, at no cost beside the measurement.
struct MatMulOracle {
  struct Sample {
    var token: Int
    var row: Int
    var expected: Double
    /// `Σ |x·w|`
    var magnitude: Double
  }

  let problem: MatMulProblem
  let samples: [Sample]

  init(_ data: MatMulData, count: Int = 64) throws {
    problem = data.problem
    var random = SplitMix64(named: "oracle \(data.problem.name)")
    func ends(_ extent: Int) -> [Int] { [0, min(15, extent - 1), max(0, extent - 17), extent - 1] }
    var places = ends(data.problem.tokens).flatMap { token in ends(data.problem.outputs).map { (token, $0) } }
    while places.count < count {
      places.append(
        (Int(random.next() % UInt64(data.problem.tokens)), Int(random.next() % UInt64(data.problem.outputs))))
    }
    samples = try places.map { token, row in
      let weights = try data.weightRow(row)
      var sum = 0.0
      var magnitude = 0.0
      for (k, weight) in weights.enumerated() {
        let product = Double(data.x[token * data.problem.inputs + k]) * Double(weight)
        sum += product
        magnitude += abs(product)
      }
      return Sample(token: token, row: row, expected: sum, magnitude: magnitude)
    }
  }

  /// Throws unless every sample is within `2(K+2)·2⁻²⁴·Σ|x·w|`, plus the rounding of a narrower result.
  func check(_ contestant: any Contestant, called name: String) async throws {
    let y = try await contestant.output()
    guard y.count == problem.tokens * problem.outputs else {
      throw BenchmarkError("\(name) gave \(y.count) values in \(problem.name)")
    }
    for sample in samples {
      let got = Double(y[sample.token * problem.outputs + sample.row])
      let bound =
        2 * Double(problem.inputs + 2) * 0x1p-24 * sample.magnitude + contestant.outputRounding * abs(sample.expected)
      guard abs(got - sample.expected) <= bound else {
        throw BenchmarkError(
          "\(name) is wrong in \(problem.name): y[\(sample.token), \(sample.row)] is \(got), the oracle says "
            + "\(sample.expected) ± \(bound)")
      }
    }
  }
}

/// A failure in words.
struct BenchmarkError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
