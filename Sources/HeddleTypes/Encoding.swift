/// How a tensor's values are stored.
///
/// An encoding says nothing about the order a device keeps them in: packing is the planner's business.
public enum Encoding: Hashable, Sendable {
  /// One scalar after the other.
  case dense(ScalarType)
  /// Rows (the last axis) cut in scaled blocks.
  case blocks(BlockFormat)
  /// Rows that keep some of their values by a pattern.
  case sparse(SparseFormat)

  public static let float32 = Encoding.dense(.float32)
  public static let float16 = Encoding.dense(.float16)
  public static let bfloat16 = Encoding.dense(.bfloat16)
  public static let int32 = Encoding.dense(.int32)

  /// Every encoding of a weight that keeps all its values.
  public static let weights: [Encoding] =
    [.float32, .float16, .bfloat16] + BlockFormat.allCases.map(Encoding.blocks)

  /// The name used in messages, JSON and case names: `f32`, `q4_1`, …
  public var name: String {
    switch self {
    case .dense(let scalar): scalar.rawValue
    case .blocks(let format): format.rawValue
    case .sparse(let format): format.name
    }
  }

  /// The encoding called `name`, if there is one.
  public init?(name: String) {
    if let scalar = ScalarType(rawValue: name) {
      self = .dense(scalar)
    } else if let format = BlockFormat(rawValue: name) {
      self = .blocks(format)
    } else if let format = SparseFormat(name: name) {
      self = .sparse(format)
    } else {
      return nil
    }
  }

  /// Values that cannot be separated: 1 for dense encodings.
  public var blockSize: Int {
    switch self {
    case .dense: 1
    case .blocks(let format): format.blockSize
    case .sparse(let format): format.pattern.span
    }
  }

  /// Bytes of one block. Of a sparse row only those of a kept block: see ``SparseLayout`` for all.
  public var blockByteCount: Int {
    switch self {
    case .dense(let scalar): scalar.byteCount
    case .blocks(let format): format.blockByteCount
    case .sparse(let format): format.spanByteCount
    }
  }

  // Traps: never, a block size is a positive constant.
  /// Bytes of a tensor of this shape.
  ///
  /// - Throws: ``TypeError/sizeOverflow(_:)`` if the count does not fit `Int`,
  ///   ``TypeError/rowNotInBlocks(_:_:)`` if the last axis is not a multiple of the block size.
  public func byteCount(shape: [Int]) throws(TypeError) -> Int {
    if case .sparse(let format) = self { return try SparseLayout(format, shape: shape).byteCount }
    let last = shape.last ?? 1
    guard last % blockSize == 0 else { throw .rowNotInBlocks(self, last) }
    var blocks = 1
    for (axis, extent) in shape.enumerated() {
      guard extent >= 0 else { throw .negativeExtent(shape) }
      let factor = axis == shape.count - 1 ? extent / blockSize : extent
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
