/// The cache with the rows of `x` written into it: functional here, in place on a device.
///
/// - cache `[C, …]`, dense or in blocks along its last axis; x `[T, …]` of the same encoding and trailing axes; result like cache.
/// - Or x of float32, in a cache of float16 or bfloat16: rounded to the nearest, ties to even; or of q8_0, int8_g64 or int8_g128: in levels
///   `x / d` rounded alike, of the scale `d = max∣x∣ / 127` of a block as float16, infinite if a value has no such scale.
/// - With a ``position``, row t of x becomes row `position + t`; `position + T ≤ C` is checked when a run binds its symbols:
///   ``ExecutionError/capacityExceeded(_:needed:capacity:)``.
/// - Without one, rows `[T]` int32 says where: row t of x becomes row `rows[t]`. A row of x whose place is outside 0 ..< C is dropped;
///   −1 says so. Of several rows for one place the last is written.
public struct WriteRows: GraphOperation {
  public static let description = OperationDescription(
    "writeRows", family: "Layout", "cache with x written at rows position ..< position + T, or each at its rows[t]",
    operands: [
      .init("cache", "[C, …], dense or in blocks"), .init("x", "[T, …] like cache, or f32 to be rounded"),
      .init("rows", "[T] i32, if there is no position", isOptional: true),
    ],
    members: [.init("position", .dimension, default: "null")], result: "[C, …] like cache")

  /// Where the first row is written; nil if an operand says where each is.
  public var position: Dimension?

  public init(position: Dimension? = nil) { self.position = position }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let (cache, x) = (try operands["cache"], try operands["x"])
    guard cache.encoding.isScalar ? cache.rank >= 1 : cache.encoding.isMadeInBlocks && cache.rank >= 2 else {
      throw .encoding(operand: "cache", expected: "dense, or in blocks of rank 2 or more", got: cache)
    }
    if !cache.encoding.isScalar { _ = try operands.wholeBlocks("cache", cache) }
    let isRounded = x.encoding == .float32 && WriteRows.rounded.contains(cache.encoding)
    guard x.encoding == cache.encoding || isRounded, x.shape.dropFirst() == cache.shape.dropFirst(),
      x.rank == cache.rank
    else { throw .type("x must be \(cache) but for the first axis, got \(x)") }
    if let position {
      if operands.given("rows") != nil { throw .attribute("position", "must be left out where rows are given") }
      try operands.require(position, "position")
    } else {
      let rows = try operands.int32("rows", rank: 1)
      try operands.equal(rows.extent(0), x.extent(0), "the rows of x and their places")
    }
    return [cache]
  }

  /// What float32 is rounded to.
  private static let rounded: Set<Encoding> = [.float16, .bfloat16, .q8_0, .int8_g64, .int8_g128]

  public func effect(on operands: [TensorType]) -> Effect { .writes(0) }

  public func capacities(_ operands: [TensorType]) -> [Capacity] {
    guard let position, let cache = operands.first, let x = operands.dropFirst().first else { return [] }
    return [Capacity(first: position, count: x.extent(0), capacity: cache.extent(0))]
  }
}

extension WriteRows {
  private enum CodingKeys: String, CodingKey, CaseIterable { case position }

  /// The position may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    self.init(position: try members.decodeIfPresent(Dimension.self, forKey: .position))
  }
}

extension GraphBuilder {
  /// ``WriteRows`` from a position on.
  public func writeRows(
    _ x: Value, to cache: Value, at position: Dimension, label: String? = nil, file: String = #fileID,
    line: Int = #line
  ) throws(GraphError) -> Value {
    try single(WriteRows(position: position), [cache, x], label, file, line)
  }

  /// ``WriteRows``, each at its own place.
  public func writeRows(
    _ x: Value, to cache: Value, rows: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(WriteRows(), [cache, x, rows], label, file, line)
  }
}
