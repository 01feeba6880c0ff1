import Foundation
import Heddle
import TestSupport
import Testing

@Suite struct ProfileTests {
  @Test(arguments: TestDevices.all)
  func `a profile covers every launch that ran`(device: Device) async throws {
    let step = try StepGraph()
    let executable = try await backend(device).compile(step.graph, constants: step.constants, options: nil)
    let session = try executable.makeDeviceSession(["capacity": 8])
    for (rows, hasWork) in [(3, true), (0, false), (1, true)] {
      let request = try step.request(rows: rows, past: 0)
      let (outputs, profile) = try await session.profile(request)
      #expect(try outputs["y"]?.floats() == step.expected(rows: rows))
      let bindings: Bindings = ["n": rows, "past": 0, "capacity": 8]
      let list = executable.plan.lists[try #require(executable.plan.listIndex(for: bindings))]
      let ran = try list.launches.filter { try !$0.global.map { try $0.value(bindings) }.contains(0) }
      #expect(profile.entries.map(\.variant) == ran.map(\.action.variantName))
      #expect((profile.entries.count == list.launches.count) == hasWork)
      #expect(profile.entries.allSatisfy { $0.started > 0 && $0.ended >= $0.started })
      if hasWork { #expect(profile.entries.contains { $0.operation == "matmul" }) }

      let table = profile.table()
      #expect(table.split(separator: "\n").last?.contains("in \(ran.count) launches") == true)
      for kernel in Set(ran.map(\.action.variantName)) { #expect(table.contains(kernel)) }
      let trace = try JSONSerialization.jsonObject(with: profile.chromeTrace()) as? [String: [[String: Any]]]
      let events = try #require(trace?["traceEvents"])
      #expect(events.count == ran.count)
      for event in events {
        #expect(event["ph"] as? String == "X")
        #expect((event["dur"] as? Double ?? -1) >= 0 && (event["ts"] as? Double ?? -1) >= 0)
        #expect((event["args"] as? [String: String])?["variant"]?.isEmpty == false)
      }
    }
    // A run without a profile follows one with: the queues differ, the values do not.
    #expect(try await session.run(step.request(rows: 2, past: 0))["y"]?.floats() == step.expected(rows: 2))
  }
}
