import HeddleTypes

/// A tensor that building a decoder's graph asks for, by the name that GGUF gives it.
struct TensorRequest: Hashable, Sendable {
  let name: String
  let shape: [Int]
  /// Whether a file may be without it.
  let isRequired: Bool
  /// The layer that it belongs to, from 0.
  let layer: Int?
  /// A matrix of a layer, which may be sparse, and which pruning prunes.
  let isPrunable: Bool
  /// The axis along which a feed-forward block's hidden channels lie: 0 for gate, up and their biases, 1 for down.
  let channelAxis: Int?
  /// Whether files may have the vector as a matrix of one row.
  let mayBeRow: Bool

  /// A matrix that is not prunable is looked up by rows or is the output: block formats do, sparse ones do not.
  var isMatrix: Bool { shape.count == 2 }

  /// Whether values lie in rows: of a matrix, or of one for each expert or head.
  private var hasRows: Bool { shape.count >= 2 }

  /// The names of the encodings that the tensor may be stored in.
  var encodings: [String] { Encoding.weights.map { $0.name.uppercased() } + (isPrunable ? ["sparse formats"] : []) }

  func allows(_ shape: [Int]) -> Bool { shape == self.shape || mayBeRow && shape == [1] + self.shape }

  func allows(_ encoding: Encoding) -> Bool {
    if encoding.pattern != nil { return isPrunable }
    return Encoding.weights.contains(encoding) && (hasRows || encoding.blockSize == 1)
  }
}

/// What building gets its tensors from.
protocol TensorSource {
  /// The type of the tensor that is asked for; nil if there is none of the name.
  func type(of request: TensorRequest) -> TensorType?
  /// Whether there is a tensor of the name.
  func has(_ name: String) -> Bool
}

/// Has every tensor that a file has or must have, and remembers which were asked for: building against it lists what a
/// file of the decoder holds.
final class TensorRecorder: TensorSource {
  /// In the order of asking, each once.
  private(set) var requests: [TensorRequest] = []
  private var known: Set<TensorRequest> = []
  private let isInFile: (String) -> Bool

  init(_ isInFile: @escaping (String) -> Bool) { self.isInFile = isInFile }

  func type(of request: TensorRequest) -> TensorType? {
    guard request.isRequired || isInFile(request.name) else { return nil }
    if known.insert(request).inserted { requests.append(request) }
    return TensorType(.float32, request.shape.map { Dimension($0) })
  }

  func has(_ name: String) -> Bool { isInFile(name) }
}
