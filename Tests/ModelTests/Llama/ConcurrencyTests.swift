import Heddle
import TestSupport
import Testing

/// Many sessions of one model at once, on a device that has not run the model yet.
@Suite struct ConcurrencyTests {
  /// While some sessions run small steps, another's grow. PoCL 3.1 ended the process when a kernel was launched with
  /// its greatest work size so far while another queue was running it.
  @Test func growingSteps() async throws {
    let backend = try OpenCLBackend(device: DemoModel.device(), cache: nil)
    let file = try SyntheticLlama().file()
    let model = try await LanguageModel.open(file: file, backend: backend, options: ModelOptions(chunk: 96))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let session = try model.makeSession(capacity: 96)
          while !Task.isCancelled {
            try await session.reset()
            do { _ = try await session.step([1, 2], outputs: []) } catch is CancellationError { return }
          }
        }
      }
      group.addTask {
        let session = try model.makeSession(capacity: 96)
        for count in 3...96 {
          try await session.reset()
          _ = try await session.step(Array(0..<count), outputs: [])
        }
        try await session.reset()
        let crowded = try await session.logits(after: Array(0..<96))
        try await session.reset()
        #expect(try await session.logits(after: Array(0..<96)) == crowded)
      }
      // The growing session ends first; the others go on until they are told.
      try await group.next()
      group.cancelAll()
      try await group.waitForAll()
    }
  }
}
