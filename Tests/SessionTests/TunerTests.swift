import Foundation
import TestSupport
import Testing

@testable import HeddleExecution

@Suite struct TunerTests {
  @Test func `a budget beyond the end of time is a century`() {
    var options = TuningOptions()
    options.budget = .seconds(Int64.max) * 18
    #expect(options.deadline > .now && options.deadline < .now + .seconds(Int64(1) << 40))
  }

  @Test(arguments: TestDevices.all)
  func `the fastest is recorded, and taken by every later backend`(device: Device) async throws {
    let bench = try TuningBench(device)
    defer { bench.remove() }
    let backend = try bench.backend()
    let before = try bench.choice(backend)
    #expect(before.reason == .standard)
    for candidate in before.candidates.map(\.name).reversed() {
      let report = try await bench.tune(backend, fastest: candidate, force: true)
      #expect(report.rows.map(\.chosen) == [candidate] && report.rows.map(\.status) == [.measured])
      #expect(report.rows[0].gain == (candidate == before.chosen ? 1 : 2))
      for other in [backend, try bench.backend()] {
        let after = try bench.choice(other)
        #expect(after.chosen == candidate && after.reason == .tuned)
        let executable = try await other.compile(bench.graph, constants: bench.constants)
        let compiled = try #require(executable as? DeviceExecutable)
        #expect(compiled.plan.lists[0].choices.contains { $0.chosen == candidate && $0.reason == .tuned })
      }
      #expect(try bench.choice(bench.backend(.off)).reason == .standard)
      #expect(backend.tuningNotes.isEmpty)
    }
    // What is known is not measured again.
    let times = Times { _ in 1 }
    let again = try await bench.tuner(try bench.backend(), times).tune(bench.graph, constants: bench.constants)
    #expect(times.order.isEmpty && again.rows.map(\.status) == [.recorded])
    #expect(again.rows[0].chosen == before.candidates[0].name)
  }

  @Test(arguments: TestDevices.all)
  func `tuned and untuned give the same bits`(device: Device) async throws {
    let bench = try TuningBench(device)
    defer { bench.remove() }
    let plain = try bench.backend(.off)
    let expected = try await plain.compile(bench.graph, constants: bench.constants).makeSession([:])
      .run(bench.request())
    for candidate in try bench.choice(plain).candidates.map(\.name) {
      let backend = try bench.backend()
      try await bench.tune(backend, fastest: candidate, force: true)
      let executable = try await backend.compile(bench.graph, constants: bench.constants, options: nil)
      #expect(executable.plan.lists[0].choices.contains { $0.chosen == candidate })
      #expect(try await executable.makeSession([:]).run(bench.request()) == expected)
    }
  }

  @Test(arguments: TestDevices.all)
  func `a changed kernel is measured anew`(device: Device) async throws {
    let bench = try TuningBench(device)
    defer { bench.remove() }
    let backend = try bench.backend()
    let names = try bench.choice(backend).candidates.map(\.name)
    try await bench.tune(backend, fastest: try #require(names.last))
    let changed = try bench.backend(text: "// another kernel")
    #expect(try bench.choice(changed).reason == .standard)
    #expect(changed.tuningNotes.isEmpty)
    let report = try await bench.tune(changed, fastest: names[1])
    #expect(report.rows.map(\.status) == [.measured])
    #expect(try bench.choice(changed).chosen == names[1])
    // And the other way: the first kernel is the changed one now.
    #expect(try bench.choice(bench.backend()).reason == .standard)
  }

  @Test(arguments: TestDevices.all.prefix(1))
  func `candidates take turns, and each is measured as often as asked`(device: Device) async throws {
    let bench = try TuningBench(device)
    defer { bench.remove() }
    let backend = try bench.backend()
    let names = try bench.choice(backend).candidates.map(\.name)
    let times = Times { _ in 1e-3 }
    _ = try await bench.tuner(backend, rounds: 6, times).tune(bench.graph, constants: bench.constants)
    #expect(Array(times.order.prefix(names.count)) == names, "each is warmed up")
    let rounds = Array(times.order.dropFirst(names.count))
    #expect(rounds.count == 6 * names.count)
    for round in 0..<6 {
      let order = Array(rounds[round * names.count..<(round + 1) * names.count])
      #expect(Set(order) == Set(names) && order.first == names[round % names.count])
    }
  }

  @Test(arguments: TestDevices.all.prefix(1))
  func `time up, nothing decided; cancelled, nothing recorded`(device: Device) async throws {
    let bench = try TuningBench(device)
    defer { bench.remove() }
    let backend = try bench.backend()
    let late = Times { _ in throw ExecutionError.deadlineExceeded }
    let report = try await bench.tuner(backend, late).tune(bench.graph, constants: bench.constants)
    #expect(report.rows.map(\.status) == [.outOfBudget] && report.decisions.choices.isEmpty)
    #expect(report.rows[0].chosen == report.rows[0].standard && report.table().contains("time was up"))
    let none = try await bench.tuner(backend, budget: .nanoseconds(1), Times { _ in 1 })
      .tune(bench.graph, constants: bench.constants)
    #expect(none.rows.map(\.status) == [.outOfBudget])
    let cancelled = Times { _ in throw CancellationError() }
    await #expect(throws: CancellationError.self) {
      try await bench.tuner(backend, cancelled).tune(bench.graph, constants: bench.constants)
    }
    let task = Task { try await backend.tune(bench.graph, constants: bench.constants) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(backend.tuningRecord.entries().isEmpty)
    for (rounds, budget) in [(4, Duration.seconds(1)), (0, .seconds(1)), (5, .zero), (5, .seconds(-1))] {
      await #expect(throws: TuningError.self) {
        try await bench.tuner(backend, rounds: rounds, budget: budget, Times { _ in 1 })
          .tune(bench.graph, constants: bench.constants)
      }
    }
  }

