import CountingRuntime
import Heddle

@testable import HeddleExecution

extension Taping {
  /// With launches of their own, and with all that can be on tapes.
  static let tested = [Taping.never, .always]
}

extension CountingRuntime {
  /// A device that walks tapes, if they are wanted.
  convenience init(_ taping: Taping, failingCall: Int? = nil) {
    var target = CountingRuntime.target
    if taping != .never {
      target.features.insert(TargetProfile.residentGroups)
      target.preferredShapes = [.wide, .simt]
    }
    self.init(target: target, failingCall: failingCall)
  }
}

extension DeviceBackend {
  func compileTaped(_ graph: Graph, constants: ConstantStore, _ taping: Taping) throws -> DeviceExecutable {
    var options = PlanOptions()
    options.taping = taping
    return try DeviceExecutable(
      source: graph, plan: plan(graph, options: options), constants: constants, state: state, progress: { _ in })
  }
}
