import Foundation
import HeddlePlanning
import Testing
import _KernelCases

/// Decisions among candidates: when they are followed, and that they change nothing but the choice.
@Suite struct TuningChoiceTests {
  private func plan(
    on target: TargetProfile = DecoderGraph.cpu, _ change: (inout PlanOptions) -> Void = { _ in }
  ) throws -> Plan {
    var options = PlanOptions()
    change(&options)
    return try Planner(target: target).plan(DecoderGraph.make(), options: options)
  }

  private func choices(_ plan: Plan) -> [PlannedChoice] { plan.lists.flatMap(\.choices) }

  private func actions(_ plan: Plan) -> [LaunchAction] { plan.lists.flatMap { $0.launches.map(\.action) } }

  /// A problem with at least two candidates, used by several nodes.
  private func shared(_ plan: Plan) throws -> PlannedChoice {
    let all = choices(plan)
    return try #require(
      all.first { choice in
        choice.candidates.count > 1 && all.count { $0.signature == choice.signature } > 1
      })
  }

  @Test func `without decisions the first candidate is taken, and the plan says so`() throws {
    let plan = try plan()
    for choice in choices(plan) {
      #expect(choice.chosen == choice.candidates[0].name && choice.ignored == nil)
      #expect((choice.reason == .standard) == (choice.candidates.count > 1))
      #expect((choice.reason == .only) == (choice.candidates.count == 1))
    }
    let chosen = Set(choices(plan).map(\.node))
    #expect(plan.lists.flatMap(\.launches).allSatisfy { chosen.contains($0.node) })
  }

  @Test(arguments: [DecisionSource.tuned, .pinned])
  func `a decision is followed wherever its problem is`(source: DecisionSource) throws {
    let standard = try plan()
    let problem = try shared(standard)
    let last = try #require(problem.candidates.last)
    let tuned = try plan { $0.decisions = TuningDecisions([problem.signature: last.name], source: source) }
    for (before, after) in zip(choices(standard), choices(tuned)) {
      let isDecided = before.signature == problem.signature
      #expect(after.chosen == (isDecided ? last.name : before.chosen))
      #expect(after.reason == (isDecided ? (source == .tuned ? .tuned : .pinned) : before.reason))
      #expect(after.candidates == before.candidates && after.signature == before.signature)
    }
    for (list, choices) in tuned.lists.map({ ($0, $0.choices) }) {
      for choice in choices where choice.signature == problem.signature {
        let launched = list.launches.filter { $0.node == choice.node }.map(\.action)
        #expect(Array(launched.prefix(last.actions.count)) == last.actions)
      }
    }
    #expect(actions(tuned) != actions(standard))
  }

  @Test func `a tuned name that is no candidate is passed over, a pinned one throws`() throws {
    let problem = try shared(try plan())
    // A candidate of the other shape is none either: it would change bits.
    for name in ["none such", "simt 4x16", ""] {
      let choices = [problem.signature: name]
      let tuned = try plan { $0.decisions = TuningDecisions(choices, source: .tuned) }
      #expect(try actions(tuned) == actions(plan()))
      let ignored = self.choices(tuned).filter { $0.ignored != nil }
      #expect(!ignored.isEmpty && ignored.allSatisfy { $0.ignored == name && $0.reason == .standard })
      let error = #expect(throws: PlanError.self) { try plan { $0.decisions = TuningDecisions(choices) } }
      guard case .unknownCandidate(name, problem.signature, let known, _) = try #require(error) else {
        Issue.record("\(error.map(String.init(describing:)) ?? "")")
        continue
      }
      #expect(known == problem.candidates.map(\.name))
      for name in known { #expect("\(try #require(error))".contains(name)) }
    }
  }

  @Test func `decisions for other problems and other devices change nothing`() throws {
    let other = TuningDecisions([ProblemSignature(rawValue: "matmul(f32[1, 2])"): "wide 1x16"])
    #expect(try actions(plan { $0.decisions = other }) == actions(plan()))
    let wide = try shared(try plan())
    let last = try #require(wide.candidates.last?.name)
    let decisions = TuningDecisions([wide.signature: last], source: .tuned)
    #expect(try actions(plan(on: .floor) { $0.decisions = decisions }) == actions(plan(on: .floor)))
  }

  @Test func `a forced candidate wins over decisions, also the first`() throws {
    let problem = try shared(try plan())
    let decisions = TuningDecisions([problem.signature: try #require(problem.candidates.last?.name)])
    for candidate in 0..<3 {
      let forced = try plan { $0.candidate = candidate }
      let both = try plan {
        $0.candidate = candidate
        $0.decisions = decisions
      }
      #expect(actions(both) == actions(forced))
      #expect(choices(both).allSatisfy { $0.reason == .forced })
    }
  }

  @Test func `a plan prints its choices`() throws {
    let problem = try shared(try plan())
    let last = try #require(problem.candidates.last?.name)
    let table = try plan { $0.decisions = TuningDecisions([problem.signature: last], source: .tuned) }.choiceTable()
    #expect(table.contains("tokens 2...16"))
    #expect(table.contains("2 × \(problem.signature)\n      \(last) (tuned) of \(problem.candidates[0].name), "))
    #expect(table.contains("(default) of "))
    #expect(!table.contains("rmsNorm"))
    let ignored = try plan { $0.decisions = TuningDecisions([problem.signature: "gone"], source: .tuned) }
    #expect(ignored.choiceTable().contains("'gone' was recorded and is not among them"))
  }

  @Test func `a description holds the tiles of an item, and nothing of views`() throws {
    func candidates(isView: Bool, _ range: ClosedRange<Int>) throws -> [PlannedChoice.Candidate] {
      let builder = GraphBuilder()
      let tokens = try builder.symbol("tokens", in: range)
      var x = try builder.input("x", .float32, [tokens, isView ? 1024 : 512])
      if isView { x = try builder.slice(x, axis: 1, start: 512, count: 512) }
      let constant = Constant(id: ConstantID("w"), type: TensorType(.float32, [512, 512]))
      let y = try builder.matmul(x, builder.apply(constant)[0])
      let plan = try Planner(target: DecoderGraph.cpu).plan(builder.build(outputs: ["y": y]), options: PlanOptions())
      return try #require(plan.lists.last?.choices.first { $0.candidates.count > 1 }).candidates
    }
    for range in [2...16, 512...512] {
      let plain = try candidates(isView: false, range)
      #expect(try candidates(isView: true, range) == plain)
      for candidate in plain {
        #expect(candidate.geometry.count == candidate.actions.count)
        #expect(candidate.geometry.allSatisfy { $0.hasPrefix("local [") && $0.contains("outputs=512") })
        #expect(candidate.geometry.contains { $0.contains("tiles=") }, "\(candidate)")
        #expect(candidate.geometry.allSatisfy { !$0.contains("stride") && !$0.contains("offset") })
      }
    }
  }

  /// Equal names are taken for equal candidates: another candidate under the same name could never be chosen.
  @Test(arguments: [DecoderGraph.cpu, .floor])
  func `a name stands for one list of kernels`(target: TargetProfile) throws {
    let planner = Planner(target: target)
    for testCase in KernelCases.tested {
      for variant in try planner.variants(of: testCase.graph) {
        for list in variant.plan.lists {
          for choice in list.choices where choice.candidates.count > 1 {
            let actions = list.launches.filter { $0.node == choice.node }.map(\.action)
            let named = try #require(choice.candidates.first { $0.name == choice.chosen })
            #expect(actions.starts(with: named.actions), "\(testCase): \(choice.chosen)")
          }
        }
      }
    }
  }
}

/// Decisions that are made up while a graph is planned.
@Suite struct AskedDecisionTests {
  private final class Asked: CandidateDecisions, @unchecked Sendable {
    let source = DecisionSource.tuned
    private(set) var asked: [(ProblemSignature, [String])] = []

    func name(for signature: ProblemSignature, among candidates: [PlannedChoice.Candidate]) -> String? {
      asked.append((signature, candidates.map(\.name)))
      return candidates.last?.name
    }
  }

  @Test func `each node is asked for once, in order, with its candidates`() throws {
    let asked = Asked()
    var options = PlanOptions()
    options.decisions = asked
    let choices = try Planner(target: DecoderGraph.cpu).plan(DecoderGraph.make(), options: options).lists
      .flatMap(\.choices)
    #expect(asked.asked.map(\.0) == choices.map(\.signature))
    #expect(asked.asked.map(\.1) == choices.map { $0.candidates.map(\.name) })
    #expect(choices.allSatisfy { $0.chosen == $0.candidates.last?.name && $0.reason == .tuned })
  }
}
