import HeddleTypes

extension Tensor {
  /// The values of a tensor of any encoding but int32, in row-major order: bit for bit what the format's reference gives; of a
  /// sparse tensor all values, zeros where nothing is kept.
  ///
  /// - Throws: ``TypeError/wrongEncoding(expected:got:)`` for int32, ``TypeError/invalidSparseData(_:_:)``.
  public func decoded() throws(TypeError) -> [Float] {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(TypeError) in
        guard let sparse = encoding.sparse else { return try encoding.decode(bytes) }
        return try SparseLayout(sparse, shape: shape).decode(bytes)
      }
    }
    return try result.get()
  }

  /// A tensor of these values in `encoding`, by the format's reference quantization (``ValueFormats``); a sparse one keeps what
  /// is greatest (``SparseSelection/byMagnitude(_:_:shape:)``).
  ///
  /// - Throws: ``TypeError`` if the shape does not hold the values or its rows are not whole blocks, for int32, and
  ///   ``TypeError/notQuantizable(_:)`` for encodings that are only read.
  public init(_ values: [Float], as encoding: Encoding, shape: [Int]) throws(TypeError) {
    if let format = encoding.sparse {
      let selection = try SparseSelection.byMagnitude(values, format, shape: shape)
      try self.init(values, keeping: selection, as: format, shape: shape)
      return
    }
    let bytes = try encoding.byteCount(shape: shape)
    let count = bytes / encoding.blockByteCount * encoding.blockSize
    guard count == values.count else {
      throw .wrongByteCount(
        expected: bytes, got: values.count / encoding.blockSize * encoding.blockByteCount,
        TensorSummary(encoding, shape))
    }
    guard !encoding.values.isInteger else { throw .wrongEncoding(expected: .float32, got: encoding) }
    guard let format = ValueFormats.definition(of: encoding.values) as? any ReferenceQuantization.Type else {
      throw .notQuantizable(encoding)
    }
    var writer = BlockWriter()
    writer.bytes.reserveCapacity(bytes)
    for start in stride(from: 0, to: values.count, by: encoding.blockSize) {
      format.encode(Array(values[start..<start + encoding.blockSize]), to: &writer)
    }
    try self.init(encoding: encoding, shape: shape, bytes: writer.bytes)
  }
}

extension Encoding {
  /// Whether values can be stored in this encoding (`Tensor(_:as:shape:)`). Others are only read.
  public var isWritable: Bool {
    let definition = ValueFormats.definition(of: values)
    return pattern == nil ? definition is any ReferenceQuantization.Type : definition is any ReferenceKeptValues.Type
  }

  /// Decodes whole blocks of values that no pattern leaves out; bytes after the last whole block are ignored.
  func decode(_ bytes: UnsafeRawBufferPointer) throws(TypeError) -> [Float] {
    guard pattern == nil, let format = ValueFormats.definition(of: values) as? any ReferenceValues.Type else {
      throw .wrongEncoding(expected: .float32, got: self)
    }
    let size = blockByteCount
    let count = bytes.count / size
    var result: [Float] = []
    result.reserveCapacity(count * blockSize)
    for index in 0..<count {
      result += format.decode(
        BlockBytes(bytes: UnsafeRawBufferPointer(rebasing: bytes[index * size..<(index + 1) * size])))
    }
    return result
  }
}
