import HeddleText

/// Why an operation cannot take its operands.
public enum InferenceError: Error, Hashable, Sendable {
  case operandCount(expected: [String], got: Int)
  case rank(operand: String, expected: String, got: TensorType)
  case encoding(operand: String, expected: String, got: TensorType)
  case dimensions(String, Dimension, Dimension)
  case below(String, Dimension, Dimension)
  case above(String, Dimension, Dimension)
  case attribute(String, String)
  case type(String)
}

extension InferenceError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .operandCount(let expected, let got):
      "takes \(expected.count) operands (\(expected.joined(separator: ", "))), got \(got)"
    case .rank(let operand, let expected, let got): "\(operand) must have rank \(expected), got \(got)"
    case .encoding(let operand, let expected, let got): "\(operand) must be \(expected), got \(got)"
    case .dimensions(let what, let left, let right): "\(what) must be equal, got \(left) and \(right)"
    case .below(let what, let value, let minimum): "\(what) = \(value) can be less than \(minimum)"
    case .above(let what, let value, let maximum): "\(what) = \(value) can be more than \(maximum)"
    case .attribute(let name, let problem): "\(name) \(problem)"
    case .type(let message): message
    }
  }
}

extension InferenceError: HeddleError {
  public var kind: ErrorKind { .invalidGraph }
}
