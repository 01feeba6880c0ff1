import HeddleText

/// A pattern and how the kept values are stored: what ``Encoding/sparse(_:)`` names, `vw16:32-int4`.
///
/// A row stores its span (``SparsityPattern/span``) of K after span as *units* of 2 bytes (4 for `f32`), little-endian:
///
///     [scale: 1 unit, float16, if int4] [indices: if N:M per row] [values, in the order of the indices]
///
/// - Indices of `N:M` per row: the place within its M neighbours, of 2 bits if M is 4, else of 4, lowest bits first,
///   ascending within the M.
/// - `f32` `f16` `bf16`: a unit a value. `int8`: two a unit, `int4`: four, the first lowest; what they mean say
///   ``ValueFormats/Int8`` and ``ValueFormats/Int4``. A last unit that is not full ends in zeros. Scales are finite.
///
/// Where these blocks lie, and where shared indices and row scales, says ``SparseLayout``.
public struct SparseFormat: Hashable, Sendable {
  public let pattern: SparsityPattern
  public let values: ValueFormat

  /// - Throws: ``TypeError/invalidPattern(_:)`` for a format of which no pattern keeps some values
  ///   (``ValueFormat/suitsPatterns``).
  public init(_ pattern: SparsityPattern, _ values: ValueFormat) throws(TypeError) {
    guard values.suitsPatterns else { throw .invalidPattern("no pattern keeps some values of \(values)") }
    self.init(unchecked: pattern, values)
  }

  /// A format that is one already.
  init(unchecked pattern: SparsityPattern, _ values: ValueFormat) {
    self.pattern = pattern
    self.values = values
  }

  public var name: String { "\(pattern.name)-\(values.name)" }

  /// The format called `name`, if there is one.
  public init?(name: String) {
    guard let (pattern, values) = name.parted(atLast: "-"), let pattern = SparsityPattern(name: String(pattern)),
      let values = ValueFormat(name: String(values)), values.suitsPatterns
    else { return nil }
    self.init(unchecked: pattern, values)
  }

  public var unitByteCount: Int { values.block.unitByteCount }
  /// Units of the span's scale.
  public var scaleUnits: Int { values.scaleUnits(per: .span) }
  /// Units of the indices that a row has for itself.
  public var indexUnits: Int {
    (pattern.keptPerSpan &* pattern.indexBits).dividedRoundingUp(by: 8 &* unitByteCount)
  }
  /// Values a unit holds.
  public var valuesPerUnit: Int { values.blockSize }
  /// Units of a row's span: a pattern keeps at most 64 values of it.
  public var spanUnits: Int {
    scaleUnits &+ indexUnits &+ (pattern.keptPerSpan &+ valuesPerUnit &- 1) / max(1, valuesPerUnit)
  }
  public var spanByteCount: Int { spanUnits &* unitByteCount }
  /// Bytes of a row's scale.
  public var rowScaleByteCount: Int { values.scales.first { $0.scope == .row }?.byteCount ?? 0 }
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
          (\(ValueFormats.ofPatterns.map(\.name).joined(separator: ", "))), 2:4-int4
          """)
    }
    self = format
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
