import CountingRuntime
import Heddle
import HeddleHost
import Testing

@testable import HeddleExecution

/// What a run with tapes asks of a device, counted.
@Suite struct CountedTapeTests {
  private func calls(of runtime: CountingRuntime, in body: () throws -> Void) rethrows -> [Counts.Call: Int] {
    let before = Counts.Call.allCases.map { ($0, runtime.counts.calls($0)) }
    try body()
    return Dictionary(uniqueKeysWithValues: before.map { ($0, runtime.counts.calls($0) - $1) }).filter { $0.value != 0 }
  }

  @Test func `a step is one launch, and asks for nothing else when it is run again`() throws {
    let runtime = CountingRuntime(.always)
    let step = try StepGraph()
    let executable = try DeviceBackend(runtime: runtime).compileTaped(step.graph, constants: step.constants, .always)
    #expect(executable.plan.kernelsBesideTapes.isEmpty)
    let session = try executable.makeDeviceSession(["capacity": 20])
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 4096)
    defer { memory.deallocate() }
    let x = HostMemory(UnsafeMutableRawBufferPointer(rebasing: memory[0..<32]), shape: [1, 8])
    #expect(try session.bindBlocking(.input("x"), to: .host(x)) == .inPlace)
    let request = RunRequest(bindings: ["n": 1, "past": 3], outputs: [])
    let buffers = try #require(executable.plan.tapes.joined().first { $0.launches.count > 1 }).buffers.count
    let first = try calls(of: runtime) { _ = try session.runBlocking(request) }
    #expect(first[.launch] == 1 + buffers, "and where each buffer is")
    let again = try calls(of: runtime) { try session.runAgainBlocking() }
    #expect(again[.launch] == 1)
    for made in [Counts.Call.build, .makeKernel, .makeQueue, .allocate, .setMemory, .write, .zero, .read] {
      #expect(again[made] == nil, "\(made)")
    }
    // Another place in the cache: its parameters, and the launch.
    let other = try calls(of: runtime) {
      _ = try session.runBlocking(RunRequest(bindings: ["n": 1, "past": 4], outputs: []))
    }
    #expect(other[.launch] == 1 && other[.write] == 1 && other[.setMemory] == nil)
    // Times are those of launches.
    let launches = executable.plan.lists[
      try #require(executable.plan.listIndex(for: ["n": 1, "past": 4, "capacity": 20]))
    ].launches.count
    let profiled = try calls(of: runtime) {
      _ = try session.profileBlocking(RunRequest(bindings: ["n": 1, "past": 5], outputs: []))
    }
    #expect(profiled[.launch] == launches)
    try session.bindBlocking(.input("x"), to: nil)
  }

  @Test func `memory that is bound anew is found where it is, and the rest is left alone`() throws {
    let runtime = CountingRuntime(.always)
    let step = try StepGraph()
    let session = try DeviceBackend(runtime: runtime).compileTaped(step.graph, constants: step.constants, .always)
      .makeDeviceSession(["capacity": 20])
    _ = try session.runBlocking(step.request(rows: 2, past: 0))
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 4096)
    defer { memory.deallocate() }
    try session.bindBlocking(
      .output("y"), to: .host(HostMemory(UnsafeMutableRawBufferPointer(rebasing: memory[0..<64]))))
    let bound = try calls(of: runtime) {
      _ = try session.runBlocking(
        RunRequest(inputs: ["x": .counting([2, 8])], bindings: ["past": 2], outputs: []))
    }
    #expect(bound[.launch] == 2, "the tape, and where the output is")
    try session.bindBlocking(.output("y"), to: nil)
  }
}
