import HeddleText
import HeddleTypes

/// Why a GGUF file could not be opened, read or written. Every case has the values to find the place with.
public enum GGUFError: Error, Hashable, Sendable {
  case file(FileError)

  // What is in it. Offsets are in bytes from its beginning.
  /// The first bytes, at most four, are not `GGUF`.
  case notGGUF(path: String, found: [UInt8])
  /// `version` as it is meant, where it could be read.
  case bigEndian(path: String, version: UInt32?)
  case unsupportedVersion(path: String, version: UInt32)
  /// The file ends inside `reading`, which begins at `offset` and is `needed` bytes long (`Int.max`: more than that).
  case truncated(path: String, offset: Int, reading: String, needed: Int, remaining: Int)
  case malformed(path: String, offset: Int, GGUFDefect)

  // Its use.
  /// A part of a model that was split into several files; `number` counts from 0.
  case splitPart(path: String, number: Int, count: Int)
  case missingKey(path: String, key: String)
  case wrongType(path: String, key: String, expected: String, got: String)
  case valueOutOfRange(path: String, key: String, value: String, range: ClosedRange<Int>)
  case unknownTensor(path: String, name: String)
  /// The tensor can be listed, but Heddle cannot compute with its type.
  case unsupportedType(path: String, tensor: String, type: GGUFTensorType)
  /// The tensor could not be added to a constant store, for example because the store has one of that name.
  case notStorable(path: String, tensor: String, TypeError)

  // A writer's input.
  case cannotEncode(GGUFDefect)
}

extension GGUFError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .file(let error): error.description
    case .notGGUF(let path, let found): "\(path): is not a GGUF file: \(FileDiagnosis.text(found, expected: "'GGUF'"))"
    case .bigEndian(let path, let version):
      "\(path): is a big-endian GGUF file\(version.map { " of version \($0)" } ?? ""); "
        + "only little-endian files are supported, convert it"
    case .unsupportedVersion(let path, let version):
      "\(path): is a GGUF file of version \(version); only versions 2 and 3 are supported"
    case .truncated(let path, let offset, let reading, let needed, let remaining):
      "\(path): the file ends inside \(reading): it needs \(needed == .max ? "2⁶³ or more" : "\(needed)") bytes at "
        + "offset \(offset), but \(remaining) remain; it is truncated (an unfinished download?) or damaged"
    case .malformed(let path, let offset, let defect): "\(path): \(defect) (at offset \(offset))"
    case .splitPart(let path, let number, let count):
      "\(path): is part \(number &+ 1) of \(count) of a split model and has only some of its tensors; join the parts with "
        + "'llama-gguf-split --merge FIRST-PART WHOLE.gguf' and open the whole"
    case .missingKey(let path, let key): "\(path): has no metadata \(quoted(key))"
    case .wrongType(let path, let key, let expected, let got):
      "\(path): metadata \(quoted(key)): expected \(expected), got \(got)"
    case .valueOutOfRange(let path, let key, let value, let range):
      "\(path): metadata \(quoted(key)) is \(value), outside the range \(range.lowerBound)...\(range.upperBound)"
    case .unknownTensor(let path, let name): "\(path): has no tensor \(quoted(name))"
    case .unsupportedType(let path, let tensor, let type):
      "\(path): tensor \(quoted(tensor)) is stored as \(type), which Heddle cannot compute with yet"
    case .notStorable(let path, let tensor, let error): "\(path): tensor \(quoted(tensor)): \(error)"
    case .cannotEncode(let defect): "cannot be stored as GGUF: \(defect)"
    }
  }
}

extension GGUFError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .file(let error): error.kind
    case .malformed(_, _, let defect): defect.kind
    case .notGGUF, .truncated, .missingKey, .wrongType, .valueOutOfRange, .notStorable: .invalidFile
    case .bigEndian, .unsupportedVersion, .splitPart, .unsupportedType: .unsupported
    case .unknownTensor: .invalidArgument
    case .cannotEncode: .invalidData
    }
  }
}

extension GGUFError {
  /// Runs `body` and gives its errors as GGUF errors.
  static func reading<Result>(_ body: () throws(FileError) -> Result) throws(GGUFError) -> Result {
    do { return try body() } catch { throw .file(error) }
  }
}
