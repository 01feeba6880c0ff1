import HeddleGraph

/// Uses of one operation: what inference, JSON, support, empty tensors and hostile input are tested with.
///
/// Their symbols are `n` in 0...64 and `m` in 1...64.
public struct OperationSamples: Sendable {
  /// Operand types, and the result types they give.
  public struct Accepted: Sendable {
    public var operation: any GraphOperation
    public var operands: [TensorType]
    public var results: [TensorType]

    init(_ operation: any GraphOperation, _ operands: [TensorType], _ results: [TensorType]) {
      self.operation = operation
      self.operands = operands
      self.results = results
    }
  }

  /// Operand types that are refused.
  public struct Refused: Sendable {
    public var operation: any GraphOperation
    public var operands: [TensorType]

    init(_ operation: any GraphOperation, _ operands: [TensorType]) {
      self.operation = operation
      self.operands = operands
    }
  }

  /// Values computed by hand.
  public struct Literal: Sendable {
    public var operation: any GraphOperation
    public var operands: [Tensor]
    public var results: [Tensor]

    init(_ operation: any GraphOperation, _ operands: [Tensor], _ results: Tensor...) {
      self.operation = operation
      self.operands = operands
      self.results = results
    }
  }

  public var accepted: [Accepted]
  public var refused: [Refused]
  public var literals: [Literal]

  /// The ranges of the symbols.
  public static let ranges: SymbolRanges = ["n": 0...64, "m": 1...64]

  /// Of every operation that has some.
  public static var all: [OperationSamples] {
    Operations.all.compactMap { ($0 as? any CasedOperation.Type)?.samples }
  }
}

extension OperationSamples {
  /// Of operations without kernels of their own: leaves, and what Heddle does not have.
  public static let others = OperationSamples(
    accepted: [
      .init(Input(name: "x", type: Sample.i32(Sample.n, 3)), [], [Sample.i32(Sample.n, 3)]),
      .init(Constant(id: "c", type: Sample.type("q4_0", 2, 32)), [], [Sample.type("q4_0", 2, 32)]),
      .init(State(name: "s", type: Sample.f32(Sample.n, 3)), [], [Sample.f32(Sample.n, 3)]),
      .init(State(name: "t", type: Sample.f32(3), initial: "c"), [], [Sample.f32(3)]),
      .init(
        Custom(name: "c", rule: .fixed([Sample.i32(1), Sample.f32(Sample.n)])), [Sample.f32(1)],
        [Sample.i32(1), Sample.f32(Sample.n)]),
      .init(
        Custom(
          name: "twist", attributes: ["n": .integer(3), "r": .number(0.1), "t": .text("é\"")], rule: .sameAs(operand: 1)
        ),
        [Sample.f32(1), Sample.f32(2)], [Sample.f32(2)]),
    ],
    refused: [
      .init(Custom(name: "c", rule: .sameAs(operand: 1)), [Sample.f32(1)]),
      .init(Custom(name: "c", rule: .fixed([])), [Sample.f32(1)]),
      .init(Constant(id: "c", type: Sample.f32(Sample.n)), []),
      .init(State(name: "s", type: Sample.type("q4_0", 32)), []),
      .init(State(name: "s", type: Sample.f32(Sample.n), initial: "c"), []),
      .init(Input(name: "x", type: Sample.f32(1)), [Sample.f32(1)]),
      .init(State(name: "x", type: Sample.f32(1)), [Sample.f32(1)]),
    ], literals: [])
}

/// Short names for types and tensors in samples.
enum Sample {
  static let n = Dimension("n")
  static let m = Dimension("m")

  static func f32(_ shape: Dimension...) -> TensorType { TensorType(.float32, shape) }
  static func i32(_ shape: Dimension...) -> TensorType { TensorType(.int32, shape) }
  static func f16(_ shape: Dimension...) -> TensorType { TensorType(.float16, shape) }
  static func bf16(_ shape: Dimension...) -> TensorType { TensorType(.bfloat16, shape) }
  static func type(_ encoding: String, _ shape: Dimension...) -> TensorType {
    TensorType(Sample.encoding(encoding), shape)
  }

  static func encoding(_ name: String) -> Encoding {
    guard let encoding = Encoding(name: name) else { preconditionFailure("a sample's encoding: \(name)") }
    return encoding
  }

  static func floats(_ values: [Float], _ shape: [Int]? = nil) -> Tensor {
    tensor { () throws(TypeError) in try Tensor(values, shape: shape ?? [values.count]) }
  }

  static func integers(_ values: [Int32], _ shape: [Int]? = nil) -> Tensor {
    tensor { () throws(TypeError) in try Tensor(values, shape: shape ?? [values.count]) }
  }

  static func tensor(_ encoding: Encoding, _ shape: [Int], _ bytes: [UInt8]) -> Tensor {
    tensor { () throws(TypeError) in try Tensor(encoding: encoding, shape: shape, bytes: bytes) }
  }

  private static func tensor(_ make: () throws(TypeError) -> Tensor) -> Tensor {
    do { return try make() } catch { preconditionFailure("a sample's tensor: \(error)") }
  }
}
