import HeddleText

/// A tensor given at each run.
public struct Input: OperationPayload {
  public var name: String
  public var type: TensorType

  public init(name: String, type: TensorType) {
    self.name = name
    self.type = type
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect()
    return [type]
  }
}

/// A tensor that never changes: a handle into a ``ConstantStore``, outside the graph.
public struct Constant: OperationPayload {
  public var id: ConstantID
  public var type: TensorType

  public init(id: ConstantID, type: TensorType) {
    self.id = id
    self.type = type
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect()
    guard type.shape.allSatisfy({ $0.constant != nil }) else {
      throw .type("the constant '\(id)' must have a fixed shape, got \(type)")
    }
    return [type]
  }
}

/// A tensor the owner may change between runs: trained weights, adapters.
public struct Parameter: OperationPayload {
  public var name: String
  public var type: TensorType

  public init(name: String, type: TensorType) {
    self.name = name
    self.type = type
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect()
    return [type]
  }
}

/// A tensor a session keeps from run to run: caches. The node is the value *before* the run; the graph's state
/// updates name the value after it. A session's states start as zeros.
public struct State: OperationPayload {
  public var name: String
  /// Symbols in the shape are bound when a session is made.
  public var type: TensorType

  public init(name: String, type: TensorType) {
    self.name = name
    self.type = type
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect()
    guard type.encoding.isScalar else { throw .type("the state '\(name)' must be dense, got \(type)") }
    return [type]
  }
}

/// A leaf that a name and a type make. Names are compared by their bytes: see `Name`.
protocol NamedLeaf: Hashable {
  var name: String { get }
  var type: TensorType { get }
}

extension NamedLeaf {
  public static func == (left: Self, right: Self) -> Bool {
    left.name.hasSameBytes(as: right.name) && left.type == right.type
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(Name(name))
    hasher.combine(type)
  }
}

extension Input: NamedLeaf {}
extension Parameter: NamedLeaf {}
extension State: NamedLeaf {}
