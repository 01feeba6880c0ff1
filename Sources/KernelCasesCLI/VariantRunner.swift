import Heddle
import _KernelCases

/// Runs cases in the variants a device has, and checks each against the oracle.
struct VariantRunner {
  let backend: OpenCLBackend
  /// Whether every tile is tried, and the campaign's cases count among the small ones.
  let isCampaign: Bool
  private(set) var failures = 0

  init(backend: OpenCLBackend, isCampaign: Bool = false) {
    self.backend = backend
    self.isCampaign = isCampaign
  }

  mutating func run(_ cases: [OpCase]) async throws {
    var runs = 0
    for testCase in cases {
      let expected = try await testCase.expected()
      for variant in variants(of: testCase) {
        try await run(testCase, variant, expected)
        runs += 1
      }
    }
    print("\(runs) runs of \(cases.count) cases, \(failures) failures")
  }

  /// The smallest case of each kernel that shows something (``KernelCoverage``; of each, for a campaign), whole plans at a
  /// time; kernels whose smallest case is too large are listed.
  mutating func runSmallVariants() async throws {
    let cases = try KernelCases.make().filter { isCampaign || !$0.isCampaign }.sorted { $0.cost < $1.cost }
    var reached: Set<KernelReference> = []
    var coverage = KernelCoverage()
    var missed: Set<String> = []
    var runs = 0
    for testCase in cases {
      for variant in variants(of: testCase) {
        let launches = variant.plan.lists.filter { testCase.uses($0) }.flatMap(\.launches).filter(testCase.runs)
        let kernels = launches.compactMap(\.kernel)
        guard !launches.isEmpty, !reached.isSuperset(of: kernels) else { continue }
        guard testCase.cost <= Self.greatestCost else {
          missed.formUnion(Set(kernels).subtracting(reached).map(\.variantName))
          continue
        }
        guard coverage.insert(launches) || isCampaign else { continue }
        reached.formUnion(kernels)
        try await run(testCase, variant, try await testCase.expected())
        runs += 1
      }
    }
    print("\(reached.count) kernel variants reached by \(runs) runs; all need no more than the floor")
    if runs == 0 { failures += 1 }
    missed.subtract(reached.map(\.variantName))
    print("too large to check here: \(missed.count)")
    for name in missed.sorted() { print("  \(name)") }
  }

  /// Operations and bytes a checking interpreter gets through in seconds.
  static let greatestCost = 4_000_000

  mutating func variants(of testCase: OpCase) -> [(options: PlanOptions, plan: Plan)] {
    do {
      return try backend.planner.variants(
        of: testCase.graph, at: testCase.bindings(), everyCandidate: isCampaign || testCase.triesEveryTile)
    } catch {
      failures += 1
      print("FAILED \(testCase): \(error)")
      return []
    }
  }

  /// Runs one case, and waits until its kernels are gone: a checker may not bear that one thread builds while another
  /// releases.
  mutating func run(
    _ testCase: OpCase, _ variant: (options: PlanOptions, plan: Plan), _ expected: NameTable<Tensor>
  ) async throws {
    do {
      let executable = try await backend.compile(
        testCase.graph, constants: testCase.constants, options: variant.options)
      try testCase.check(try await testCase.run(executable), expected: expected)
    } catch {
      failures += 1
      print("FAILED \(testCase) [\(variant.options.shape?.rawValue ?? "") \(variant.options.candidate ?? 0)]: \(error)")
    }
    while backend.liveKernelCount > 0 { try await Task.sleep(for: .milliseconds(1)) }
  }
}

extension OpCase {
  /// An order in which small cases come first.
  var cost: Int { floatingPointOperations + bytes }

  /// Whether a step of this case has work for the launch.
  func runs(_ launch: Launch) -> Bool {
    ((try? bindings()) ?? []).contains { bindings in !launch.global.contains { (try? $0.value(bindings)) == 0 } }
  }

  /// Whether a step of this case replays the list.
  func uses(_ list: CommandList) -> Bool {
    ((try? bindings()) ?? []).contains(where: list.range.contains)
  }
}
