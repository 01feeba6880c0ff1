import Foundation
import Testing

@testable import HeddleC

@Suite struct CallerExecutorTests {
  private static var thread: Int { pthread_self().hashValue }

  private actor Counter {
    private(set) var count = 0

    func add(_ steps: @Sendable () async throws -> Int) async rethrows -> Int {
      let before = CallerExecutorTests.thread
      count += try await steps()
      return before
    }
  }

  private struct Expected: Error {}

  @Test func `tasks and actors run on the calling thread`() throws {
    let counter = Counter()
    let threads = try CallerExecutor.run {
      var threads = [CallerExecutorTests.thread]
      for _ in 0..<3 {
        threads.append(
          await counter.add {
            await Task.yield()
            return CallerExecutorTests.thread == 0 ? 0 : 1
          })
        threads.append(CallerExecutorTests.thread)
      }
      async let child = CallerExecutorTests.thread
      return threads + [await child, await counter.count]
    }
    #expect(threads == Array(repeating: Self.thread, count: 8) + [3])
  }

  @Test func `an error comes out, and a run can be inside another`() throws {
    let counter = Counter()
    #expect(throws: Expected.self) {
      try CallerExecutor.run { _ = try await counter.add { throw Expected() } }
    }
    let nested = try CallerExecutor.run {
      await Task.yield()
      let inner = try CallerExecutor.run { await counter.add { 1 } }
      await Task.yield()
      return [inner, await counter.add { 1 }, CallerExecutorTests.thread]
    }
    #expect(nested == Array(repeating: Self.thread, count: 3))
  }

  @Test func `what another thread resumes goes on here`() throws {
    let thread = try CallerExecutor.run {
      await withCheckedContinuation { continuation in Thread { continuation.resume() }.start() }
      return CallerExecutorTests.thread
    }
    #expect(thread == Self.thread)
  }
}
