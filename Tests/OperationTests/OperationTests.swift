import Heddle
import TestSupport
import Testing
import _KernelCases

/// Every operation × every device: all cases in all variants, judged by the float64 oracle.
@Suite struct OperationTests {
  /// Operations that have kernels: leaves are reached through them, custom ones have tests of their own.
  static let computed = Operations.all.filter { $0 is any CasedOperation.Type }.map { $0.name }

  /// What one device and one operation are tested with; families keep a suite's output readable.
  @Test(arguments: TestDevices.all, computed)
  func everyVariantEqualsTheOracle(device: Device, operation: String) async throws {
    let backend = try TestBackends.backend(device)
    let cases = KernelCases.cases(operation: operation)
    try #require(!cases.isEmpty, "\(operation) has no cases")
    for testCase in cases {
      let expected = try await testCase.expected()
      for variant in try backend.planner.variants(of: testCase, everyTile: !TestDevices.isTwin(device)) {
        let name = "\(testCase) [\(variant.options.shape?.rawValue ?? "") candidate \(variant.options.candidate ?? 0)]"
        do {
          let executable = try await backend.compile(
            testCase.graph, constants: testCase.constants, options: variant.options)
          try testCase.check(try await testCase.run(executable), expected: expected)
        } catch {
          Issue.record("\(name) on \(device): \(error)")
        }
      }
    }
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
    let files = KernelLibrary.files.filter { $0.value.contains("__kernel") }.keys
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
