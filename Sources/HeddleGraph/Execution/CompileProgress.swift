/// How far a compilation has come, for those who wait for it.
public struct CompileProgress: Hashable, Sendable {
  public enum Stage: String, Hashable, Sendable {
    /// Programs are built, or read from a cache.
    case building = "building kernels"
    /// Constants are brought to the device in the layout that kernels read.
    case packing = "packing weights"
  }

  public var stage: Stage
  /// Programs or constants, in this stage.
  public var done: Int
  public var total: Int

  public init(stage: Stage, done: Int, total: Int) {
    self.stage = stage
    self.done = done
    self.total = total
  }

  /// Is called before each piece of work, and once at the end of each stage. What it throws ends the compilation.
  public typealias Handler = @Sendable (CompileProgress) throws -> Void
}
