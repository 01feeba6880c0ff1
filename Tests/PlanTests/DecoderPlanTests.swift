import Foundation
import HeddlePlanning
import KernelSources
import Testing
import _KernelCases

/// Every way to ask for a plan that leads to different kernels.
struct PlanRequest: CustomStringConvertible, Sendable {
  var shape: KernelShape?
  var candidate: Int
  var runsPasses: Bool
  var target: TargetProfile

  var options: PlanOptions {
    var options = PlanOptions()
    options.shape = shape
    options.candidate = candidate
    options.runsPasses = runsPasses
    return options
  }

  var description: String {
    "\(shape?.rawValue ?? "any") \(candidate) passes \(runsPasses) group \(target.maximumWorkGroupSize)"
  }

  static let all: [PlanRequest] = [DecoderGraph.cpu, .floor].flatMap { target in
    ([nil] + KernelShape.allCases).flatMap { shape in
      (0..<4).flatMap { candidate in
        [true, false].map { PlanRequest(shape: shape, candidate: candidate, runsPasses: $0, target: target) }
      }
    }
  }
}

@Suite struct DecoderPlanTests {
  private let kernels: [String: String] = {
    var files: [String: String] = [:]
    for index in 0..<heddle_kernel_source_count() {
      let source = heddle_kernel_source_at(index)
      if let path = source.path, let text = source.text { files[String(cString: path)] = String(cString: text) }
    }
    return files
  }()

  private func plan(_ request: PlanRequest) throws -> Plan {
    try Planner(target: request.target).plan(DecoderGraph.make(), options: request.options)
  }

