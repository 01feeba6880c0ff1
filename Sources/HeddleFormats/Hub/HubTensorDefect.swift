import HeddleText
import HeddleTypes

/// What is wrong with the tensors of a model folder.
public enum HubTensorDefect: Error, Hashable, Sendable {
  /// No part of the family's models has this name.
  case unknown(String)
  case missing(String)
  case wrongDtype(tensor: String, SafetensorsDtype)
  case wrongShape(tensor: String, shape: [Int], reason: String)
  /// What is stacked with it is of another type.
  case otherType(tensor: String, String, than: String)
  /// Two tensors stand for one.
  case duplicate(String, and: String, are: String)
}

extension HubTensorDefect: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .unknown(let tensor): "has the tensor \(quoted(tensor)), which models of this architecture do not have"
    case .missing(let tensor): "has no tensor \(quoted(tensor))"
    case .wrongDtype(let tensor, let dtype):
      "tensor \(quoted(tensor)) has the dtype \(dtype); F32, F16 or BF16 is needed"
    case .wrongShape(let tensor, let shape, let reason): "tensor \(quoted(tensor)) has the shape \(shape): \(reason)"
    case .otherType(let tensor, let type, let other):
      "tensor \(quoted(tensor)) becomes \(type) where those it is stacked with are \(other)"
    case .duplicate(let first, let second, let name):
      "the tensors \(quoted(first)) and \(quoted(second)) are both \(quoted(name))"
    }
  }
}

extension HubTensorDefect: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .wrongDtype, .otherType: .unsupported
    default: .invalidFile
    }
  }
}
