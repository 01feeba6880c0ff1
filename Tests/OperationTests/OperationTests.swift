import Heddle
import TestSupport
import Testing
import _KernelCases

/// Every operation × every device: all cases in all variants, judged by the float64 oracle.
@Suite struct OperationTests {
  /// Operations that have kernels: leaves are reached through them, custom ones have tests of their own.
  static let computed = Operations.all.filter { $0 is any CasedOperation.Type }.map { $0.name }

  /// What one device and one operation are tested with; families keep a suite's output readable.
  ///
  /// On the first device of a driver every case runs, in the variants whose programs are there already or show something
  /// (``KernelCoverage``); on its others each kernel runs with each kind of pattern. `make campaign` runs every case in every
  /// variant on every device.
  @Test(arguments: TestDevices.all, computed)
  func casesEqualTheOracle(device: Device, operation: String) async throws {
    let backend = try TestBackends.backend(device)
    let cases = KernelCases.cases(operation: operation)
    try #require(!cases.isEmpty, "\(operation) has no cases")
    let isFirst = !TestDevices.sharesDriver(device)
    var coverage = KernelCoverage(countsTiles: isFirst)
    var built: Set<Program> = []
    for testCase in cases {
      var chosen: [PlanOptions] = []
      let variants = try backend.planner.variants(of: testCase, everyTile: isFirst)
      for variant in variants {
        let launches = variant.plan.lists.flatMap(\.launches)
        let programs = launches.map { Program(action: $0.action, workGroup: $0.local) }
        guard coverage.insert(launches) || isFirst && built.isSuperset(of: programs) else { continue }
        built.formUnion(programs)
        chosen.append(variant.options)
      }
      if chosen.isEmpty, isFirst { chosen += variants.prefix(1).map(\.options) }
      guard !chosen.isEmpty else { continue }
      let expected = try await testCase.expected()
      for options in chosen {
        do {
          let executable = try await backend.compile(testCase.graph, constants: testCase.constants, options: options)
          try testCase.check(try await testCase.run(executable), expected: expected)
        } catch {
          Issue.record(
            "\(testCase) [\(options.shape?.rawValue ?? "") candidate \(options.candidate ?? 0)] on \(device): \(error)")
        }
      }
    }
  }

  /// What a driver builds once.
  private struct Program: Hashable {
    var action: LaunchAction
    var workGroup: [Int]
  }

  /// A curve has one expression for a value and for a vector: a row's bits depend neither on the kernel's shape nor on
  /// where the row ends. The device's own tanh and square root may differ.
  @Test(arguments: TestDevices.all)
  func curvesHaveTheSameBitsInEveryVariant(device: Device) async throws {
    let backend = try TestBackends.backend(device)
    let cases = KernelCases.cases(operation: "unary").filter {
      !$0.name.hasPrefix("tanh") && !$0.name.hasPrefix("sqrt")
    }
    try #require(cases.contains { $0.name.hasPrefix("gelu ") })
    for testCase in cases {
      var all: Set<NameTable<[UInt32]>> = []
      for variant in try backend.planner.variants(of: testCase.graph) {
        let executable = try await backend.compile(
          testCase.graph, constants: testCase.constants, options: variant.options)
        let results = try await testCase.run(executable)
        all.insert(try results.mapValues { try $0.floats().map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } })
      }
      #expect(all.count == 1, "\(testCase)")
    }
  }

  /// A kernel must be reached by cases in every shape it exists in; else the matrix above proves nothing of it.
  @Test func everyKernelFileIsReached() throws {
    let planner = Planner(
      target: TargetProfile(
        preferredShapes: [.wide, .simt], maximumWorkGroupSize: 256, localMemoryByteCount: 32 << 10, computeUnits: 2))
    var kernels = PackingKernels.all.map(\.kernel)
    for testCase in KernelCases.all {
      for variant in try planner.variants(of: testCase.graph) { kernels += variant.plan.lists.flatMap(\.kernels) }
    }
    var reached: Set<String> = []
    for case .file(let path) in kernels.map(\.source) { reached.insert(path) }
    // Tapes are made of kernels after their planning: `TapeBitsTests` runs them.
    let files = KernelLibrary.files.filter { $0.value.contains("__kernel") && !$0.key.hasPrefix("Tape/") }.keys
    #expect(reached == Set(files))
  }

  @Test func thereAreDevices() {
    #expect(!TestDevices.all.isEmpty, "no OpenCL device: \(TestDevices.failure.map(String.init(describing:)) ?? "")")
  }
}

extension Planner {
  /// The ways to try a case in. The second of two equal devices runs the same programs: there every kernel once will do.
  func variants(of testCase: OpCase, everyTile: Bool) throws -> [(options: PlanOptions, plan: Plan)] {
    try variants(of: testCase.graph, at: testCase.bindings(), everyCandidate: everyTile && testCase.triesEveryTile)
  }
}
