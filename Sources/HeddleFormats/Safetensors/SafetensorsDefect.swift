import HeddleText

/// What is wrong with the header of a safetensors file, or with what a ``SafetensorsWriter`` was given.
///
/// Offsets of data count from the first tensor's, as they do in the header.
public enum SafetensorsDefect: Error, Hashable, Sendable {
  /// The first byte is not `{`; nothing if there is none.
  case notAnObject(found: UInt8?)
  case json(JSONDefect)
  case unknownDtype(tensor: String, String)
  case invalidRank(tensor: String, rank: Int, limit: Int)
  case negativeExtent(tensor: String, shape: [Int])
  case shapeOverflow(tensor: String, shape: [Int])
  /// Values of less than a byte that do not fill the last one.
  case partialByte(tensor: String, dtype: SafetensorsDtype, shape: [Int])
  /// `data_offsets` are two numbers.
  case offsetCount(tensor: String, count: Int)
  case offsetsReversed(tensor: String, begin: Int, end: Int)
  case unalignedOffset(tensor: String, offset: Int, alignment: Int)
  /// The offsets leave room for `got` bytes, or a writer was given so many.
  case wrongByteCount(tensor: String, dtype: SafetensorsDtype, shape: [Int], expected: Int, got: Int)
  case tensorOutsideFile(tensor: String, end: Int, dataByteCount: Int)
  case overlappingTensors(String, String)
  /// Bytes that belong to no tensor, before this one.
  case hole(before: String, begin: Int, end: Int)
  /// Bytes that belong to no tensor, after all.
  case trailingBytes(Int)
  /// A writer was given more bytes of data than a file may have.
  case dataTooLarge(limit: Int)
  /// A writer was given a tensor of the name that stands for the metadata.
  case reservedName(String)
}

extension SafetensorsDefect: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .notAnObject(let found?): "the header begins with the byte \(found), not with '{'"
    case .notAnObject(nil): "the header is empty"
    case .json(let defect): defect.description
    case .unknownDtype(let tensor, let dtype): "tensor \(quoted(tensor)) has the unknown dtype \(quoted(dtype))"
    case .invalidRank(let tensor, let rank, let limit):
      "tensor \(quoted(tensor)) has \(rank) axes, more than the limit of \(limit)"
    case .negativeExtent(let tensor, let shape): "tensor \(quoted(tensor)) of shape \(shape) has a negative extent"
    case .shapeOverflow(let tensor, let shape):
      "the size of tensor \(quoted(tensor)) of shape \(shape) does not fit 63 bits"
    case .partialByte(let tensor, let dtype, let shape):
      "tensor \(quoted(tensor)) of shape \(shape) does not fill whole bytes with its values of \(dtype.bitCount) bits"
    case .offsetCount(let tensor, let count):
      "tensor \(quoted(tensor)) has \(count) data offsets; two are needed, where it begins and where it ends"
    case .offsetsReversed(let tensor, let begin, let end):
      "tensor \(quoted(tensor)) ends at \(end), before it begins at \(begin)"
    case .unalignedOffset(let tensor, let offset, let alignment):
      "the data offset \(offset) of tensor \(quoted(tensor)) is not a multiple of \(alignment), the bytes of a value"
    case .wrongByteCount(let tensor, let dtype, let shape, let expected, let got):
      "tensor \(quoted(tensor)) of dtype \(dtype) and shape \(shape) needs \(expected) bytes, got \(got)"
    case .tensorOutsideFile(let tensor, let end, let dataByteCount):
      "tensor \(quoted(tensor)) ends at data offset \(end), but the file has only \(dataByteCount) bytes of data; "
        + "it is truncated (an unfinished download?) or damaged"
    case .overlappingTensors(let first, let second):
      "the data of the tensors \(quoted(first)) and \(quoted(second)) overlap"
    case .hole(let tensor, let begin, let end):
      "the data bytes from \(begin) to \(end), before tensor \(quoted(tensor)), belong to no tensor"
    case .trailingBytes(let count): "\(count) bytes after the last tensor belong to no tensor"
    case .dataTooLarge(let limit): "all tensors together have more than the limit of \(limit) bytes"
    case .reservedName(let name): "no tensor can be called \(quoted(name)), which stands for the metadata"
    }
  }
}

extension SafetensorsDefect: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .dataTooLarge, .reservedName: .invalidData
    case .unknownDtype: .unsupported
    default: .invalidFile
    }
  }
}
