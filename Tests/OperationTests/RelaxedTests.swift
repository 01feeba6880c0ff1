import Heddle
import TestSupport
import Testing
import _KernelCases

/// Candidates with an order of accumulation of their own, judged by the same bounds: these hold in any order of up to K
/// roundings.
@Suite struct RelaxedTests {
  #if CLBlast
    @Test(arguments: TestDevices.distinct)
    func `a library's products equal the oracle`(device: Device) async throws {
      let backend = try TestBackends.backend(device)
      var options = PlanOptions()
      options.numerics = .relaxed
      // The last one.
      options.candidate = .max
      var calls: Set<LibraryCall> = []
      var runs = 0
      for testCase in KernelCases.cases(operation: "matmul") {
        let plan = try backend.planner.plan(testCase.graph, options: options)
        let found = Set(plan.lists.flatMap(\.libraryCalls))
        if found.isEmpty { continue }
        do {
          let executable = try await backend.compile(testCase.graph, constants: testCase.constants, options: options)
          try testCase.check(try await testCase.run(executable), expected: try await testCase.expected())
        } catch {
          Issue.record("\(testCase) on \(device): \(error)")
        }
        calls.formUnion(found)
        runs += 1
      }
      #expect(runs > 100)
      // Each function, with either operand as it is and transposed.
      for function in ["clblast_sgemm", "clblast_sgemm_strided_batched"] {
        let forms = calls.filter { $0.function == function }.map(\.flags)
        for flag in ["X_TRANSPOSED", "W_TRANSPOSED"] {
          #expect(Set(forms.map { $0.contains(flag) }) == [false, true], "\(function)")
        }
      }
    }
  #else
    @Test(arguments: TestDevices.all)
    func `without the trait there is no library`(device: Device) throws {
      #expect(try !TestBackends.backend(device).planner.target.features.contains(TargetProfile.clblast))
    }
  #endif
}
