import HeddleGraph

/// Watches the steps of a sequence, and gets what chosen ones took on the device.
public protocol StepObserver: Sendable {
  /// Called before each step. What it throws ends the call that wanted the step.
  ///
  /// - Parameter position: the tokens before the step's first.
  /// - Returns: Whether the step is to be timed, which makes it a little slower.
  func willRun(position: Int) async throws -> Bool

  /// Called after a step that was timed.
  func didRun(position: Int, _ profile: RunProfile)
}
