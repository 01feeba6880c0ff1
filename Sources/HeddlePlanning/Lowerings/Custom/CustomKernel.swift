/// A custom operation's kernel, registered under its name with a backend.
///
/// The kernel's arguments are the operands' buffers, the results' buffers, then `UNIFORMS`; every operand arrives
/// row-major, with its place at `P_operand_<i>_offset` or `P_result_<i>_offset`, in elements; in bytes if it is sparse.
public struct CustomKernel: Sendable {
  /// How one use is launched.
  public struct Launch: Sendable {
    public var defines: [String: String]
    /// Further uniforms, read as `P_<name>`.
    public var parameters: [(String, Dimension)]
    public var global: [Dimension]
    public var local: [Int]

    public init(
      defines: [String: String] = [:], parameters: [(String, Dimension)] = [], global: [Dimension], local: [Int]
    ) {
      self.defines = defines
      self.parameters = parameters
      self.global = global
      self.local = local
    }
  }

  /// OpenCL C; `Common/prelude.cl` is put before it.
  public var source: String
  public var entry: String
  /// Plans one use from its attributes, operand types and result types; throws with a reason to refuse it.
  public var plan: @Sendable (Custom, [TensorType], [TensorType]) throws -> Launch

  public init(
    source: String, entry: String, plan: @escaping @Sendable (Custom, [TensorType], [TensorType]) throws -> Launch
  ) {
    self.source = source
    self.entry = entry
    self.plan = plan
  }

  /// The launch of one use, checked: a caller's numbers are not trusted.
  func launch(_ problem: Problem<Custom>) throws(LoweringError) -> Launch {
    let launch: Launch
    do {
      launch = try plan(problem.operation, problem.types, problem.results)
    } catch {
      throw LoweringError("\(error)")
    }
    let limit = min(max(1, problem.target.maximumWorkGroupSize), 256)
    guard (1...3).contains(launch.local.count), launch.local.count == launch.global.count else {
      throw LoweringError(
        "global and local must have the same 1 to 3 axes, got \(launch.global.count) and \(launch.local.count)")
    }
    guard launch.local.allSatisfy({ (1...limit).contains($0) }), launch.local.reduce(1, &*) <= limit else {
      throw LoweringError("its work-group \(launch.local) does not fit \(limit) items")
    }
    for (global, local) in zip(launch.global, launch.local) {
      if let extent = global.constant, !extent.isMultiple(of: local) {
        throw LoweringError("its work-group \(launch.local) does not divide the global size \(launch.global)")
      }
    }
    let names = launch.parameters.map(\.0)
    let reserved = names.first { $0.hasPrefix("operand_") || $0.hasPrefix("result_") }
    if let name = reserved ?? names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
      throw LoweringError("the parameter '\(name)' has a name that is taken")
    }
    return launch
  }
}
