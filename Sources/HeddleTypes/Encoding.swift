import HeddleText

/// How a tensor's values are stored: which of them, and each of these.
///
/// An encoding says nothing about the order a device keeps them in: packing is the planner's business.
public struct Encoding: Hashable, Sendable {
  /// Which values rows keep; nil for all.
  public let pattern: SparsityPattern?
  /// How kept values are stored.
  public let values: ValueFormat

  /// All values in a format that needs no pattern.
  init(_ values: ValueFormat) {
    pattern = nil
    self.values = values
  }

  private init(_ format: SparseFormat) {
    pattern = format.pattern
    values = format.values
  }

  /// Rows that keep some of their values by a pattern.
  public static func sparse(_ format: SparseFormat) -> Encoding { Encoding(format) }

  /// The format of a tensor that keeps some values; nil if it keeps all.
  public var sparse: SparseFormat? { pattern.map { SparseFormat(unchecked: $0, values) } }

  /// One number after the other, each for itself.
  public var isScalar: Bool { pattern == nil && values.isScalar }

  /// Whether rows are blocks one after the other, which can be made on a device: what a cache may be kept in.
  public var isMadeInBlocks: Bool { pattern == nil && values.hasEncoder }

  /// Every encoding that keeps all values.
  static let dense: [Encoding] = ValueFormats.all.filter { !$0.needsPattern }.map { Encoding($0) }

  /// Every encoding of a weight that keeps all its values: activations have one of their own.
  public static let weights: [Encoding] = dense.filter { !$0.values.isInteger && $0 != .q8_dynamic }

  /// The name used in messages, JSON and case names: `f32`, `q4_1`, `2:4-int4`, …
  public var name: String { sparse?.name ?? values.name }

  /// The encoding called `name`, if there is one.
  public init?(name: String) {
    if let format = ValueFormat(name: name), !format.needsPattern {
      self.init(format)
    } else if let format = SparseFormat(name: name) {
      self.init(format)
    } else {
      return nil
    }
  }

  /// Values that cannot be separated: 1 for numbers, of a sparse row a span.
  public var blockSize: Int { pattern?.span ?? values.blockSize }

  /// Bytes of one block. Of a sparse row only those of a kept block: see ``SparseLayout`` for all.
  public var blockByteCount: Int { sparse?.spanByteCount ?? values.block.byteCount }

  /// Bytes of a tensor of this shape.
  ///
  /// - Throws: ``TypeError/sizeOverflow(_:)`` if the count does not fit `Int`,
  ///   ``TypeError/rowNotInBlocks(_:_:)`` if the last axis is not a multiple of the block size.
  public func byteCount(shape: [Int]) throws(TypeError) -> Int {
    if let sparse { return try SparseLayout(sparse, shape: shape).byteCount }
    let last = shape.last ?? 1
    guard last.isMultiple(of: blockSize) else { throw .rowNotInBlocks(self, last) }
    var blocks = 1
    for (axis, extent) in shape.enumerated() {
      guard extent >= 0 else { throw .negativeExtent(shape) }
      let factor = axis == shape.count - 1 ? extent.divided(by: blockSize) : extent
      let (product, overflow) = blocks.multipliedReportingOverflow(by: factor)
      guard !overflow else { throw .sizeOverflow(shape) }
      blocks = product
    }
    let (bytes, overflow) = blocks.multipliedReportingOverflow(by: blockByteCount)
    guard !overflow else { throw .sizeOverflow(shape) }
    return bytes
  }
}

extension Encoding: CustomStringConvertible {
  public var description: String { name }
}

/// The JSON form is the name: `"q4_1"`, `"2:4-int4"`.
extension Encoding: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    do { try self.init(named: name) } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
