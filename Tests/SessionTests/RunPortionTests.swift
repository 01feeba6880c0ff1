import Testing

@testable import HeddleExecution

@Suite struct RunPortionTests {
  /// The durations of the portions of a run on a device whose launches take so long, enqueued as a session does: a
  /// portion is waited for when the one after it is in the queue.
  private func portions(_ launches: [Duration], expected: Duration? = nil) -> [Duration] {
    var portions = RunPortions(count: launches.count, expected: expected)
    var done: [Duration] = []
    var current = Duration.zero
    for (index, launch) in launches.enumerated() {
      if portions.ends(before: index) {
        done.append(current)
        current = .zero
        if done.count > 1 { portions.completed(in: done[done.count - 2]) }
      }
      current += launch
    }
    return done + [current]
  }

  @Test(arguments: [0, 1, 3, 64, 400])
  func `what is known to be short is one portion`(count: Int) {
    for expected in [Duration.zero, .microseconds(1), .milliseconds(50)] {
      #expect(portions([Duration](repeating: .microseconds(10), count: count), expected: expected).count == 1)
    }
  }

  @Test func `what turns out short has no more portions than it would have of 64 launches`() {
    #expect(portions([Duration](repeating: .microseconds(20), count: 400)).count <= 400 / 64 + 1)
  }

  @Test(arguments: [1, 10, 17, 60, 240])
  func `an unknown run is cut by what its portions take`(milliseconds: Int) {
    let launch = Duration.milliseconds(milliseconds)
    let portions = portions([Duration](repeating: launch, count: 300))
    // The first two are under way before anything is known.
    #expect(portions.prefix(2).allSatisfy { $0 == launch * 4 })
    for portion in portions.dropFirst(3).dropLast() {
      #expect(portion <= max(launch, .milliseconds(50)) && portion >= min(launch, .milliseconds(30)))
    }
  }

  @Test func `a run that takes ten times as long as expected is cut smaller`() {
    let portions = portions([Duration](repeating: .milliseconds(10), count: 400), expected: .milliseconds(400))
    #expect(portions[0] == .milliseconds(500))
    #expect(portions.dropFirst(3).dropLast().allSatisfy { $0 <= .milliseconds(50) })
  }

  @Test func `launches that become longer make portions shorter`() {
    let portions = portions((0..<300).map { .milliseconds(1 + $0 / 30) }, expected: .milliseconds(1500))
    #expect(portions.dropFirst(3).allSatisfy { $0 <= .milliseconds(130) })
  }

  @Test func `times that say nothing`() {
    var portions = RunPortions(count: 10, expected: nil)
    portions.completed(in: .zero)
    #expect(portions.size == RunPortions.firstSize)
    for launch in 1...4 { _ = portions.ends(before: launch) }
    portions.completed(in: .seconds(-1))
    #expect(portions.size == 10)
    portions.completed(in: .seconds(1 << 60))
    #expect(portions.size == 10)
    #expect(RunPortions(count: 3, expected: .seconds(1 << 60)).size == 1)
  }
}
