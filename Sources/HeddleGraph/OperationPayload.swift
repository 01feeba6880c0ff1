import HeddleText

@_exported import HeddleTypes

/// What every operation's data must be able to do: say its result types, or what is wrong with its operands.
public protocol OperationPayload: Hashable, Codable, Sendable {
  /// The result types for these operands.
  func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType]
}

/// The operand types of one node, with the checks that inference needs; each throws with the operand's name.
public struct Operands {
  public let types: [TensorType]
  public let ranges: SymbolRanges

  public init(_ types: [TensorType], ranges: SymbolRanges) {
    self.types = types
    self.ranges = ranges
  }

  /// Exactly these operands, in this order.
  public func expect(_ names: String...) throws(InferenceError) { try expect(names) }

  /// Exactly these operands, in this order.
  public func expect(_ names: [String]) throws(InferenceError) {
    guard types.count == names.count else { throw .operandCount(expected: names, got: types.count) }
  }

  /// The operand at `index`, dense float32 of the given rank.
  public func float32(_ index: Int, _ name: String, rank: Int? = nil) throws(InferenceError) -> TensorType {
    try dense(index, name, .float32, rank: rank)
  }

  /// The operand at `index`, dense int32 of the given rank.
  public func int32(_ index: Int, _ name: String, rank: Int? = nil) throws(InferenceError) -> TensorType {
    try dense(index, name, .int32, rank: rank)
  }

  private func dense(
    _ index: Int, _ name: String, _ encoding: Encoding, rank: Int?
  ) throws(InferenceError) -> TensorType {
    guard types.indices.contains(index) else { throw .operandCount(expected: [name], got: types.count) }
    let type = types[index]
    guard type.encoding == encoding else {
      throw .encoding(operand: name, expected: encoding.name, got: type)
    }
    if let rank, type.rank != rank { throw .rank(operand: name, expected: "\(rank)", got: type) }
    return type
  }

  /// `left == right` for all bindings, that is, the same canonical expression.
  public func equal(_ left: Dimension, _ right: Dimension, _ what: String) throws(InferenceError) {
    guard left == right else { throw .dimensions(what, left, right) }
  }

  /// `minimum ≤ dimension ≤ maximum` for all bindings in range.
  public func require(
    _ dimension: Dimension, _ what: String, atLeast minimum: Dimension = 0, atMost maximum: Dimension? = nil
  ) throws(InferenceError) {
    do {
      if try (dimension - minimum).bounds(ranges).lowerBound < 0 {
        throw InferenceError.below(what, dimension, minimum)
      }
      if let maximum, try (maximum - dimension).bounds(ranges).lowerBound < 0 {
        throw InferenceError.above(what, dimension, maximum)
      }
    } catch let error as InferenceError {
      throw error
    } catch {
      throw .type("\(error)")
    }
  }
}

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
