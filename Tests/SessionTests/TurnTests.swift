import Foundation
import Heddle
import Synchronization
import TestSupport
import Testing

@testable import HeddleExecution

/// A callback of a step may compile while another thread does: neither waits for the other for ever.
@Suite(.serialized) struct TurnTests {
  private enum Outcome: Sendable { case none, busy, compiled, failed }

  @Test(.timeLimit(.minutes(2)), arguments: TestDevices.all)
  func `a step's callback compiles while another thread packs constants`(device: Device) async throws {
    let backend = try backend(device)
    let long = try LongGraph(length: 40)
    let session = try backend.compileBlocking(long.graph, constants: long.constants).makeDeviceSession()
    let request = try long.request(rows: 2000)
    let (one, other) = (try StepGraph(), try StepGraph(weightRows: 16))
    let outcome = Mutex(Outcome.none)
    let isPacking = DispatchSemaphore(value: 0)
    let hasEnded = DispatchSemaphore(value: 0)
    let cancellation = RunCancellation(poll: {
      guard outcome.withLock({ $0 }) == .none else { return false }
      Thread.detachNewThread {
        _ = try? backend.compileBlocking(one.graph, constants: one.constants) { now in
          if now.stage == .packing, now.done == 0 { isPacking.signal() }
        }
        hasEnded.signal()
      }
      isPacking.wait()
      // Until the other waits for this step's turn, if it has to.
      Thread.sleep(forTimeInterval: 0.1)
      let got: Outcome
      do {
        _ = try backend.compileBlocking(other.graph, constants: other.constants)
        got = .compiled
      } catch ExecutionError.driverBusy {
        got = .busy
      } catch {
        got = .failed
      }
      outcome.withLock { $0 = got }
      return false
    })
    _ = try session.runBlocking(request, cancellation: cancellation)
    await withCheckedContinuation { done in
      Thread.detachNewThread {
        hasEnded.wait()
        done.resume()
      }
    }
    let got = outcome.withLock { $0 }
    #expect(got == .busy || got == .compiled, "\(got)")
    _ = try backend.compileBlocking(other.graph, constants: other.constants)
  }
}
