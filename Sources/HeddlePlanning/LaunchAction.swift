/// What a launch does on the device.
public enum LaunchAction: Hashable, Codable, Sendable {
  /// Runs a kernel of the project, or of a custom operation.
  case kernel(KernelReference)
  /// Calls a library that launches kernels of its own.
  case call(LibraryCall)
  /// Fetches experts from where constants are.
  case fetch(ExpertFetch)

  /// For profiles and test names: `matmul_packed_wide ROW_VECTORS=2 TOKENS_PER_ITEM=1`, `clblast_sgemm W_TRANSPOSED`.
  public var variantName: String {
    switch self {
    case .kernel(let kernel): kernel.variantName
    case .call(let call): call.variantName
    case .fetch: "fetch_experts"
    }
  }
}

/// Which function of which library a launch calls. Its arguments are the launch's buffers, in order, and the values of its
/// parameters, by name.
public struct LibraryCall: Hashable, Codable, Sendable {
  /// What the executor knows the library by: the feature of ``TargetProfile`` that says it is there.
  public var library: String
  public var function: String
  /// What of the function's arguments does not depend on bindings: `W_TRANSPOSED`.
  public var flags: Set<String>
  /// Names of the parameters, in the order of the launch's block.
  public var parameters: [String]

  public init(library: String, function: String, flags: Set<String> = [], parameters: [String] = []) {
    self.library = library
    self.function = function
    self.flags = flags
    self.parameters = parameters
  }

  /// Function and flags.
  public var variantName: String { ([function] + flags.sorted()).joined(separator: " ") }
}
