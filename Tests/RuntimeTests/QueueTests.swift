import Foundation
import OpenCLRuntime
import Synchronization
import TestSupport
import Testing

/// Devices on which a command may wait for the host: all but PoCL's `basic` ones, which deadlock (see `UserEvent`).
private let gated = TestDevices.all.filter {
  !($0.profile.platformName == "Portable Computing Language" && $0.name.hasPrefix("basic"))
}

@Suite struct QueueTests {
  @Test(arguments: TestDevices.all)
  func eventsWaitAndProfile(device: Device) throws {
    let bench = try Bench(device, profiling: true)
    let x = try bench.buffer([Float](repeating: 1, count: 4096))
    let kernel = try bench.program().kernel("scale")
    try kernel.setArguments(x, x, Float(2), UInt32(4096))
    let event = try #require(try bench.queue.enqueue(kernel, global: [4096], event: true))
    try event.wait()
    #expect(try event.status == .complete)
    #expect(try event.wait(timeout: .seconds(1)))
    let profile = try event.profile
    #expect(profile.queued <= profile.submitted && profile.submitted <= profile.started)
    #expect(profile.started <= profile.ended && profile.duration >= 0)
    #expect(try bench.queue.enqueue(kernel, global: [4096]) == nil)
    try bench.queue.flush()
    try bench.queue.finish()
    let plain = try CommandQueue(context: bench.context)
    let marker = try plain.marker()
    try marker.wait()
    expectError({ _ = try marker.profile }) { if case .call = $0 { true } else { false } }
  }

  @Test(arguments: gated)
  func timeoutsAndUserEvents(device: Device) throws {
    let bench = try Bench(device)
    let gate = try UserEvent(context: bench.context)
    let blocked = try bench.queue.marker(waitFor: [gate.event])
    #expect(try blocked.wait(timeout: .milliseconds(20)) == false)
    #expect(try blocked.wait(timeout: .seconds(-1)) == false)
    #expect(try blocked.status != .complete)
    try gate.complete()
    try gate.complete()
    #expect(try blocked.wait(timeout: .seconds(20)))
    #expect(try blocked.wait(timeout: .seconds(Int64.max)))

    let late = try UserEvent(context: bench.context)
    let waiting = try bench.queue.marker(waitFor: [late.event])
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(100)) { try? late.complete() }
    #expect(try waiting.wait(timeout: .seconds(Int64.max) * 2), "more seconds than 64 bits hold")

    let forgotten = try bench.queue.marker(waitFor: [try UserEvent(context: bench.context).event])
    #expect(try forgotten.wait(timeout: .seconds(20)), "a user event that goes out of scope lets its waiters run")

