import HeddleText
import HeddleTypes

/// Why a model cannot be quantized as asked.
public enum QuantizationError: Error, Hashable, Sendable {
  /// A value that is infinite or not a number: there is no scale for it.
  case notFinite(tensor: String, index: [Int])
  /// A tensor of a type that cannot be read.
  case notReadable(tensor: String, type: String)
  /// A tensor that was asked to have a type whose blocks its rows do not fill.
  case rowNotInBlocks(tensor: String, Encoding, row: Int)
  /// Nothing is made in this encoding.
  case notMade(Encoding)
  /// A file is called GGUF's, which has no type for what a tensor becomes or stays.
  case notInGGUF(path: String, tensor: String, Encoding)
  /// A pattern for tensors matches none.
  case matchesNothing(NamePattern)
  /// Importance of other counts than the tensor has values in a row, or in a row of each matrix.
  case importanceCount(tensor: String, expected: Int, got: Int)
  /// A backend left out an output it was asked for.
  case missingOutput(String)
}

extension QuantizationError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .notFinite(let tensor, let index):
      "tensor \(quoted(tensor)) has a value at \(index) that is infinite or not a number; it cannot be quantized"
    case .notReadable(let tensor, let type): "tensor \(quoted(tensor)) is \(type), which is not read"
    case .rowNotInBlocks(let tensor, let encoding, let row):
      "tensor \(quoted(tensor)) has rows of \(row) values; \(encoding) needs a multiple of \(encoding.blockSize)"
    case .notMade(let encoding):
      "values are not made in \(encoding); these are: \(Encoding.quantizable.map(\.name).joined(separator: ", "))"
    case .notInGGUF(let path, let tensor, let encoding):
      "\(path): GGUF has no type for \(encoding), which tensor \(quoted(tensor)) would have; name a .safetensors file, "
        + "which Heddle reads as well"
    case .matchesNothing(let pattern): "no tensor is called '\(pattern)'"
    case .importanceCount(let tensor, let expected, let got):
      "tensor \(quoted(tensor)) needs the importance of \(expected) columns, got \(got)"
    case .missingOutput(let name): "the backend gave no output '\(name)'"
    }
  }
}

extension QuantizationError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .rowNotInBlocks, .notMade, .notInGGUF, .matchesNothing: .invalidArgument
    case .notFinite, .importanceCount: .invalidData
    case .notReadable: .unsupported
    case .missingOutput: .internal
    }
  }
}
