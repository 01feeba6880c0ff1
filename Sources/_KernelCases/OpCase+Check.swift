import HeddleReference
import HeddleText
import HeddleTypes

extension OpCase {
  /// Judges a backend's outputs against the oracle's.
  ///
  /// - Throws: a ``Mismatch`` at the worst element.
  public func check(_ got: NameTable<Tensor>, expected: NameTable<Tensor>) throws(Mismatch) {
    for name in got.keys.sorted() where expected[name] == nil { throw mismatch(name, .unexpectedOutput) }
    var bounds: [String: [Double]] = [:]
    if case .bounded(let compute) = tolerance {
      do { bounds = try compute() } catch { throw mismatch("\(error)", .bound) }
    }
    for (name, wanted) in expected.sorted(by: { $0.key < $1.key }) {
      guard let tensor = got[name] else { throw mismatch(name, .missingOutput) }
      guard tensor.encoding == wanted.encoding, tensor.shape == wanted.shape else {
        var failure = mismatch(name, .type)
        (failure.got, failure.expected) = (tensor.description, wanted.description)
        throw failure
      }
      if wanted.encoding == .float32 {
        try checkFloats(name, tensor, wanted, bounds[name])
      } else {
        try checkBytes(name, tensor, wanted)
      }
    }
  }

  private func mismatch(_ output: String, _ reason: Mismatch.Reason) -> Mismatch {
    Mismatch(caseName: description, seed: seed, output: output, reason: reason)
  }

  private func checkBytes(_ name: String, _ got: Tensor, _ wanted: Tensor) throws(Mismatch) {
    guard got.bytes != wanted.bytes else { return }
    let byte = zip(got.bytes, wanted.bytes).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
    let size = got.encoding.blockByteCount
    let element = byte / size
    var failure = mismatch(name, .value)
    failure.index = OpCase.index(element * got.encoding.blockSize, wanted.shape)
    failure.got = OpCase.text(got, element)
    failure.expected = OpCase.text(wanted, element)
    throw failure
  }

  private func checkFloats(
    _ name: String, _ got: Tensor, _ wanted: Tensor, _ bounds: [Double]?
  ) throws(Mismatch) {
    guard let values = try? got.floats(), let ideals = try? wanted.floats() else { throw mismatch(name, .type) }
    if case .bounded = tolerance, bounds?.count != ideals.count { throw mismatch(name, .bound) }
    var worst: (severity: Double, index: Int, reason: Mismatch.Reason, bound: Double)?
    var failures = 0
    for index in ideals.indices {
      let (y, ideal) = (values[index], ideals[index])
      let allowed = bound(ideal, bounds?[index])
      let failure = failure(y, ideal, allowed)
      guard let failure else { continue }
      failures += 1
      if failure.severity > worst?.severity ?? -1 { worst = (failure.severity, index, failure.reason, allowed) }
    }
    if let worst {
      var failure = mismatch(name, worst.reason)
      failure.index = OpCase.index(worst.index, wanted.shape)
      failure.got = "\(values[worst.index])"
      failure.expected = "\(ideals[worst.index])"
      failure.error = abs(Double(values[worst.index]) - Double(ideals[worst.index]))
      failure.bound = worst.bound
      failure.failures = failures
      failure.elements = ideals.count
      throw failure
    }
    let zeros = ideals.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
    if !zerosAreRight, ideals.count >= 8, zeros * 2 > ideals.count { throw mismatch(name, .mistrusted) }
  }

  private func bound(_ ideal: Float, _ given: Double?) -> Double {
    switch tolerance {
    case .exact, .equal: 0
    case .relative(let roundings, let smallest): roundings * Tolerance.unit * abs(Double(ideal)) + smallest
    case .bounded: given ?? 0
    }
  }

  private func failure(
    _ y: Float, _ ideal: Float, _ allowed: Double
  ) -> (severity: Double, reason: Mismatch.Reason)? {
    if y.isNaN || ideal.isNaN { return y.isNaN == ideal.isNaN ? nil : (.infinity, .notANumber) }
    if y.isInfinite || ideal.isInfinite { return y == ideal ? nil : (.greatestFiniteMagnitude, .infinity) }
    if case .exact = tolerance {
      return y.bitPattern == ideal.bitPattern ? nil : (abs(Double(y) - Double(ideal)), .value)
    }
    let error = abs(Double(y) - Double(ideal))
    // Written so that a bound that is NaN fails.
    return error <= allowed ? nil : (allowed > 0 ? error / allowed : error, .value)
  }

  private static func index(_ position: Int, _ shape: [Int]) -> [Int] {
    var rest = position
    let reversed = shape.reversed().map { extent in
      defer { rest /= max(extent, 1) }
      return rest % max(extent, 1)
    }
    return reversed.reversed()
  }

  private static func text(_ tensor: Tensor, _ element: Int) -> String {
    if tensor.encoding == .int32, let values = try? tensor.integers() { return "\(values[element])" }
    if let values = try? tensor.decoded(), tensor.encoding.blockSize == 1 { return "\(values[element])" }
    return "block \(element)"
  }
}
