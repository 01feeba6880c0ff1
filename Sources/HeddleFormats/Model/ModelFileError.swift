import HeddleText
import HeddleTypes

/// Why a model file could not be opened or used. Every case has the values to find the place with.
public enum ModelFileError: Error, Hashable, Sendable {
  case file(FileError)
  /// The first bytes, at most 16, are those of no format that Heddle reads.
  case unknownFormat(path: String, found: [UInt8])
  /// What is wrong with a GGUF file, or with metadata that came from any file.
  case gguf(GGUFError)
  case safetensors(SafetensorsError)
  /// A sound safetensors file that Heddle cannot take as a model.
  case notAModel(path: String, SafetensorsModelDefect)
  /// A file of a model in several, or one that is not there.
  case split(path: String, SplitDefect)
  case folder(ModelFolderError)

  // Its use.
  case unknownTensor(path: String, name: String)
  /// The tensor can be listed, but Heddle cannot compute with its type.
  case unsupportedType(path: String, tensor: String, type: String)
  /// The tensor cannot be what it is to be: a constant of that name and type, a tensor in that encoding.
  case notStorable(path: String, tensor: String, TypeError)
  /// Rows that have to be put in another order are not whole heads of an even length.
  case notHeads(path: String, tensor: String, shape: [Int])
  /// A tensor that is stored anew has a value that is infinite or not a number.
  case notFinite(path: String, tensor: String, Encoding, index: [Int])
}

extension ModelFileError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .file(let error): error.description
    case .unknownFormat(let path, let found):
      "\(path): is neither a GGUF nor a safetensors file: "
        + FileDiagnosis.text(found, expected: "'GGUF', nor with eight bytes of length and '{'")
    case .gguf(let error): error.description
    case .safetensors(let error): error.description
    case .notAModel(let path, let defect): "\(path): cannot be used as a model: \(defect)"
    case .split(let path, let defect): "\(path): \(defect)"
    case .folder(let error): error.description
    case .unknownTensor(let path, let name): "\(path): has no tensor \(quoted(name))"
    case .unsupportedType(let path, let tensor, let type):
      "\(path): tensor \(quoted(tensor)) is stored as \(type), which Heddle cannot compute with yet"
    case .notStorable(let path, let tensor, let error): "\(path): tensor \(quoted(tensor)): \(error)"
    case .notHeads(let path, let tensor, let shape):
      "\(path): the rows of tensor \(quoted(tensor)) of shape \(shape) are not whole heads, and cannot be put in GGUF's order"
    case .notFinite(let path, let tensor, let encoding, let index):
      "\(path): the new values of tensor \(quoted(tensor)) in \(encoding) are not all finite: the one at \(index) is "
        + "infinite or not a number"
    }
  }
}

extension ModelFileError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .file(let error): error.kind
    case .gguf(let error): error.kind
    case .safetensors(let error): error.kind
    case .notAModel(_, let defect): defect.kind
    case .split(_, let defect): defect.kind
    case .folder(let error): error.kind
    case .unknownFormat, .notStorable, .notFinite, .notHeads: .invalidFile
    case .unknownTensor: .invalidArgument
    case .unsupportedType: .unsupported
    }
  }
}
