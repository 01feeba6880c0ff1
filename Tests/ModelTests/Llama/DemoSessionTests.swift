import Foundation
import Heddle
import TestSupport
import Testing

/// How the demo model's sessions behave: chunks, resources, two at once, deadlines.
@Suite(.serialized) struct DemoSessionTests {
  /// Ids of a text of this many tokens.
  private func longPrompt(_ count: Int) throws -> [Int] {
    let tokenizer = try demoTokenizer()
    var text = ""
    for number in 0..<count { text += "Sentence \(number) says that \(number * 7 % 31) birds sat on the wall. " }
    return Array(tokenizer.encode(text, parseSpecial: false).prefix(count))
  }

  @Test func chunksDoNotChangeABit() async throws {
    let model = try await DemoModel.shared(on: DemoModel.device())
    let session = try model.makeSession(capacity: 1280)
    let (few, single) = TestDevices.isCampaign ? (1025, 1025) : (293, 130)
    for (count, chunk) in [(1025, 512), (few, 7), (single, 1)] {
      let prompt = try longPrompt(count)
      #expect(prompt.count == count)
      try await session.reset()
      let expected = try await session.logits(after: prompt).map(\.bitPattern)
      try await session.reset()
      let bits = try await session.logits(after: prompt, chunk: chunk).map(\.bitPattern)
      #expect(bits == expected, "chunks of \(chunk)")
    }
  }

  /// A token's launches, 1 with tapes; the bits of its logits are the same.
  @Test(arguments: [ActivationPrecision.exact, .int8])
  func tapesDoNotChangeABit(activations: ActivationPrecision) async throws {
    let prompt = try longPrompt(80)
    var all: [[UInt32]] = []
    for taping in [Taping.never, .whereLaunchesAreSmall] {
      let backend = try OpenCLBackend(device: DemoModel.device(), cache: nil, taping: taping)
      var options = ModelOptions()
      options.activations = activations
      let model = try await LanguageModel.open(file: DemoModel.file(), backend: backend, options: options)
      let plan = try #require((model.executable as? DeviceExecutable)?.plan)
      let token = try #require(
        plan.listIndex(
          for: ["tokens": 1, "past": 1, "capacity": 128].merging(plan.graph.ranges.mapValues(\.lowerBound)) {
            first, _ in first
          }))
      let (list, tapes) = (plan.lists[token], plan.tapes[token])
      print("\(taping), \(activations): \(list.launches.count) launches, \(tapes.map(\.launches)) on tapes")
      if taping == .never { #expect(tapes.isEmpty) }
      let walks = backend.planner.target.features.contains(TargetProfile.residentGroups)
      if taping != .never, walks { #expect(tapes.map(\.launches) == [list.launches.indices]) }
      let session = try model.makeSession(capacity: 128)
      var bits: [UInt32] = []
      for (start, count) in [(0, 64), (64, 1), (65, 1), (66, 9)] {
        bits += try await session.logits(after: Array(prompt[start..<start + count])).map(\.bitPattern)
      }
      all.append(bits)
    }
    #expect(all[0] == all[1])
  }

  @Test func weightsStayQuantized() async throws {
    let backend = try OpenCLBackend(device: DemoModel.device(), cache: nil)
    let file = try DemoModel.file()
    let model = try await LanguageModel.open(file: file, backend: backend)
    let executable = try #require(model.executable as? DeviceExecutable)
    let session = try model.makeSession(capacity: 128)
    #expect(Double(executable.constantByteCount) <= 1.2 * Double(file.fileByteCount))
    #expect(Double(backend.deviceByteCount) <= 1.2 * Double(file.fileByteCount))
    withExtendedLifetime(session) {}
  }

  @Test func runsBuildAndAllocateNothing() async throws {
    let backend = try OpenCLBackend(device: DemoModel.device(), cache: nil)
    let model = try await LanguageModel.open(file: DemoModel.file(), backend: backend)
    let session = try model.makeSession(capacity: 1280)
    let prompt = try longPrompt(584)
    // The longest step makes room for the others.
    _ = try await session.step(prompt[..<512], outputs: ["logits"])
    let (builds, allocations) = (backend.buildCount, backend.allocationCount)
    var start = 0
    for count in [7, 1, 512, 64] {
      _ = try await session.step(prompt[start..<start + count], outputs: ["logits"])
      start += count
      #expect(backend.buildCount == builds, "after \(count) tokens")
      #expect(backend.allocationCount == allocations, "after \(count) tokens")
    }
  }

  @Test func twoSessionsAtOnce() async throws {
    let model = try await DemoModel.shared(on: DemoModel.device())
    let cases = try DemoReference.load()
    async let first = texts(model, cases[0], rounds: 2)
    async let second = texts(model, cases[3], rounds: 2)
    for (got, reference) in zip(try await [first, second], [cases[0], cases[3]]) {
      let sure = reference.greedy_margin.firstIndex { $0 < 0.1 } ?? reference.greedy_ids.count
      for ids in got { #expect(ids.prefix(sure) == reference.greedy_ids.prefix(sure)) }
    }
  }

  private func texts(_ model: LanguageModel, _ reference: DemoReference.Case, rounds: Int) async throws -> [[Int]] {
    let generation = try TextGeneration(
      model, prompt: reference.prompt_ids, options: GenerationOptions(maximumTokens: reference.greedy_ids.count))
    var texts: [[Int]] = []
    for _ in 0..<rounds {
      var ids: [Int] = []
      for try await event in generation.events() { if case .token(let token) = event { ids.append(token.id) } }
      texts.append(ids)
    }
    return texts
  }

  @Test func passedDeadline() async throws {
    let model = try await DemoModel.shared(on: DemoModel.device())
    let prompt = try longPrompt(600)
    let session = try model.makeSession(capacity: 1024)
    let expected = try await session.logits(after: prompt)
    try await session.reset()
    for delay in [Duration.zero, .milliseconds(5), .milliseconds(50)] {
      await #expect(throws: ExecutionError.deadlineExceeded) {
        _ = try await session.step(prompt.prefix(512), outputs: ["logits"], deadline: .now + delay)
      }
      #expect(await session.position == 0)
    }
    #expect(session.session.isUsable)
    #expect(try await session.logits(after: prompt) == expected)
  }

  @Test func cancellation() async throws {
    let model = try await DemoModel.shared(on: DemoModel.device())
    let prompt = try longPrompt(600)
    let session = try model.makeSession(capacity: 1024)
    let expected = try await session.logits(after: prompt)
    try await session.reset()
    let task = Task { try await session.step(prompt.prefix(512), outputs: ["logits"]) }
    try await Task.sleep(for: .milliseconds(20))
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    #expect(session.session.isUsable)
    #expect(try await session.logits(after: prompt) == expected)
  }

  @Test func endedIterationStops() async throws {
    let model = try await DemoModel.shared(on: DemoModel.device())
    let prompt = model.promptIDs("Once upon a time")
    let generation = try TextGeneration(model, prompt: prompt, options: GenerationOptions(maximumTokens: 2000))
    var count = 0
    for try await event in generation.events() {
      if case .token = event { count += 1 }
      if count == 3 { break }
    }
    // The step that was under way ends; then nothing moves any more.
    try await Task.sleep(for: .milliseconds(500))
    let position = await generation.session.position
    try await Task.sleep(for: .milliseconds(200))
    #expect(await generation.session.position == position)
    #expect(position < 100)
  }
}
