import HeddleTypes

/// The element types of GGUF tensors: ggml's `enum ggml_type`, with the same numbers.
///
/// A type that Heddle cannot compute with still has a name and a size, so every file can be listed.
public struct GGUFTensorType: Hashable, Sendable {
  public let number: UInt32
  /// The name in ggml's spelling: `F32`, `Q4_1`, `Q6_K`.
  public let name: String
  /// Values that share a block; 1 for plain scalars. Rows are multiples of it.
  public let blockSize: Int
  /// Bytes of a block.
  public let blockByteCount: Int
  /// How Heddle stores such values; nothing for the types it cannot compute with.
  public let encoding: Encoding?

  /// The formats of values that have a number of GGUF, and `listed`; by number.
  public static let all: [GGUFTensorType] =
    (ValueFormats.all.compactMap(GGUFTensorType.init) + listed).sorted { $0.number < $1.number }

  /// Types that Heddle cannot compute with, with the sizes of `ggml-common.h`. A type that becomes a format of values
  /// (``ValueFormats``) goes from here.
  private static let listed: [GGUFTensorType] = [
    .init(9, "Q8_1", 32, 36),
    .init(24, "I8", 1, 1),
    .init(25, "I16", 1, 2),
    .init(27, "I64", 1, 8),
    .init(28, "F64", 1, 8),
  ]

  private static let byNumber: [UInt32: GGUFTensorType] = all.reduce(into: [:]) { $0[$1.number] = $1 }

  /// The name of a type that ggml once had. Such numbers are not used again; files with them are refused.
  public static func removedName(of number: UInt32) -> String? {
    switch number {
    case 4: "Q4_2"
    case 5: "Q4_3"
    case 31: "Q4_0_4_4"
    case 32: "Q4_0_4_8"
    case 33: "Q4_0_8_8"
    case 36: "IQ4_NL_4_4"
    case 37: "IQ4_NL_4_8"
    case 38: "IQ4_NL_8_8"
    default: nil
    }
  }

  private init(_ number: UInt32, _ name: String, _ blockSize: Int, _ blockByteCount: Int) {
    self.number = number
    self.name = name
    self.blockSize = blockSize
    self.blockByteCount = blockByteCount
    encoding = nil
  }

  /// Nil for formats without a number.
  private init?(_ format: ValueFormat) {
    guard let number = format.ggufNumber else { return nil }
    self.number = number
    name = format.name.uppercased()
    blockSize = format.blockSize
    blockByteCount = format.block.byteCount
    encoding = Encoding(name: format.name)
  }

  /// The type with this number, if there is one.
  public init?(number: UInt32) {
    guard let type = Self.byNumber[number] else { return nil }
    self = type
  }

  /// The type of this name in ggml's spelling, if there is one.
  public init?(name: String) {
    guard let type = Self.all.first(where: { $0.name == name }) else { return nil }
    self = type
  }

  /// The type that stores this encoding, if GGUF has one.
  public init?(_ encoding: Encoding) {
    guard encoding.pattern == nil else { return nil }
    self.init(encoding.values)
  }
}

extension GGUFTensorType: CustomStringConvertible {
  public var description: String { name }
}