  /// Bytes of `__local` arrays of 4-byte values in a kernel's file, their lengths taken from its defines.
  private func localByteCount(_ kernel: KernelReference) throws -> Int {
    guard case .file(let path) = kernel.source, let text = kernels[path] else { return 0 }
    return try text.matches(of: /__local (?:float|int) \w+\[(\w+)\]/).reduce(0) { sum, match in
      sum + 4 * (try #require(Int(match.1) ?? kernel.defines[String(match.1)].flatMap { Int($0) }))
    }
  }

  @Test(arguments: PlanRequest.all) func `every launch keeps the floor`(request: PlanRequest) throws {
    let plan = try plan(request)
    var random = SplitMix64(seed: 7)
    #expect(plan.lists.count == 3)
    for list in plan.lists {
      #expect(list.blockOfLaunch.count == list.launches.count)
      for _ in 0..<4 {
        let bindings = list.range.ranges.mapValues { Int.random(in: $0, using: &random) }
        for launch in list.launches {
          #expect((1...3).contains(launch.global.count) && launch.global.count == launch.local.count)
          #expect(launch.local.reduce(1, *) <= 256)
          for (global, local) in zip(launch.global, launch.local) {
            #expect(try global.value(bindings) % local == 0, "\(launch.action.variantName)")
          }
        }
      }
      for launch in list.launches {
        #expect(try localByteCount(try #require(launch.kernel)) <= 32 << 10)
        let names = try #require(launch.kernel).parameters
        #expect(Set(names).count == names.count, "\(launch.action.variantName): \(names)")
        #expect(launch.parameters.map(\.name) == names)
        #expect(!launch.writes.isEmpty && launch.writes.allSatisfy(launch.buffers.indices.contains))
      }
    }
  }

  @Test(arguments: PlanRequest.all) func `every kernel's file and entry exist`(request: PlanRequest) throws {
    for kernel in try plan(request).lists.flatMap(\.kernels) {
      guard case .file(let path) = kernel.source else {
        Issue.record("\(kernel) has no file")
        continue
      }
      let text = try #require(kernels[path], "\(path)")
      #expect(text.contains(" \(kernel.entry)("))
      // What the file insists on is defined, and every uniform it reads is given.
      for line in text.split(separator: "\n") where line.hasPrefix("#if !defined(") {
        for define in line.matches(of: /!defined\((\w+)\)/) { #expect(kernel.defines[String(define.1)] != nil) }
      }
      for use in compiled(text, kernel.defines).matches(of: /\bP_(?!INDEX)(\w+)/) {
        #expect(kernel.parameters.contains(String(use.1)), "\(use.0)")
      }
    }
  }

  /// The lines that `#if NAME`, `#if !NAME` and `#else` leave, for names the plan defines.
  private func compiled(_ text: String, _ defines: [String: String]) -> String {
    var kept: [Substring] = []
    var conditions: [Bool] = []
    for line in text.split(separator: "\n") {
      if let match = line.firstMatch(of: /^#if (!?)(\w+)$/) {
        let isSet = defines[String(match.2)].map { $0 != "0" }
        conditions.append(isSet.map { match.1.isEmpty ? $0 : !$0 } ?? true)
      } else if line.hasPrefix("#if") {
        conditions.append(true)
      } else if line == "#else", let last = conditions.popLast() {
        conditions.append(!last)
      } else if line == "#endif" {
        _ = conditions.popLast()
      } else if !conditions.contains(false) {
        kept.append(line)
      }
    }
    return kept.joined(separator: "\n")
  }

  @Test func `every buffer is the graph's or the plan's`() throws {
    for request in PlanRequest.all {
      let plan = try plan(request)
      for launch in plan.lists.flatMap(\.launches) {
        for (position, buffer) in launch.buffers.enumerated() {
          let isWritten = launch.writes.contains(position)
          switch buffer {
          case .input(let name): #expect(plan.graph.inputs.contains { $0.name == name } && !isWritten)
          case .output(let name): #expect(plan.graph.outputs.contains { $0.name == name })
          case .state(let name): #expect(plan.graph.states.contains { $0.name == name })
          case .constant(let constant): #expect(plan.constants.contains(constant) && !isWritten)
          case .experts(let cache, let weight):
            let weights = plan.expertCaches.indices.contains(cache) ? plan.expertCaches[cache].weights : []
            #expect(weights.indices.contains(weight))
          case .literal(let index): #expect(plan.literals.indices.contains(index) && !isWritten)
          case .arena: break
          case .temporary: Issue.record("\(buffer) is left")
          }
        }
      }
    }
  }

  /// Replays the parameters a launch is given: they must be its own, with the arena's places added.
  @Test func `launches share equal parameter blocks`() throws {
    let plan = try plan(PlanRequest(shape: nil, candidate: 0, runsPasses: true, target: DecoderGraph.cpu))
    for list in plan.lists {
      let separate = list.launches.reduce(0) { $0 + $1.parameters.count }
      #expect(list.parameterValues.count < separate * 3 / 4, "\(list.parameterValues.count) of \(separate)")
      #expect(list.blockOfLaunch.count == list.launches.count)
      for (launch, start) in zip(list.launches, list.blockOfLaunch) {
        for (index, parameter) in launch.parameters.enumerated() {
          let value = list.parameterValues[start + index]
          guard let base = parameter.base, launch.buffers[base.buffer] == .arena else {
            #expect(value == parameter.value, "\(parameter.name)")
            continue
          }
          let place = try #require((value - parameter.value).constant)
          #expect(place * base.elementByteCount % 128 == 0)
          #expect((0..<max(1, list.arenaByteCount)).contains(place * base.elementByteCount))
        }
      }
    }
    // Both layers have the same shapes, so the second adds hardly any block.
    let list = plan.lists[0]
    #expect(Set(list.blockOfLaunch).count <= list.launches.count - 4)
  }

  @Test func `the plan is the same every time`() throws {
    for request in PlanRequest.all.prefix(6) {
      let (first, second) = (try plan(request), try plan(request))
      #expect(first.graph == second.graph)
      #expect(first.constants == second.constants && first.literals == second.literals)
      for (a, b) in zip(first.lists, second.lists) {
        #expect(a.range == b.range && a.parameterValues == b.parameterValues && a.blockOfLaunch == b.blockOfLaunch)
        #expect(a.arenaByteCount == b.arenaByteCount)
        #expect(a.launches.map(\.action) == b.launches.map(\.action))
        #expect(a.launches.map(\.buffers) == b.launches.map(\.buffers))
        #expect(a.launches.map(\.global) == b.launches.map(\.global))
      }
    }
  }
}
