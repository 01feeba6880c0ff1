import HeddleGraph
import HeddleReference
import Testing
import _KernelCases

@Suite struct KernelCaseTests {
  @Test func `cases are many, unique and cover every operation`() throws {
    let cases = try KernelCases.make()
    #expect(KernelCases.all.count == cases.count && KernelCases.short.count < cases.count)
    #expect((600...3200).contains(KernelCases.short.count), "\(KernelCases.short.count)")
    #expect(Set(cases.map(\.description)).count == cases.count)
    for operation in Operations.all.compactMap({ $0 as? any CasedOperation.Type }) {
      let own = KernelCases.short.filter { $0.operation == operation.name }
      #expect(own.count >= 10, "\(operation)")
      #expect(own.count(where: { $0.isSmall }) > 0, "\(operation)")
    }
  }

  @Test func `the oracle passes its own cases`() async throws {
    #if DEBUG
      let cases = KernelCases.all.filter(\.isSmall)
    #else
      let cases = KernelCases.short
    #endif
    for `case` in cases {
      let expected = try await `case`.expected()
      do {
        try `case`.check(expected, expected: expected)
      } catch {
        Issue.record("\(error)")
      }
    }
  }

  /// The check must fail for what a broken kernel gives: a value off by 1 %, a NaN, a zero, another row.
  @Test func `damaged results are refused`() async throws {
    var random = SplitMix64(seed: 9)
    // Huge scores have no useful bound: what they check is that nothing overflows.
    for `case` in KernelCases.short where `case`.isSmall && !`case`.name.contains("huge") && random.next() % 4 == 0 {
      let expected = try await `case`.expected()
      guard let name = expected.keys.sorted().first, let tensor = expected[name], tensor.encoding == .float32 else {
        continue
      }
      let values = try tensor.floats()
      guard let place = values.indices.first(where: { values[$0].isFinite && abs(values[$0]) > 0.05 }) else { continue }
      for damaged in [values[place] * 1.6 + 0.5, .nan, .infinity, 1e6] {
        var changed = values
        changed[place] = damaged
        var got = expected
        got[name] = try Tensor(changed, shape: tensor.shape)
        let mismatch = #expect(throws: Mismatch.self, "\(`case`)") { try `case`.check(got, expected: expected) }
        #expect(mismatch?.index.count == tensor.shape.count)
        #expect(mismatch?.seed == `case`.seed)
      }
      #expect(throws: Mismatch.self) { try `case`.check([:], expected: expected) }
    }
  }

  /// A bound must hold for a plain float32 implementation, and not by a mile: then it would hold for anything.
  @Test func `bounds hold for single precision, within reason`() async throws {
    var slack: [String: [Double]] = [:]
    for `case` in KernelCases.short where `case`.steps.count == 1 {
      #if DEBUG
        guard `case`.isSmall else { continue }
      #endif
      let (got, expected) = (try SinglePrecision.run(`case`), try await `case`.expected())
      do {
        try `case`.check(got, expected: expected)
      } catch {
        Issue.record("\(error)")
      }
      guard case .bounded(let compute) = `case`.tolerance else { continue }
      let bounds = try compute()
      for (name, tensor) in expected {
        let (values, ideals) = (try got[name]?.floats() ?? [], try tensor.floats())
        let own = try #require(bounds[name], "\(`case`)")
        #expect(own.count == ideals.count, "\(`case`)")
        #expect(own.allSatisfy { !($0 < 0) }, "\(`case`)")
        let ratios = zip(zip(values, ideals), own).map { abs(Double($0.0.0) - Double($0.0.1)) / $0.1 }
        slack[`case`.operation, default: []].append(ratios.filter(\.isFinite).max() ?? 0)
      }
    }
    for (operation, ratios) in slack {
      let greatest = try #require(ratios.max())
      #expect(greatest > 0.01, "the bounds of \(operation) are loose: at most \(greatest) of them is used")
    }
  }

  @Test func `a result of zeros is mistrusted`() throws {
    let `case` = try #require(KernelCases.short.first { !$0.zerosAreRight && $0.tolerance.isExact })
    let zeros: NameTable = ["y": try Tensor(Array(repeating: 0 as Float, count: 16), shape: [16])]
    let mismatch = #expect(throws: Mismatch.self) { try `case`.check(zeros, expected: zeros) }
    #expect(mismatch?.reason == .mistrusted)
  }
}

extension Tolerance {
  fileprivate var isExact: Bool { if case .exact = self { true } else { false } }
}
