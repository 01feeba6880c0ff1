import HeddleText

/// What is wrong with the contents of a GGUF file, or with what a ``GGUFWriter`` was given.
public enum GGUFDefect: Error, Hashable, Sendable {
  /// A count or a length is beyond ``GGUFReadOptions``.
  case limitExceeded(what: String, count: UInt64, limit: Int)
  case emptyKey(entry: Int)
  case emptyTensorName(tensor: Int)
  case invalidUTF8(what: String)
  case nulInName(String)
  case duplicateKey(String)
  case duplicateTensor(String)
  case unknownValueType(key: String, id: UInt32)
  case nestedArray(key: String)
  case invalidBool(key: String, byte: UInt8)
  /// Not a power of two, below the specification's 8, or above the limit.
  case invalidAlignment(UInt32)
  case invalidSplit(number: Int, count: Int)
  case invalidRank(tensor: String, rank: Int)
  case negativeExtent(tensor: String, shape: [Int])
  /// An extent of ggml's `ne` that does not fit a signed 64-bit integer.
  case extentTooLarge(tensor: String, axis: Int, extent: UInt64)
  case shapeOverflow(tensor: String, shape: [Int])
  case unknownTensorType(tensor: String, id: UInt32)
  case removedTensorType(tensor: String, id: UInt32, name: String)
  case rowNotInBlocks(tensor: String, type: GGUFTensorType, row: Int)
  case unalignedOffset(tensor: String, offset: UInt64, alignment: Int)
  /// `offset` counts from the beginning of the data section, which has `dataByteCount` bytes.
  case tensorOutsideFile(tensor: String, offset: UInt64, byteCount: Int, dataByteCount: Int)
  case overlappingTensors(String, String)
  /// A writer was given bytes that do not fit the shape.
  case wrongByteCount(tensor: String, expected: Int, got: Int)
  /// A writer was given an encoding that GGUF has no type for.
  case noTensorType(tensor: String, encoding: String)
}

extension GGUFDefect: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .limitExceeded(let what, let count, let limit): "\(count) \(what) are more than the limit of \(limit)"
    case .emptyKey(let entry): "the key of metadata entry \(entry) is empty"
    case .emptyTensorName(let tensor): "the name of tensor \(tensor) is empty"
    case .invalidUTF8(let what): "\(what) is not valid UTF-8"
    case .nulInName(let name): "the name \(quoted(name)) contains a NUL"
    case .duplicateKey(let key): "the metadata key \(quoted(key)) appears twice"
    case .duplicateTensor(let name): "two tensors are called \(quoted(name))"
    case .unknownValueType(let key, let id): "metadata \(quoted(key)) has the unknown value type \(id)"
    case .nestedArray(let key): "metadata \(quoted(key)) is an array of arrays, which is not supported"
    case .invalidBool(let key, let byte): "metadata \(quoted(key)) has the boolean \(byte); only 0 and 1 are allowed"
    case .invalidAlignment(let alignment):
      "general.alignment is \(alignment), not a power of two in the range from 8 to the limit"
    case .invalidSplit(let number, let count): "the file calls itself part \(number) of \(count) (counting from 0)"
    case .invalidRank(let tensor, let rank):
      "tensor \(quoted(tensor)) has \(rank) axes; at most \(GGUFTensorType.maximumRank) are allowed"
    case .negativeExtent(let tensor, let shape): "tensor \(quoted(tensor)) of shape \(shape) has a negative extent"
    case .extentTooLarge(let tensor, let axis, let extent):
      "axis \(axis) of tensor \(quoted(tensor)) has the extent \(extent), which does not fit 63 bits"
    case .shapeOverflow(let tensor, let shape):
      "the size of tensor \(quoted(tensor)) of shape \(shape) does not fit 63 bits"
    case .unknownTensorType(let tensor, let id):
      "tensor \(quoted(tensor)) has the type number \(id), which this version does not know"
    case .removedTensorType(let tensor, let id, let name):
      "tensor \(quoted(tensor)) has the type \(name) (\(id)), which ggml has removed; quantize the model again"
    case .rowNotInBlocks(let tensor, let type, let row):
      "tensor \(quoted(tensor)) has rows of \(row) values; \(type) needs a multiple of \(type.blockSize)"
    case .unalignedOffset(let tensor, let offset, let alignment):
      "the data offset \(offset) of tensor \(quoted(tensor)) is not a multiple of the alignment \(alignment)"
    case .tensorOutsideFile(let tensor, let offset, let byteCount, let dataByteCount):
      "tensor \(quoted(tensor)) needs \(byteCount) bytes at data offset \(offset), but the file has only "
        + "\(dataByteCount) bytes of data; it is truncated (an unfinished download?) or damaged"
    case .overlappingTensors(let first, let second):
      "the data of the tensors \(quoted(first)) and \(quoted(second)) overlap"
    case .wrongByteCount(let tensor, let expected, let got):
      "tensor \(quoted(tensor)) needs \(expected) bytes, got \(got)"
    case .noTensorType(let tensor, let encoding):
      "tensor \(quoted(tensor)) is stored as \(encoding), for which GGUF has no type"
    }
  }
}

extension GGUFDefect: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .wrongByteCount, .noTensorType: .invalidData
    case .unknownTensorType, .removedTensorType, .nestedArray: .unsupported
    default: .invalidFile
    }
  }
}