  @Test(arguments: TestDevices.all)
  func `on demand, compiling measures on the device what is missing`(device: Device) async throws {
    let bench = try TuningBench(device)
    defer { bench.remove() }
    let step = try StepGraph(weightRows: 80)
    let backend = try bench.backend(.onDemand(budget: .seconds(600)))
    let executable = try await backend.compile(step.graph, constants: step.constants, options: nil)
    #expect(backend.tuningNotes.isEmpty)
    let decided = executable.plan.lists.flatMap(\.choices).filter { $0.candidates.count > 1 }
    #expect(!decided.isEmpty && decided.allSatisfy { $0.reason == .tuned })
    let entries = backend.tuningRecord.entries()
    #expect(Set(entries.keys) == Set(decided.map(\.signature)))
    for entry in entries.values {
      #expect(entry.candidates.count > 1 && entry.candidates.allSatisfy { $0.seconds > 0 })
    }
    let session = try executable.makeDeviceSession(["capacity": 20])
    let got = try await session.run(step.request(rows: 5, past: 2))["y"]?.floats()
    let plain = try await bench.backend(.off).compile(step.graph, constants: step.constants).makeSession([
      "capacity": 20
    ])
    #expect(try await got == plain.run(step.request(rows: 5, past: 2))["y"]?.floats())
  }

  @Test(arguments: TestDevices.all.prefix(1))
  func `pinned choices are followed and checked, and nothing else is`(device: Device) async throws {
    let bench = try TuningBench(device)
    defer { bench.remove() }
    let choice = try bench.choice(bench.backend())
    let (first, last) = (choice.candidates[0].name, try #require(choice.candidates.last?.name))
    let report = try await bench.tune(bench.backend(), fastest: last)
    // What a report says can be pinned as a file.
    let file = bench.folder.appendingPathComponent("decisions.json")
    try report.decisions.json().write(to: file)
    let pinned = try bench.choice(bench.backend(.pinned(TuningDecisions(contentsOf: file.path))))
    #expect(pinned.chosen == last && pinned.reason == .pinned)
    let other = TuningDecisions([choice.signature: first], source: .tuned)
    #expect(try bench.choice(bench.backend(.pinned(other))).chosen == first)
    #expect(try bench.choice(bench.backend(.pinned(TuningDecisions()))).reason == .standard)
    let wrong = try bench.backend(.pinned(TuningDecisions([choice.signature: "wide 77x1"])))
    await #expect(throws: PlanError.self) { try await wrong.compile(bench.graph, constants: bench.constants) }
  }

  @Test func `a graph is run where it can run`() throws {
    #expect([0...1, 2...16, 17...512, 0...20, 300...400, 0...0].map(Graph.middle) == [1, 8, 256, 20, 300, 0])
    let step = try StepGraph()
    for range in BindingRange.defaults(for: step.graph) {
      let chosen = try step.graph.representative(of: range)
      let bindings = try step.graph.resolveBindings(chosen.request, fixed: chosen.fixed)
      #expect(range.contains(bindings))
    }
    // Twenty rows after forty do not fit a cache of forty.
    #expect(try step.graph.representative(of: BindingRange(step.graph.ranges)).request.bindings["past"] == 16)
    let never = BindingRange(["n": 20...20, "past": 40...40, "capacity": 1...40])
    #expect(throws: TuningError.self) { try step.graph.representative(of: never) }
  }

  @Test(arguments: [([1 << 20, 1 << 20], "'a'"), ([1 << 27], "'c'"), ([1 << 31, 1 << 29], "'a'")])
  func `inputs too large to make up are refused before memory is taken`(shape: [Int], first: String) throws {
    let builder = GraphBuilder()
    let shape = shape.map { Dimension($0) }
    var sum = try builder.input("a", .float32, shape)
    for name in ["b", "c"] { sum = try builder.add(sum, builder.input(name, .float32, shape)) }
    let graph = try builder.build(outputs: ["y": sum])
    let error = #expect(throws: TuningError.self) { try graph.representative(of: BindingRange([:])) }
    let text = "\(try #require(error))"
    #expect(text.contains("with \(first) of shape") && text.contains("more than 1073741824 bytes"), "\(text)")
  }

  @Test func `a change must be worth it`() {
    func chosen(_ seconds: Double...) -> String {
      let measured = seconds.enumerated().map { TuningEntry.Measured(name: "\($0.offset)", seconds: $0.element) }
      return TuningEntry(signature: ProblemSignature(rawValue: "p"), digest: "", candidates: measured).chosen
    }
    #expect(chosen(100, 50, 40) == "2")
    #expect(chosen(100, 98) == "0")
    #expect(chosen(100, 97) == "1")
    #expect(chosen(100, 100) == "0" && chosen(0, 0) == "0" && chosen(1, 2) == "0")
    #expect(TuningEntry.median([3, 1, 2]) == 2 && TuningEntry.median([4, 1, 2, 3]) == 2.5)
    #expect(TuningEntry.median([]) == nil)
    // In every run one of the nodes is disturbed: the median of the runs' sums would be 1006.
    let disturbed = (0..<6).map { node in (node, (0..<6).map { $0 == node ? 1001.0 : 1 }) }
    #expect(Tuner.seconds(Dictionary(uniqueKeysWithValues: disturbed)) == 6)
    #expect(Tuner.seconds([0: [1, 1, 1, 1, 1], 1: [1]]) == nil && Tuner.seconds([:]) == nil)
  }
}
