import Synchronization
import TestSupport
import Testing

@testable import HeddleExecution

/// Patterns chosen by measurement. No clock decides a test.
@Suite struct PatternTunerTests {
  @Test(arguments: [0.05, 0.25, 0.5, 0.65, 0.7, 0.75, 0.9, 0.93])
  func `candidates reach the ratio, and are as dense as may be`(ratio: Double) throws {
    for (inputs, outputs) in [(576, 1536), (96, 33), (64, 17), (1536, 576)] {
      let candidates = SparsityPattern.candidates(ratio: ratio, inputs: inputs, outputs: outputs)
      #expect(!candidates.isEmpty && Set(candidates).count == candidates.count)
      for pattern in candidates {
        let left = try #require(pattern.ratio(inputs: inputs, outputs: outputs))
        #expect(left >= ratio && pattern.density <= 1 - ratio, "\(pattern)")
        // One more value of a span, or a percent, would be too much.
        switch pattern.kind {
        case .vectorWise(let kept, let size, _): #expect(Double(kept + 1) / Double(size) > 1 - ratio, "\(pattern)")
        case .block(let size, let percent):
          let denser = try SparsityPattern(.block(size: size, percent: percent - 1))
          #expect(
            denser.density > 1 - ratio || (denser.ratio(inputs: inputs, outputs: outputs) ?? 0) < ratio, "\(pattern)")
        case .perRow(let kept, let size): #expect(Double(2 * kept) / Double(size) > 1 - ratio || kept * 2 == size)
        }
      }
    }
    // 65 % of the 3456 blocks of 16 are not a whole number: rounded down, they would be too few.
    let names = SparsityPattern.candidates(ratio: 0.65, inputs: 576, outputs: 1536).map(\.name)
    #expect(
      names == [
        "1:4", "2:8", "4:16", "vw5:16", "vw11:32", "vw22:64", "block16@66", "block32@66", "block48@66", "block64@66",
      ])
    #expect(SparsityPattern.candidates(ratio: 0.5, inputs: 17, outputs: 4).isEmpty)
    #expect(SparsityPattern.candidates(ratio: 1, inputs: 64, outputs: 4).isEmpty)
  }

  @Test(arguments: TestDevices.all)
  func `the least of the measured times wins`(device: Device) async throws {
    let backend = try TestBackends.backend(device)
    var options = TuningOptions()
    options.rounds = 5
    let report = try await backend.hardwareAwarePattern(
      ratio: 0.9, tokens: 1...1, inputs: 96, outputs: 64, values: .int4, options: options)
    let names = SparsityPattern.candidates(ratio: 0.9, inputs: 96, outputs: 64).map(\.name)
    #expect(Set(report.rows.map(\.pattern)) == Set(names) && report.rows.count == names.count)
    for row in report.rows { #expect(row.ratio >= 0.9 && row.seconds > 0, "\(row)") }
    #expect(report.chosen.seconds == report.rows.map(\.seconds).min())
    #expect(report.denseEncoding == "q4_0" && report.denseSeconds > 0)
    #expect(report.table().contains(report.chosen.pattern))
  }

  @Test func `times decide`() async throws {
    let device = try #require(TestDevices.all.first)
    for (values, dense) in [(ValueFormat.float32, "f32"), (.int8, "q8_0")] {
      // The third session that is made is that of the second pattern.
      let order = Mutex<[ObjectIdentifier]>([])
      var options = TuningOptions()
      options.rounds = 5
      var tuner = PatternTuner(
        backend: try TestBackends.backend(device), tokens: 2...8, inputs: 64, outputs: 32, values: values,
        options: options)
      tuner.measure = { session, request in
        #expect(request.bindings["tokens"] == 4)
        let place = order.withLock { order in
          if let known = order.firstIndex(of: ObjectIdentifier(session)) { return known }
          order.append(ObjectIdentifier(session))
          return order.count - 1
        }
        return [0: place == 2 ? 1e-6 : 1e-5]
      }
      let patterns = try ["2:4", "vw4:32", "block32@50"].map { try #require(SparsityPattern(name: $0)) }
      let report = try await tuner.report(ratio: 0.5, candidates: patterns)
      #expect(report.rows.map(\.pattern) == ["vw4:32", "2:4", "block32@50"])
      #expect(report.chosen.ratio == 0.875 && report.denseEncoding == dense && report.denseSeconds == 1e-5)
    }
  }

  private static func options(_ budget: Duration) -> TuningOptions {
    var options = TuningOptions()
    options.budget = budget
    return options
  }

  @Test func `what cannot be measured is an error`() async throws {
    let backend = try TestBackends.backend(try #require(TestDevices.all.first))
    func expect(
      _ error: TuningError, ratio: Double = 0.5, tokens: ClosedRange<Int> = 1...1, inputs: Int = 64, outputs: Int = 32,
      candidates: [SparsityPattern]? = nil, budget: Duration = .seconds(60)
    ) async {
      let options = Self.options(budget)
      await #expect(throws: error) {
        try await backend.hardwareAwarePattern(
          ratio: ratio, tokens: tokens, inputs: inputs, outputs: outputs, values: .float16, candidates: candidates,
          options: options)
      }
    }
    for ratio in [0, 1, -0.5, 2] { await expect(.ratio(ratio), ratio: ratio) }
    await expect(.noPattern(ratio: 0.5, inputs: 17), inputs: 17)
    let dense = try SparsityPattern(.vectorWise(kept: 31, of: 32, isNested: false))
    await expect(.noPattern(ratio: 0.5, inputs: 64), candidates: [dense])
    await expect(.shape(tokens: 0...4, inputs: 64, outputs: 32), tokens: 0...4)
    await expect(.shape(tokens: 1...1, inputs: 0, outputs: 32), inputs: 0)
    await expect(.inputsTooLarge("w", shape: [.max, 64]), outputs: .max)
    await expect(.outOfBudget(.nanoseconds(1)), budget: .nanoseconds(1))
  }
}
