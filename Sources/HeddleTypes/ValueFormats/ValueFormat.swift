/// How values are stored, whether a tensor keeps all of them or some by a pattern: data, and no code. What the bytes mean is
/// said by the format's own file beside this one, in Swift by its oracle (`HeddleReference/Values`) and on devices by its
/// decoder (`Kernels/Values`).
///
/// Values are stored in *blocks* of ``blockSize`` neighbours of a row and decoded in *groups* of ``groupSize``, which share a
/// scale. The bytes of a block are *units*: what a device interleaves rows by and loads at once.
public struct ValueFormat: Sendable {
  /// Equal pieces that a tensor stores one after the other.
  public struct Section: Hashable, Sendable {
    /// What a piece belongs to.
    public enum Scope: Hashable, Sendable {
      /// A block of values.
      case block
      /// What a row keeps of a pattern's span (``SparsityPattern/span``); it precedes the span's values.
      case span
      /// A row.
      case row
    }

    public let name: String
    /// Bytes of a unit: 1, 2 or 4.
    public let unitByteCount: Int
    /// Units of a piece.
    public let units: Int
    public let scope: Scope

    init(_ name: String, unitByteCount: Int, units: Int, per scope: Scope = .block) {
      self.name = name
      self.unitByteCount = unitByteCount
      self.units = units
      self.scope = scope
    }

    /// Bytes of a piece: some hundred at most.
    public var byteCount: Int { unitByteCount &* units }
  }

  /// A number in a block that is infinite or NaN only if values of the block are: the value itself, or a scale.
  package enum StoredFloat: Hashable, Sendable {
    case float32(at: Int)
    case float16(at: Int)
    /// Of four numbers of 16 bits the highest nibble each, the lowest first.
    case float16InNibbles(at: Int)
    case bfloat16(at: Int)
    /// A power of two by its biased exponent, such that twelve times it still is finite.
    case exponent(at: Int)
    /// Values of a byte each, without infinities; NaN is where all bits but the sign are ones.
    case e4m3(from: Int, count: Int)
    /// Values of a byte each: the upper half of a float16.
    case e5m2(from: Int, count: Int)
  }

  /// Whole numbers that values are made of: a value is `scale · (level − zero) + least`, scale and least value of its group.
  public struct Levels: Hashable, Sendable {
    /// The greatest level of unsigned ones, from 0 on; nil for signed bytes.
    public let maximum: Int?
    /// The level of the value 0.
    public let zero: Int
    /// Groups have a least value.
    public let hasLeast: Bool

    /// Signed bytes.
    static let signed = Levels(maximum: nil, zero: 0, hasLeast: false)
    /// Signed bytes above a least value.
    static let signedAboveLeast = Levels(maximum: nil, zero: 0, hasLeast: true)
    /// From 0 to `maximum`, about `zero`.
    static func unsigned(_ maximum: Int, zero: Int) -> Levels { Levels(maximum: maximum, zero: zero, hasLeast: false) }
    /// From 0 to `maximum`, above a least value.
    static func aboveLeast(_ maximum: Int) -> Levels { Levels(maximum: maximum, zero: 0, hasLeast: true) }
  }

  /// The name used in messages, JSON, files and kernels: `f32`, `q4_1`, …
  public let name: String
  /// The number of this type in GGUF files, if they have it.
  public let ggufNumber: UInt32?
  /// Values that cannot be separated: 1 for numbers that stand for themselves.
  public let blockSize: Int
  /// Values that are decoded together: a part of a block.
  public let groupSize: Int
  /// The section that holds the blocks.
  public let block: Section
  /// Further sections: scales that are not in the blocks.
  public let scales: [Section]
  /// What products of whole numbers multiply; nil if values are none.
  public let levels: Levels?
  /// Values are whole numbers, which are addressed but not computed with.
  public let isInteger: Bool
  /// Values can be encoded in blocks of the format (`Kernels/Encoders`).
  public let hasEncoder: Bool
  package let floats: [StoredFloat]
  /// Tables that levels stand in.
  package let codebooks: [Codebook]

  init(
    _ name: String, gguf ggufNumber: UInt32? = nil, blockSize: Int, groupSize: Int, unitByteCount: Int, units: Int,
    scales: [Section] = [], levels: Levels? = nil, floats: [StoredFloat] = [], codebooks: [Codebook] = [],
    isInteger: Bool = false, hasEncoder: Bool = false
  ) {
    self.name = name
    self.ggufNumber = ggufNumber
    self.blockSize = blockSize
    self.groupSize = groupSize
    block = Section("values", unitByteCount: unitByteCount, units: units)
    self.scales = scales
    self.levels = levels
    self.floats = floats
    self.codebooks = codebooks
    self.isInteger = isInteger
    self.hasEncoder = hasEncoder
  }

  public var sections: [Section] { scales.filter { $0.scope == .span } + [block] + scales.filter { $0.scope != .span } }

  /// Each value is a number that stands for itself.
  public var isScalar: Bool { blockSize == 1 && scales.isEmpty }

  /// A pattern can keep some of the values: a block is one unit.
  public var suitsPatterns: Bool { block.units == 1 && !isInteger }

  /// Only a pattern's layout has room for the scales.
  public var needsPattern: Bool { !scales.isEmpty }

  /// The sections of scales that belong to `scope`, units in all.
  func scaleUnits(per scope: Section.Scope) -> Int {
    scales.first { $0.scope == scope }?.units ?? 0
  }
}

/// A format is its name.
extension ValueFormat: Hashable {
  public static func == (left: ValueFormat, right: ValueFormat) -> Bool { left.name == right.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension ValueFormat: CustomStringConvertible {
  public var description: String { name }
}

/// The JSON form is the name: `"int4"`.
extension ValueFormat: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let format = ValueFormat(name: name) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(name)' is no format of values")
    }
    self = format
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