    let stranger = try Context(device: device)
    let foreign = try UserEvent(context: stranger)
    expectError({ _ = try bench.queue.marker(waitFor: [foreign.event]) }) {
      if case .foreignContext = $0 { true } else { false }
    }
  }

  @Test(arguments: gated)
  func suspendingAndCallbacks(device: Device) async throws {
    let bench = try Bench(device)
    let gate = try UserEvent(context: bench.context)
    let event = try bench.queue.marker(waitFor: [gate.event])
    let called = Atomic(0)
    try event.onCompletion { status in
      if status == .success { called.wrappingAdd(1, ordering: .relaxed) }
    }
    // More waiters than cooperative threads: a blocking wait would starve the one that opens the gate.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<16 { group.addTask { try await event.completed() } }
      group.addTask { try gate.complete() }
      try await group.waitForAll()
    }
    try await event.completed()
    try await bench.queue.finished()
    for _ in 0..<500 where called.load(ordering: .relaxed) == 0 { try await Task.sleep(for: .milliseconds(10)) }
    #expect(called.load(ordering: .relaxed) == 1)
  }

  @Test(arguments: TestDevices.all)
  func suspendingWithoutAGate(device: Device) async throws {
    let bench = try Bench(device)
    let x = try bench.buffer([Float](repeating: 1, count: 4096))
    let kernel = try bench.program().kernel("scale")
    try kernel.setArguments(x, x, Float(2), UInt32(4096))
    let event = try #require(try bench.queue.enqueue(kernel, global: [4096], event: true))
    try await event.completed()
    #expect(try event.status == .complete)
    #expect(try bench.queue.marker().wait(timeout: .seconds(20)))
    #expect(try bench.queue.read(Float.self, from: x, count: 1) == [2])
  }

  @Test(arguments: TestDevices.all)
  func nonBlockingTransfers(device: Device) throws {
    let bench = try Bench(device)
    let buffer = try Buffer(context: bench.context, byteCount: 1 << 20)
    let source = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    let target = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer {
      source.deallocate()
      target.deallocate()
    }
    for index in source.indices { source[index] = UInt8(truncatingIfNeeded: index &* 37) }
    try bench.queue.write(UnsafeRawBufferPointer(source), to: buffer, blocking: false)
    let second = try CommandQueue(context: bench.context)
    let written = try bench.queue.marker()
    try bench.queue.flush()
    let event = try #require(
      try second.read(from: buffer, into: target, blocking: false, waitFor: [written], event: true))
    try event.wait()
    #expect(target.elementsEqual(source))
  }

  @Test(arguments: TestDevices.all)
  func nothingLeaks(device: Device) throws {
    let context = try Context(device: device)
    for _ in 0..<3 {
      let queue = try CommandQueue(context: context)
      let buffer = try Buffer(context: context, byteCount: 64)
      try queue.fill(buffer, pattern: [1])
      let event = try queue.marker()
      _ = try queue.read(UInt8.self, from: buffer)
      // The marker and the fill come before the blocking read: the queue is known to be idle.
      withExtendedLifetime(event) { #expect(context.liveEventCount == 1 && context.liveQueueCount == 1) }
    }
    #expect(context.liveEventCount == 0 && context.liveQueueCount == 0 && context.liveBufferCount == 0)
  }

  /// A queue dropped with work under way finishes it elsewhere; nothing it used goes before.
  @Test(arguments: gated)
  func busyQueuesMayBeDropped(device: Device) throws {
    let context = try Context(device: device)
    let gate = try UserEvent(context: context)
    let out: Buffer
    do {
      let bench = try CommandQueue(context: context)
      let program = try Program(context: context, source: scaleSource, name: "scale")
      let kernel = try program.kernel("scale")
      let x = try Buffer(context: context, byteCount: 4096)
      out = try Buffer(context: context, byteCount: 4096)
      try bench.fill(x, pattern: [0, 0, 128, 63])
      try kernel.setArguments(x, out, Float(3), UInt32(1024))
      try bench.enqueue(kernel, global: [1024], waitFor: [gate.event])
    }
    #expect(context.liveQueueCount == 1 && context.liveKernelCount == 0)
    try gate.complete()
    for _ in 0..<1000 where context.liveQueueCount > 0 { usleep(10_000) }
    #expect(context.liveQueueCount == 0)
    let queue = try CommandQueue(context: context)
    #expect(try queue.read(Float.self, from: out) == [Float](repeating: 3, count: 1024))
  }

  @Test(arguments: TestDevices.all)
  func manyThreadsShareAQueue(device: Device) async throws {
    let bench = try Bench(device)
    let program = try bench.program()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<4 {
        group.addTask {
          try await onThread {
            let kernel = try program.kernel("scale")
            let x = try bench.buffer([Float](repeating: Float(number), count: 64))
            let y = try Buffer(context: bench.context, byteCount: 256)
            for step in 0..<200 {
              try kernel.setArguments(x, y, Float(step), UInt32(64))
              try bench.queue.enqueue(kernel, global: [64], local: [16])
            }
            let result = try bench.queue.read(Float.self, from: y)
            #expect(result == [Float](repeating: Float(number * 199), count: 64))
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(bench.context.liveEventCount == 0 && bench.context.liveKernelCount == 0)
  }
}
