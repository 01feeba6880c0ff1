import HeddleTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why a GGUF file could not be opened, read or written. Every case has the values to find the place with.
public enum GGUFError: Error, Hashable, Sendable {
  // The file.
  case fileNotFound(path: String)
  case cannotRead(path: String, call: String, code: Int32)
  case cannotWrite(path: String, call: String, code: Int32)
  case notARegularFile(path: String, kind: String)
  case emptyFile(path: String)
  case fileTooLarge(path: String, byteCount: Int, limit: Int)
  /// The file's size changed while it was read.
  case fileChanged(path: String, before: Int, after: Int)

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
  public var description: String {
    switch self {
    case .fileNotFound(let path): "\(path): there is no such file"
    case .cannotRead(let path, let call, let code): "\(path): cannot be read: \(call): \(Self.text(code))"
    case .cannotWrite(let path, let call, let code): "\(path): cannot be written: \(call): \(Self.text(code))"
    case .notARegularFile(let path, let kind): "\(path): is \(kind), not a file"
    case .emptyFile(let path): "\(path): is empty"
    case .fileTooLarge(let path, let byteCount, let limit):
      "\(path): has \(byteCount) bytes, more than the limit of \(limit)"
    case .fileChanged(let path, let before, let after):
      "\(path): changed while it was read, from \(before) to \(after) bytes"
    case .notGGUF(let path, let found): "\(path): is not a GGUF file: \(Self.diagnosis(of: found))"
    case .bigEndian(let path, let version):
      "\(path): is a big-endian GGUF file\(version.map { " of version \($0)" } ?? ""); "
        + "only little-endian files are supported, convert it"
    case .unsupportedVersion(let path, let version):
      "\(path): is a GGUF file of version \(version); only versions 2 and 3 are supported"
    case .truncated(let path, let offset, let reading, let needed, let remaining):
      "\(path): the file ends inside \(reading): it needs \(needed == .max ? "2⁶³ or more" : "\(needed)") bytes at "
        + "offset \(offset), but \(remaining) remain; it is truncated (an unfinished download?) or damaged"
    case .malformed(let path, let offset, let defect): "\(path): \(defect) (at offset \(offset))"
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

  private static func text(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }

  /// The files most often mistaken for models.
  private static func diagnosis(of found: [UInt8]) -> String {
    switch String(decoding: found, as: UTF8.self) {
    case "lmgg", "fmgg", "tjgg", "algg": "it is of GGML's older format, which GGUF replaced; convert it"
    case "vers": "it looks like a Git LFS pointer; fetch the file itself with 'git lfs pull'"
    case "<!DO", "<htm": "it looks like a web page, as servers send instead of a download"
    case "PK\u{3}\u{4}": "it looks like a ZIP archive"
    default: "it begins with the bytes \(found.map { String($0, radix: 16) }.joined(separator: " ")), not with 'GGUF'"
    }
  }
}
