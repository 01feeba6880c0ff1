import HeddleText
import HeddleTypes

/// What is wrong with the tensors of a quantized weight, or not to be had. Every case has the values to find the place with.
public enum QuantizedWeightDefect: Error, Hashable, Sendable {
  case missingTensor(String)
  case wrongDtype(tensor: String, expected: [SafetensorsDtype], got: SafetensorsDtype)
  /// Shapes that would fit the layer's other tensors.
  case wrongShape(tensor: String, expected: [[Int]], got: [Int])
  /// A weight has two axes and at least one value.
  case notAMatrix(tensor: String, shape: [Int])
  /// An entry of `g_idx` is no group's number.
  case groupOutOfRange(tensor: String, index: Int, group: Int, groups: Int)
  /// A scale, or a number that scales are made of.
  case notFinite(tensor: String, index: Int)
  /// The JSON of bitsandbytes; `offset` is in bytes from its beginning.
  case malformedState(tensor: String, offset: Int, JSONDefect)
  /// Its `shape` has so many axes, or is more than fits 63 bits.
  case invalidStateShape(tensor: String, [Int])
  /// A level that NF4 does not have at this place.
  case wrongLevel(tensor: String, index: Int, expected: Float, got: Float)

  // Sound, but not to be had.
  case unsupportedBits(Int)
  /// An entry of the state of bitsandbytes.
  case unsupportedState(tensor: String, key: String, expected: String, got: String)
  /// Blocks need so many neighbours of a row that share a scale, or multiples.
  case groupNotInBlocks(columns: Int, block: Int)
  case notStorable(TypeError)

  // The caller's.
  case invalidGroupSize(Int)
  case invalidScaleBlock(QuantizationScheme.ScaleBlock)
}

extension QuantizedWeightDefect: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .missingTensor(let tensor): "there is no tensor \(quoted(tensor))"
    case .wrongDtype(let tensor, let expected, let got):
      "tensor \(quoted(tensor)) has the dtype \(got); \(Self.list(expected)) is needed"
    case .wrongShape(let tensor, let expected, let got):
      "tensor \(quoted(tensor)) has the shape \(got); \(Self.list(expected)) is needed"
    case .notAMatrix(let tensor, let shape):
      "tensor \(quoted(tensor)) of shape \(shape) is no matrix with values in it"
    case .groupOutOfRange(let tensor, let index, let group, let groups):
      "entry \(index) of tensor \(quoted(tensor)) is \(group), and there are groups 0 to \(groups &- 1)"
    case .notFinite(let tensor, let index):
      "entry \(index) of tensor \(quoted(tensor)) is infinite or not a number"
    case .malformedState(let tensor, let offset, let defect):
      "the JSON in tensor \(quoted(tensor)): \(defect) (at offset \(offset))"
    case .invalidStateShape(let tensor, let shape):
      "the JSON in tensor \(quoted(tensor)): the shape \(shape) is no matrix's"
    case .wrongLevel(let tensor, let index, let expected, let got):
      "entry \(index) of tensor \(quoted(tensor)) is \(got); of NF4 it is \(expected)"
    case .unsupportedBits(let bits): "levels of \(bits) bits cannot be read, only of 4 and 8"
    case .unsupportedState(let tensor, let key, let expected, let got):
      "the JSON in tensor \(quoted(tensor)): \(quoted(key)) is \(got), and only \(expected) can be read"
    case .groupNotInBlocks(let columns, let block):
      "\(columns) inputs of a row share a scale, and blocks have \(block) or multiples"
    case .notStorable(let error): error.description
    case .invalidGroupSize(let size): "a group of \(size) inputs was asked for; it has 1 or more"
    case .invalidScaleBlock(let block):
      "blocks of \(block.rows) × \(block.columns) values were asked for; they have 1 × 1 or more"
    }
  }

  private static func list(_ values: [some Any]) -> String {
    values.map { "\($0)" }.joined(separator: " or ")
  }
}

extension QuantizedWeightDefect: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .unsupportedBits, .unsupportedState, .groupNotInBlocks: .unsupported
    case .notStorable(let error): error.kind
    case .invalidGroupSize, .invalidScaleBlock: .invalidArgument
    default: .invalidFile
    }
  }
}
