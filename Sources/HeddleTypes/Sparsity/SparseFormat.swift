/// A pattern and how the kept values are stored: what ``Encoding/sparse(_:)`` names, `vw16:32-int4`.
///
/// A row stores its span (``SparsityPattern/span``) of K after span as *units* of 2 bytes (4 for `f32`), little-endian:
///
///     [scale: 1 unit, float16, if int4] [indices: if N:M per row] [values, in the order of the indices]
///
/// - Indices of `N:M` per row: the place within its M neighbours, of 2 bits if M is 4, else of 4, lowest bits first,
///   ascending within the M.
/// - `f32` `f16` `bf16`: a unit a value. `int8`: two a unit, the first low, two's complement. `int4`: four a unit, the first
///   lowest, stored plus 8. A last unit that is not full ends in zeros.
/// - A value is `q` in `int8` times its row's float32 scale, rounded to float32, and `(q − 8)` in `int4` times its span's
///   float16 scale, which is exact; a zero level is +0. Scales are finite.
///
/// Where these blocks lie, and where shared indices and row scales, says ``SparseLayout``.
public struct SparseFormat: Hashable, Sendable {
  /// How kept values are stored.
  public enum Values: String, Hashable, Codable, Sendable, CaseIterable {
    case float32 = "f32"
    case float16 = "f16"
    case bfloat16 = "bf16"
    /// Eight bits, a float32 scale for each row (output channel).
    case int8
    /// Four bits, a float16 scale for each span of a row.
    case int4

    public var bits: Int {
      switch self {
      case .float32: 32
      case .float16, .bfloat16: 16
      case .int8: 8
      case .int4: 4
      }
    }
  }

  public var pattern: SparsityPattern
  public var values: Values

  public init(_ pattern: SparsityPattern, _ values: Values) {
    self.pattern = pattern
    self.values = values
  }

  public var name: String { "\(pattern.name)-\(values.rawValue)" }

  // Traps: never, the indices are the string's own, of a character in it.
  /// The format called `name`, if there is one.
  public init?(name: String) {
    guard let dash = name.lastIndex(of: "-"), let pattern = SparsityPattern(name: String(name[..<dash])),
      let values = Values(rawValue: String(name[name.index(after: dash)...]))
    else { return nil }
    self.init(pattern, values)
  }

  public var unitByteCount: Int { values == .float32 ? 4 : 2 }
  /// Units of the span's scale.
  public var scaleUnits: Int { values == .int4 ? 1 : 0 }
  // Traps: never, a pattern keeps at most 64 values of a span.
  /// Units of the indices that a row has for itself.
  public var indexUnits: Int { units(bits: pattern.keptPerSpan * pattern.indexBits) }
  /// Values a unit holds.
  public var valuesPerUnit: Int { 8 * unitByteCount / values.bits }
  // Traps: never, a pattern keeps at most 64 values of a span.
  /// Units of a row's span.
  public var spanUnits: Int { scaleUnits + indexUnits + units(bits: pattern.keptPerSpan * values.bits) }
  // Traps: never, a pattern keeps at most 64 values of a span.
  public var spanByteCount: Int { spanUnits * unitByteCount }

  // Traps: never, a pattern keeps at most 64 values of a span.
  private func units(bits: Int) -> Int { (bits + 8 * unitByteCount - 1) / (8 * unitByteCount) }
}

extension SparseFormat: CustomStringConvertible {
  public var description: String { name }
}

extension SparseFormat: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let format = SparseFormat(name: name) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: """
          '\(name)' is no sparse format; such are a pattern (N:M, vwN:M, nvwN:M, blockS@P) and values \
          (\(Values.allCases.map(\.rawValue).joined(separator: ", "))), 2:4-int4
          """)
    }
    self = format
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
