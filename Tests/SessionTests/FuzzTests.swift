import Heddle
import TestSupport
import Testing

@Suite struct FuzzTests {
  @Test(arguments: TestDevices.all, 0..<8)
  func `every way to run a random graph gives the oracle's bits`(device: Device, batch: Int) async throws {
    let backend = try backend(device)
    let ways: [PlanOptions] = [
      options { _ in }, options { $0.runsPasses = false }, options { $0.shape = .wide },
      options { $0.taping = .always }, options { $0.taping = .never },
      options {
        $0.shape = .simt
        $0.candidate = 1
      },
    ]
    for seed in batch * 8..<batch * 8 + (TestDevices.isCampaign ? 8 : 4) {
      let sample = try RandomGraph(seed: UInt64(seed))
      let oracle = try await ReferenceBackend().compile(sample.graph, constants: sample.constants).makeSession([:])
      var sessions: [any Session] = []
      for way in ways {
        let executable = try await backend.compile(sample.graph, constants: sample.constants, options: way)
        sessions.append(try executable.makeSession([:]))
      }
      for step in 0..<3 {
        let request = try sample.request(step: step)
        let expected = try await oracle.run(request)
        for (way, session) in sessions.enumerated() {
          let got = try await session.run(request)
          for (name, tensor) in expected {
            // Negative zeros count as zeros: a sum's order may differ in nothing else.
            #expect(
              try got[name]?.floats() == tensor.floats(), "seed \(seed), step \(step), way \(way), output \(name)")
          }
          #expect(got.keys.sorted() == expected.keys.sorted())
        }
      }
    }
  }
}
