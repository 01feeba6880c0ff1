/// The operand types of one node under the names of their roles, with the checks that inference needs; each throws with the
/// operand's name.
public struct Operands {
  public let types: [TensorType]
  public let ranges: SymbolRanges
  private let roles: [OperandRole]

  /// - Throws: ``InferenceError/operandCount(expected:got:)`` unless the operation takes so many.
  public init(
    _ types: [TensorType], of operation: some GraphOperation, ranges: SymbolRanges
  ) throws(InferenceError) {
    roles = operation.roles
    self.types = types
    self.ranges = ranges
    let least = roles.count { !$0.isOptional || $0.flag != nil }
    let isOpen = roles.last?.isRepeated ?? false
    guard types.count >= least, isOpen || types.count <= roles.count else {
      throw .operandCount(expected: roles.map { $0.isRepeated ? "\($0.name)…" : $0.name }, got: types.count)
    }
  }

  /// The operand in a role, if it is given.
  public func given(_ name: String) -> TensorType? {
    for (role, type) in zip(roles, types) where role.name == name { return type }
    return nil
  }

  /// The operand in a role.
  public subscript(_ name: String) -> TensorType {
    get throws(InferenceError) {
      guard let type = given(name) else { throw .operandCount(expected: [name], got: types.count) }
      return type
    }
  }

  /// The operand, dense float32 of the given rank.
  public func float32(_ name: String, rank: Int? = nil) throws(InferenceError) -> TensorType {
    try dense(name, .float32, rank: rank)
  }

  /// The operand, dense int32 of the given rank.
  public func int32(_ name: String, rank: Int? = nil) throws(InferenceError) -> TensorType {
    try dense(name, .int32, rank: rank)
  }

  /// The operand, of dense floats (f32, f16 or bf16) of the given rank.
  public func denseFloats(_ name: String, rank: Int? = nil) throws(InferenceError) -> TensorType {
    let type = try self[name]
    guard [.float32, .float16, .bfloat16].contains(type.encoding) else {
      throw .encoding(operand: name, expected: "f32, f16 or bf16", got: type)
    }
    if let rank, type.rank != rank { throw .rank(operand: name, expected: "\(rank)", got: type) }
    return type
  }

  /// The operand, of values that attention keeps, of the given rank: dense floats, or levels of eight bits in blocks.
  func cachedFloats(_ name: String, rank: Int) throws(InferenceError) -> TensorType {
    let type = try self[name]
    guard [.q8_0, .int8_g64, .int8_g128].contains(type.encoding) else {
      guard [.float32, .float16, .bfloat16].contains(type.encoding) else {
        throw .encoding(operand: name, expected: "f32, f16, bf16, q8_0, int8_g64 or int8_g128", got: type)
      }
      return try denseFloats(name, rank: rank)
    }
    if type.rank != rank { throw .rank(operand: name, expected: "\(rank)", got: type) }
    return try wholeBlocks(name, type)
  }

  /// A type whose rows are whole blocks: of a fixed last axis that is a multiple of the encoding's block.
  func wholeBlocks(_ name: String, _ type: TensorType) throws(InferenceError) -> TensorType {
    let block = type.encoding.blockSize
    guard type.rank >= 1, let width = type.extent(-1).constant, width >= 0, width.isMultiple(of: block) else {
      throw .type("\(name) in \(type.encoding) must have a fixed last axis, a multiple of \(block), got \(type)")
    }
    let fixed = type.shape.compactMap(\.constant)
    do {
      _ = try type.encoding.byteCount(shape: fixed.count == type.rank ? fixed : [width])
    } catch {
      throw .type("\(error)")
    }
    return type
  }

  private func dense(_ name: String, _ encoding: Encoding, rank: Int?) throws(InferenceError) -> TensorType {
    let type = try self[name]
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
