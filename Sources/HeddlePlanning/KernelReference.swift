import HeddleTypes

/// Which kernel a launch runs, and how its program is built: all that a program's text depends on.
public struct KernelReference: Hashable, Codable, Sendable {
  /// Where the text comes from.
  public enum Source: Hashable, Codable, Sendable {
    /// A file below `Kernels/`.
    case file(String)
    /// A custom operation's own text.
    case text(name: String, String)
  }

  public var source: Source
  /// The `__kernel` function. Its suffix says its shape: `…_wide` or `…_simt`.
  public var entry: String
  /// `-D` options: the plan is the only source of tile sizes. Floats go in as their bits: `1065353216u`.
  public var defines: [String: String]
  /// Names of the uniform parameters, in their order: the host defines `P_<name>` for each.
  public var parameters: [String]

  public init(source: Source, entry: String, defines: [String: String], parameters: [String]) {
    self.source = source
    self.entry = entry
    self.defines = defines
    self.parameters = parameters
  }

  /// A float as a define: its bits, which `as_float` takes. The `u` keeps them 32 bits wide: without it those of a number
  /// below zero are a 64-bit constant.
  static func define(_ value: Float) -> String { "\(value.bitPattern)u" }

  public var shape: KernelShape { entry.hasSuffix("_wide") ? .wide : .simt }

  /// Entry and defines, for profiles and test names: `matmul_packed_wide ROW_VECTORS=2 TOKENS_PER_ITEM=1`.
  public var variantName: String {
    ([entry] + defines.sorted { $0.key < $1.key }.map { $0.value == "1" ? $0.key : "\($0.key)=\($0.value)" })
      .joined(separator: " ")
  }
}

extension ValueFormat {
  /// Selects a weight's decoder: what `{WEIGHT}` is in the path of a kernel's include.
  var weightDefines: [String: String] { ["WEIGHT": name] }
}
