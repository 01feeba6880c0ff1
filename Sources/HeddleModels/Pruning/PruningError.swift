import HeddleText
import HeddleTypes

/// Why weights cannot be pruned as asked.
public enum PruningError: Error, Hashable, Sendable {
  /// A tensor of a feed-forward block does not fit the others.
  case shape(String, expected: [Int], got: [Int])
  /// Only a vector-wise pattern (`vw16:32`) depends on the order of rows.
  case notVectorWise(SparsityPattern)
  case ratio(Double)
  /// A channel is not below the count of channels.
  case channel(Int, count: Int)
  /// A block cannot be without channels.
  case noChannels
  case notSparse(Encoding)
  /// A backend left out an output it was asked for.
  case missingOutput(String)

  /// A value that is infinite or not a number: there is no order of magnitudes with it, and no scale.
  case notFinite(tensor: String, index: [Int])
  /// What is kept of a tensor, or a scale of it, is too great for the encoding it is to be stored in.
  case notRepresentable(tensor: String, Encoding, index: [Int])
  /// What a backend gave for a tensor cannot be stored, as where a scale does not fit its type.
  case notStorable(tensor: String, TypeError)

  // Of a model.
  /// No matrix is left that is not sparse.
  case noMatrices
  /// No matrix suits the target.
  case nothingToPrune(PruningTarget)
  /// A pattern for tensors to keep matches none.
  case matchesNothing(NamePattern)
  /// Channels go from every feed-forward block or from none.
  case allChannels(String, NamePattern)
  /// Feed-forward blocks have different counts of channels, and a model has one key for all.
  case channelCounts([Int])
  case sparseChannels(String, Encoding)
  /// Channels that are left out leave a dense matrix.
  case notDense(ValueFormat)
  /// Channels are left out, or ordered.
  case orderOfChannels
}

extension PruningError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .shape(let name, let expected, let got): "\(name) must have the shape \(expected), it has \(got)"
    case .notVectorWise(let pattern): "the order of rows is for vector-wise patterns such as vw16:32, got \(pattern)"
    case .ratio(let ratio): "the share of channels to leave out must be in 0...1, got \(ratio)"
    case .channel(let channel, let count): "channel \(channel) is not in 0..<\(count)"
    case .noChannels: "a feed-forward block must keep a channel"
    case .notSparse(let encoding): "expected a sparse tensor, got \(encoding)"
    case .missingOutput(let name): "the backend gave no output '\(name)'"
    case .notFinite(let tensor, let index):
      "tensor \(quoted(tensor)) has a value at \(index) that is infinite or not a number; it cannot be pruned"
    case .notRepresentable(let tensor, let encoding, let index):
      "tensor \(quoted(tensor)) has a value at \(index) that is too great for \(encoding)"
    case .notStorable(let tensor, let error): "tensor \(quoted(tensor)): \(error)"
    case .noMatrices: "the model has no dense matrices to prune"
    case .nothingToPrune(let target): "no matrix of the model can be pruned to \(target)"
    case .matchesNothing(let pattern): "no tensor is called '\(pattern)'"
    case .channelCounts([]): "channels can be left out only of feed-forward blocks with gate, up and down of their own"
    case .channelCounts(let counts):
      "channels cannot be left out of feed-forward blocks of "
        + counts.map(String.init).joined(separator: ", ") + " channels"
    case .allChannels(let name, let pattern):
      "'\(pattern)' keeps '\(name)', but channels are left out of every feed-forward block or of none"
    case .sparseChannels(let name, let encoding):
      "tensor '\(name)' is \(encoding): channels can only be left out of dense tensors"
    case .notDense(let values):
      "without channels a matrix is dense: its values are f32, f16 or bf16, got \(values.name)"
    case .orderOfChannels: "an order of rows is for vector-wise patterns such as vw16:32, not for channels left out"
    }
  }
}

extension PruningError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .notVectorWise, .ratio, .channel, .noChannels, .notSparse, .noMatrices, .nothingToPrune, .matchesNothing,
      .allChannels, .channelCounts, .sparseChannels, .notDense, .orderOfChannels:
      .invalidArgument
    case .shape, .notFinite, .notRepresentable, .notStorable: .invalidData
    case .missingOutput: .internal
    }
  }
}
