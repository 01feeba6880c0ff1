import HeddleText

/// What can be wrong with a type, a dimension or a tensor's bytes.
public enum TypeError: Error, Hashable, Sendable {
  case sizeOverflow([Int])
  case negativeExtent([Int])
  case rowNotInBlocks(Encoding, Int)
  case wrongByteCount(expected: Int, got: Int, TensorSummary)
  case unboundSymbol(Symbol)
  case outOfRange(Symbol, value: Int, range: ClosedRange<Int>)
  case dimensionOverflow(String)
  case negativeDimension(String, value: Int)
  /// A text and why no dimension is read from it.
  case invalidDimension(String, String)
  case wrongEncoding(expected: Encoding, got: Encoding)
  case unknownEncoding(String)
  case unknownConstant(ConstantID)
  case duplicateConstant(ConstantID)
  case invalidPattern(String)
  case invalidSparseData(SparseFormat, SparseDefect)
}

/// The encoding and the shape of a tensor, for messages.
public struct TensorSummary: Hashable, Sendable, CustomStringConvertible {
  public var encoding: Encoding
  public var shape: [Int]

  public init(_ encoding: Encoding, _ shape: [Int]) {
    self.encoding = encoding
    self.shape = shape
  }

  public var description: String { "\(encoding)[\(shape.map(String.init).joined(separator: ", "))]" }
}

extension TypeError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .sizeOverflow(let shape): "the size of shape \(shape) does not fit 64 bits"
    case .negativeExtent(let shape): "shape \(shape) has a negative extent"
    case .rowNotInBlocks(let encoding, let last):
      "\(encoding) stores rows in blocks of \(encoding.blockSize); a row of \(last) is not a multiple"
    case .wrongByteCount(let expected, let got, let tensor): "\(tensor) needs \(expected) bytes, got \(got)"
    case .unboundSymbol(let symbol): "the symbol '\(symbol)' has no value"
    case .outOfRange(let symbol, let value, let range):
      "\(symbol) would be \(value); the graph allows \(range.lowerBound)...\(range.upperBound)"
    case .dimensionOverflow(let text): "the dimension \(text) does not fit 64 bits or is too long"
    case .invalidDimension(let text, let problem): "'\(text)' is no dimension: \(problem)"
    case .negativeDimension(let text, let value): "the dimension \(text) is \(value), below zero"
    case .wrongEncoding(let expected, let got): "expected \(expected) values, got \(got)"
    case .unknownEncoding(let name): "'\(name)' is no encoding; these are: \(Encoding.everyName)"
    case .unknownConstant(let id): "the constant store has no constant '\(id)'"
    case .duplicateConstant(let id): "the constant store already has a constant '\(id)'"
    case .invalidPattern(let reason): "there is no such sparsity pattern: \(reason)"
    case .invalidSparseData(let format, let defect): "not a tensor in \(format): \(defect)"
    }
  }
}

extension TypeError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .unboundSymbol, .outOfRange: .invalidBinding
    case .dimensionOverflow, .negativeDimension, .invalidDimension: .invalidGraph
    case .sizeOverflow, .negativeExtent, .rowNotInBlocks, .wrongByteCount, .wrongEncoding, .unknownEncoding,
      .unknownConstant, .duplicateConstant, .invalidPattern, .invalidSparseData:
      .invalidData
    }
  }
}
