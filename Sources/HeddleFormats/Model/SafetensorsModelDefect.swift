import HeddleText
import HeddleTypes

/// What keeps a sound safetensors file from being a model: see <doc:ModelFiles>.
public enum SafetensorsModelDefect: Error, Hashable, Sendable {
  /// `__metadata__` has not this key.
  case missingEntry(String)
  case unsupportedVersion(String)
  /// The text of an entry of `__metadata__` is not what it should be. `offset` is in bytes from the text's beginning.
  case malformedEntry(String, offset: Int, JSONDefect)
  case unknownEncoding(tensor: String, String)
  /// The encoding has a dtype of its own, so the file must use that.
  case nativeEncoding(tensor: String, Encoding)
  /// A tensor is described that the file does not have.
  case absentTensor(String)
  /// A tensor of a dtype that says nothing of its encoding is not described.
  case undescribedTensor(String, SafetensorsDtype)
  /// A described tensor is not a list of bytes.
  case notBytes(tensor: String, SafetensorsDtype, shape: [Int])
  case invalidShape(tensor: String, TypeError)
  case wrongByteCount(tensor: String, TensorSummary, expected: Int, got: Int)
}

extension SafetensorsModelDefect: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .missingEntry(let key):
      "'__metadata__' has no \(quoted(key)); Heddle reads the safetensors models that it wrote itself"
    case .unsupportedVersion(let version):
      "\(quoted(SafetensorsModel.versionKey)) is \(quoted(version)); only version "
        + "\(quoted(SafetensorsModel.version)) is supported"
    case .malformedEntry(let key, let offset, let defect):
      "the metadata entry \(quoted(key)): \(defect) (at its byte \(offset))"
    case .unknownEncoding(let tensor, let name):
      "tensor \(quoted(tensor)) has the encoding \(quoted(name)), which this version does not know"
    case .nativeEncoding(let tensor, let encoding):
      "tensor \(quoted(tensor)) is described as \(encoding), which has a dtype of its own"
    case .absentTensor(let tensor): "tensor \(quoted(tensor)) is described, but the file does not have it"
    case .undescribedTensor(let tensor, let dtype):
      "tensor \(quoted(tensor)) of dtype \(dtype) has no encoding in \(quoted(SafetensorsModel.encodingsKey))"
    case .notBytes(let tensor, let dtype, let shape):
      "tensor \(quoted(tensor)) is described as bytes: expected dtype U8 with one axis, got \(dtype) of shape \(shape)"
    case .invalidShape(let tensor, let error): "tensor \(quoted(tensor)): \(error)"
    case .wrongByteCount(let tensor, let type, let expected, let got):
      "tensor \(quoted(tensor)): \(type) needs \(expected) bytes, got \(got)"
    }
  }
}

extension SafetensorsModelDefect: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .unsupportedVersion, .unknownEncoding: .unsupported
    default: .invalidFile
    }
  }
}
