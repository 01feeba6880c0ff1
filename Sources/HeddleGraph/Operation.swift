/// What a node computes: plain data, so that a graph can be hashed, printed, saved and compared.
///
/// The enum is closed on purpose: a backend that misses an operation does not compile. What Heddle does not have goes
/// through ``custom(_:)``.
public enum Operation: Hashable, Sendable {
  case input(Input)
  case constant(Constant)
  case parameter(Parameter)
  case state(State)
  case range(IndexRange)
  case convert(Convert)
  case prune(Prune)
  case embeddingLookup(EmbeddingLookup)
  case rmsNorm(RMSNorm)
  case matmul(MatMul)
  case rotaryEmbedding(RotaryEmbedding)
  case append(Append)
  case causalAttention(CausalAttention)
  case gatedSiLU(GatedSiLU)
  case elementwise(Elementwise)
  case unary(Unary)
  case softmax(Softmax)
  case argmax(ArgMax)
  case reshape(Reshape)
  case transpose(Transpose)
  case slice(Slice)
  case concatenate(Concatenate)
  case custom(Custom)

  /// The operation's own data.
  public var payload: any OperationPayload {
    switch self {
    case .input(let payload): payload
    case .constant(let payload): payload
    case .parameter(let payload): payload
    case .state(let payload): payload
    case .range(let payload): payload
    case .convert(let payload): payload
    case .prune(let payload): payload
    case .embeddingLookup(let payload): payload
    case .rmsNorm(let payload): payload
    case .matmul(let payload): payload
    case .rotaryEmbedding(let payload): payload
    case .append(let payload): payload
    case .causalAttention(let payload): payload
    case .gatedSiLU(let payload): payload
    case .elementwise(let payload): payload
    case .unary(let payload): payload
    case .softmax(let payload): payload
    case .argmax(let payload): payload
    case .reshape(let payload): payload
    case .transpose(let payload): payload
    case .slice(let payload): payload
    case .concatenate(let payload): payload
    case .custom(let payload): payload
    }
  }

  /// The name in messages, JSON and profiles.
  public var name: String { kind.rawValue }

  /// The operation without its data: the keys of the JSON form.
  public enum Kind: String, CodingKey, CaseIterable, Sendable {
    case input, constant, parameter, state, range, convert, embeddingLookup, rmsNorm, matmul, rotaryEmbedding, append
    case causalAttention, gatedSiLU, elementwise, unary, softmax, argmax, reshape, transpose, slice, concatenate
    case prune, custom
  }

  public var kind: Kind {
    switch self {
    case .input: .input
    case .constant: .constant
    case .parameter: .parameter
    case .state: .state
    case .range: .range
    case .convert: .convert
    case .prune: .prune
    case .embeddingLookup: .embeddingLookup
    case .rmsNorm: .rmsNorm
    case .matmul: .matmul
    case .rotaryEmbedding: .rotaryEmbedding
    case .append: .append
    case .causalAttention: .causalAttention
    case .gatedSiLU: .gatedSiLU
    case .elementwise: .elementwise
    case .unary: .unary
    case .softmax: .softmax
    case .argmax: .argmax
    case .reshape: .reshape
    case .transpose: .transpose
    case .slice: .slice
    case .concatenate: .concatenate
    case .custom: .custom
    }
  }
}
