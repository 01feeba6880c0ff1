@_exported import HeddleTypes

/// What a node computes: plain data, so that a graph can be hashed, printed, saved and compared.
///
/// A type that conforms is one operation; its value holds the members of the JSON form. What an operation *means* stands
/// here, in one file an operation. What else there is to it is a conformance in the room that owns the facet: the oracle's
/// value, the lowerings to kernels, the cases that tests and benchmarks run. ``Operations/all`` lists every operation.
public protocol GraphOperation: Hashable, Codable, Sendable {
  /// Name, operands, members and formula, for people and for other languages.
  static var description: OperationDescription { get }

  /// The operands that this value takes, in order; without a word, all that the description has.
  var roles: [OperandRole] { get }

  /// The result types for these operands, of which there are as many as ``roles`` allow.
  func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType]

  /// What the operation does beside computing new values; without a word, nothing.
  func effect(on operands: [TensorType]) -> Effect

  /// Whether the operand at this place may be a constant in a packed form; without a word, no.
  func takesWeight(at operand: Int, of operands: [TensorType]) -> Bool

  /// Rows that must fit, to be checked when a run binds its symbols; without a word, none.
  func capacities(_ operands: [TensorType]) -> [Capacity]
}

extension GraphOperation {
  /// The name in messages, JSON and profiles.
  public static var name: String { description.name }
  /// The name in messages, JSON and profiles.
  public var name: String { Self.name }

  public var roles: [OperandRole] { Self.description.operands }
  public func effect(on operands: [TensorType]) -> Effect { .pure }
  public func takesWeight(at operand: Int, of operands: [TensorType]) -> Bool { false }
  public func capacities(_ operands: [TensorType]) -> [Capacity] { [] }
}

/// What an operation does to memory and to the graph's interface.
public enum Effect: Hashable, Sendable {
  /// New values from the operands' values.
  case pure
  /// The values of an operand, seen differently.
  case view(of: Int)
  /// The next version of an operand: in its place where the operand's old version is not read any more.
  case writes(Int)
  /// A value that comes from outside the graph.
  case leaf(Leaf)
}

/// Where a value comes from that no node computes.
public enum Leaf: Hashable, Sendable {
  /// Given at each run.
  case input(String)
  /// Of the constant store.
  case constant(ConstantID)
  /// Kept by the session.
  case state(String)

  /// The name under which a caller reaches the value.
  public var name: String {
    switch self {
    case .input(let name), .state(let name): name
    case .constant(let id): id.name
    }
  }

  /// Whether the graph has at most one leaf of this name.
  var isUnique: Bool { if case .constant = self { false } else { true } }
}

/// `first + count` rows that an operation reads or writes, of `capacity` that there are.
public struct Capacity: Hashable, Sendable {
  public var first: Dimension
  public var count: Dimension
  public var capacity: Dimension

  public init(first: Dimension, count: Dimension, capacity: Dimension) {
    self.first = first
    self.count = count
    self.capacity = capacity
  }
}
