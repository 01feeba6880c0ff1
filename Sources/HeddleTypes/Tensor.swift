/// A tensor in host memory: encoding, extents and row-major bytes.
public struct Tensor: Hashable, Sendable {
  public let encoding: Encoding
  public let shape: [Int]
  /// Little-endian, row-major; as many as the encoding needs for the shape.
  public let bytes: [UInt8]

  /// - Throws: ``TypeError/wrongByteCount(expected:got:_:)`` and what ``Encoding/byteCount(shape:)`` throws.
  public init(encoding: Encoding, shape: [Int], bytes: [UInt8]) throws(TypeError) {
    let expected = try encoding.byteCount(shape: shape)
    guard bytes.count == expected else {
      throw .wrongByteCount(expected: expected, got: bytes.count, TensorSummary(encoding, shape))
    }
    self.encoding = encoding
    self.shape = shape
    self.bytes = bytes
  }

  /// A float32 tensor of these values. Literals are float32 too, `[1, 2, 3]` as well as `[1.0, 2.0, 3.0]`; for int32
  /// say `[1, 2, 3] as [Int32]`.
  public init(_ values: [Float], shape: [Int]) throws(TypeError) {
    try self.init(encoding: .float32, shape: shape, bytes: values.withUnsafeBytes(Array.init))
  }

  /// An int32 tensor of these values.
  @_disfavoredOverload
  public init(_ values: [Int32], shape: [Int]) throws(TypeError) {
    try self.init(encoding: .int32, shape: shape, bytes: values.withUnsafeBytes(Array.init))
  }

  public var elementCount: Int { shape.reduce(1, &*) }

  /// The values of a float32 tensor.
  public func floats() throws(TypeError) -> [Float] { try scalars(.float32) }

  /// The values of an int32 tensor.
  public func integers() throws(TypeError) -> [Int32] { try scalars(.int32) }

  private func scalars<Scalar: BitwiseCopyable>(_ expected: Encoding) throws(TypeError) -> [Scalar] {
    guard encoding == expected else { throw .wrongEncoding(expected: expected, got: encoding) }
    let size = MemoryLayout<Scalar>.stride
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / size).map { raw.loadUnaligned(fromByteOffset: $0 * size, as: Scalar.self) }
    }
  }
}

extension Tensor: CustomStringConvertible {
  public var description: String { TensorSummary(encoding, shape).description }
}
