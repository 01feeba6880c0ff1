import HeddleText

/// Why a safetensors file could not be opened, read or written. Every case has the values to find the place with.
public enum SafetensorsError: Error, Hashable, Sendable {
  case file(FileError)
  /// The file ends inside `reading`, which begins at `offset` and is `needed` bytes long.
  case truncated(path: String, offset: Int, reading: String, needed: Int, remaining: Int)
  /// The length in the first eight bytes is above ``SafetensorsReadOptions/maximumHeaderByteCount``.
  case headerTooLarge(path: String, byteCount: UInt64, limit: Int)
  /// `offset` is in bytes from the beginning of the file.
  case malformed(path: String, offset: Int, SafetensorsDefect)
  /// What is wrong with the index of a checkpoint in shards, or with the shards beside it.
  case malformedIndex(path: String, SafetensorsIndexDefect)
  /// A folder holds neither a checkpoint's index nor a checkpoint in one file, under their usual names.
  case noCheckpoint(folder: String)
  /// A folder holds both.
  case severalCheckpoints(folder: String)
  /// A file of a checkpoint is a symbolic link, and ``SafetensorsReadOptions/followsLinks`` is false.
  case symbolicLink(path: String)
  case unknownTensor(path: String, name: String)
  /// A writer's input.
  case cannotEncode(SafetensorsDefect)
}

extension SafetensorsError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .file(let error): error.description
    case .truncated(let path, let offset, let reading, let needed, let remaining):
      "\(path): the file ends inside \(reading): it needs \(needed) bytes at offset \(offset), but \(remaining) "
        + "remain; it is truncated (an unfinished download?) or damaged"
    case .headerTooLarge(let path, let byteCount, let limit):
      "\(path): a safetensors header of \(byteCount) bytes is more than the limit of \(limit)"
    case .malformed(let path, let offset, let defect): "\(path): \(defect) (at offset \(offset))"
    case .malformedIndex(let path, let defect): "\(path): \(defect)"
    case .noCheckpoint(let folder):
      "\(folder): is a directory with neither '\(SafetensorsCheckpoint.indexName)' nor "
        + "'\(SafetensorsCheckpoint.fileName)' in it"
    case .severalCheckpoints(let folder):
      "\(folder): holds both '\(SafetensorsCheckpoint.indexName)' and '\(SafetensorsCheckpoint.fileName)'; name the "
        + "one that is meant"
    case .symbolicLink(let path):
      "\(path): is a symbolic link, and a checkpoint's are followed only if that is asked for"
    case .unknownTensor(let path, let name): "\(path): has no tensor \(quoted(name))"
    case .cannotEncode(let defect): "cannot be stored as safetensors: \(defect)"
    }
  }
}

extension SafetensorsError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .file(let error): error.kind
    case .malformed(_, _, let defect): defect.kind
    case .malformedIndex(_, let defect): defect.kind
    case .truncated, .headerTooLarge, .noCheckpoint, .severalCheckpoints, .symbolicLink: .invalidFile
    case .unknownTensor: .invalidArgument
    case .cannotEncode: .invalidData
    }
  }
}

extension SafetensorsError {
  /// Runs `body` and gives its errors as safetensors errors.
  static func reading<Result>(_ body: () throws(FileError) -> Result) throws(SafetensorsError) -> Result {
    do { return try body() } catch { throw .file(error) }
  }
}
