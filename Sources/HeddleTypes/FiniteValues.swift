import HeddleText

extension Encoding {
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
    guard let format = sparse else {
      guard !values.floats.isEmpty else { return nil }
      let count = max(0, bytes.count.divided(by: blockByteCount))
      let block = (0..<count).first { !values.isFinite(bytes, at: $0 &* blockByteCount) }
      return block.map { $0 &* blockSize }
    }
    let layout = try SparseLayout(format, shape: shape)
    try layout.validate(bytes)
    guard !values.floats.isEmpty else { return nil }
    let start = layout.values.lowerBound &+ (format.scaleUnits &+ format.indexUnits) &* format.unitByteCount
    var first: Int?
    layout.forEachPlace(bytes) { place in
      guard !values.isFinite(bytes, at: start &+ place.span &+ place.position &* format.unitByteCount) else { return }
      let index = place.row &* layout.inputs &+ place.input
      first = min(first ?? index, index)
    }
    return first
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

extension ValueFormat {
  /// Whether the numbers of the block at `start` are finite.
  fileprivate func isFinite(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
    func half(_ offset: Int) -> UInt16 { bytes.littleEndian(at: start &+ offset) }
    return floats.allSatisfy { float in
      switch float {
      case .float32(let offset): half(offset &+ 2) & 0x7F80 != 0x7F80
      case .bfloat16(let offset): half(offset) & 0x7F80 != 0x7F80
      case .float16(let offset): half(offset) & 0x7C00 != 0x7C00
      case .float16InNibbles(let offset): half(offset &+ 6) & 0x7000 != 0x7000 || half(offset &+ 4) & 0xC000 != 0xC000
      case .e4m3(let offset, let count):
        bytes.part(from: start &+ offset, to: start &+ offset &+ count).allSatisfy { $0 & 0x7F != 0x7F }
      case .e5m2(let offset, let count):
        bytes.part(from: start &+ offset, to: start &+ offset &+ count).allSatisfy { $0 & 0x7C != 0x7C }
      case .exponent(let offset): bytes.littleEndian(UInt8.self, at: start &+ offset) < 253
      }
    }
  }
}
