extension Encoding {
  // Traps: never, the bytes are compared with the encoding's count first, and places count values of them.
  /// The row-major place of the first value that is infinite or not a number, of a block the block's first value; nil
  /// if there is none. Nothing is decoded: the exponents of values and scales tell.
  ///
  /// - Throws: ``TypeError/wrongByteCount(expected:got:_:)``, and ``TypeError/invalidSparseData(_:_:)`` for scales and
  ///   indices of a sparse tensor.
  package func firstNotFinite(_ bytes: UnsafeRawBufferPointer, shape: [Int]) throws(TypeError) -> Int? {
    let expected = try byteCount(shape: shape)
    guard bytes.count == expected else {
      throw .wrongByteCount(expected: expected, got: bytes.count, TensorSummary(self, shape))
    }
    switch self {
    case .dense(let scalar):
      guard scalar.isFloatingPoint else { return nil }
      let size = scalar.byteCount
      return (0..<bytes.count / size).first { !scalar.isFinite(bytes, at: $0 * size) }
    case .blocks(let format):
      let size = format.blockByteCount
      let block = (0..<bytes.count / size).first { block in
        (0..<format.scaleCount).contains { !ScalarType.float16.isFinite(bytes, at: block * size + 2 * $0) }
      }
      return block.map { $0 * format.blockSize }
    case .sparse(let format):
      let layout = try SparseLayout(format, shape: shape)
      try layout.validate(bytes)
      guard let scalar = format.values.scalar else { return nil }
      let values = layout.values.lowerBound + (format.scaleUnits + format.indexUnits) * format.unitByteCount
      var first: Int?
      layout.forEachPlace(bytes) { place in
        guard !scalar.isFinite(bytes, at: values + place.span + place.position * scalar.byteCount) else { return }
        let index = place.row * layout.inputs + place.input
        first = min(first ?? index, index)
      }
      return first
    }
  }

  /// A row-major place of a tensor of this shape as an index for each axis, for messages.
  package static func coordinates(of place: Int, in shape: [Int]) -> [Int] {
    var (rest, index) = (place, [Int]())
    for extent in shape.reversed() where extent > 0 {
      index.append(rest % extent)
      rest /= extent
    }
    return index.reversed()
  }
}

extension ScalarType {
  // Traps: never, callers pass places of values in the buffer.
  fileprivate func isFinite(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    switch self {
    case .float32:
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) & 0x7F80_0000 != 0x7F80_0000
    case .float16:
      UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) & 0x7C00 != 0x7C00
    case .bfloat16:
      UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) & 0x7F80 != 0x7F80
    case .int32: true
    }
  }
}

extension BlockFormat {
  /// Half-precision numbers that a block begins with: its scale, and its least value.
  fileprivate var scaleCount: Int {
    switch self {
    case .q4_0, .q5_0, .q8_0: 1
    case .q4_1, .q5_1: 2
    }
  }
}

extension SparseFormat.Values {
  /// The type of kept values that stand for themselves; nil for those with a scale.
  fileprivate var scalar: ScalarType? {
    switch self {
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int8, .int4: nil
    }
  }
}
