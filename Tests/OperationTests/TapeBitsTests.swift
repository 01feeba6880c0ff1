import Heddle
import TestSupport
import Testing
import _KernelCases

/// Launches that a tape runs give the bits they give by themselves, whatever the kernel.
@Suite struct TapeBitsTests {
  /// Each kernel that a tape can run, once with each kind of pattern, or in a campaign with all that ``KernelCoverage`` tells
  /// apart: cases judge launches, and here they judge tapes.
  @Test(arguments: TestDevices.distinct, OperationTests.computed)
  func `a tape gives the bits of its launches`(device: Device, operation: String) async throws {
    let backend = try TestBackends.backend(device)
    var coverage = KernelCoverage(countsTiles: TestDevices.isCampaign)
    var compared = 0
    for testCase in KernelCases.cases(operation: operation) {
      for variant in try backend.planner.variants(of: testCase, everyTile: false) {
        var options = variant.options
        options.taping = .always
        let plan = try backend.planner.plan(testCase.graph, options: options)
        let taped = zip(plan.lists, plan.tapes).flatMap { list, tapes in
          tapes.flatMap { $0.launches.map { list.launches[$0] } }
        }
        guard coverage.insert(taped) else { continue }
        var results: [NameTable<Tensor>] = []
        for taping in [Taping.always, .never] {
          options.taping = taping
          let executable = try await backend.compile(testCase.graph, constants: testCase.constants, options: options)
          results.append(try await testCase.run(executable))
        }
        #expect(results[0] == results[1], "\(testCase) \(options.shape?.rawValue ?? "")")
        compared += 1
      }
    }
    print("\(operation) on \(TestDevices.name(of: device)): \(compared) tapes compared")
  }

  /// Kernels for one item a work-group are all walked.
  @Test(arguments: TestDevices.distinct)
  func `every wide kernel can be on a tape`(device: Device) throws {
    let backend = try TestBackends.backend(device)
    var missing: Set<String> = []
    for testCase in KernelCases.all {
      var options = PlanOptions()
      options.shape = .wide
      options.taping = .always
      let plan = try backend.planner.plan(testCase.graph, options: options)
      missing.formUnion(plan.kernelsBesideTapes.filter { $0.shape == .wide }.map(\.entry))
    }
    #expect(missing.isEmpty)
  }
}
