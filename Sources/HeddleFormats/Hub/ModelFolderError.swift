import HeddleText

/// Why a folder as a model hub lays it out could not be read as a model. Every case has the values to find the place with.
public enum ModelFolderError: Error, Hashable, Sendable {
  case file(FileError)
  /// None of these files is in the folder.
  case missingFile(folder: String, oneOf: [String])
  /// A file of the folder is a symbolic link.
  case symbolicLink(path: String)
  /// `offset` is in bytes from the beginning of the text.
  case json(path: String, offset: Int, JSONDefect)
  /// A text is not UTF-8.
  case invalidText(path: String)
  case config(path: String, HubConfigDefect)
  /// `architectures` of `config.json` names no family that is known.
  case unsupportedFamily(path: String, found: String, supported: [String])
  case checkpoint(SafetensorsError)
  case tensor(path: String, HubTensorDefect)
  case quantized(QuantizedWeightError)
  case tokenizer(path: String, HubTokenizerDefect)
}

extension ModelFolderError {
  /// The file that makes a folder one of a model.
  public static let configName = "config.json"
}

extension ModelFolderError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .file(let error): error.description
    case .missingFile(let folder, let names):
      "\(folder): is a directory without \(names.map { "'\($0)'" }.joined(separator: " or "))"
    case .symbolicLink(let path):
      "\(path): is a symbolic link, and a model folder's are not followed, but for those of a hub's cache"
    case .json(let path, let offset, let defect): "\(path): \(defect) (at offset \(offset))"
    case .invalidText(let path): "\(path): is not valid UTF-8"
    case .config(let path, let defect): "\(path): \(defect)"
    case .unsupportedFamily(let path, let found, let supported):
      "\(path): the architecture is \(quoted(found)); these can be read: \(supported.joined(separator: ", "))"
    case .checkpoint(let error): error.description
    case .tensor(let path, let defect): "\(path): \(defect)"
    case .quantized(let error): error.description
    case .tokenizer(let path, let defect): "\(path): \(defect)"
    }
  }
}

extension ModelFolderError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .file(let error): error.kind
    case .missingFile, .symbolicLink, .invalidText: .invalidFile
    case .json(_, _, let defect): defect.kind
    case .config(_, let defect): defect.kind
    case .unsupportedFamily: .unsupported
    case .checkpoint(let error): error.kind
    case .tensor(_, let defect): defect.kind
    case .quantized(let error): error.kind
    case .tokenizer(_, let defect): defect.kind
    }
  }
}
