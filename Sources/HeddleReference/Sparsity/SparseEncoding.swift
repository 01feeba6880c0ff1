import HeddleTypes

/// A sparse tensor that keeps the places of `selection`, whatever the values there are.
///
/// | values | scale | level |
/// |---|---|---|
/// | `f16`, `bf16` | | the nearest, ties to even |
/// | `int8` | of a row: `max∣x∣ / 127` of what is kept | `x/d` rounded half away from zero |
/// | `int4` | of a span: `d = e / −8`, e the kept value of greatest magnitude, the first of equals | `⌊x/d + 8.5⌋` in 0...15 |
///
/// Levels use the float32 scale and `1/d`, 0 for a zero scale; `int4` stores the scale as float16. A level that is not a
/// number is stored as the least.
///
/// - Throws: ``TypeError``, also if the selection is not of the format's pattern and shape.
public func encodeSparse(
  _ values: [Float], keeping selection: SparseSelection, as format: SparseFormat, shape: [Int]
) throws(TypeError) -> Tensor {
  let layout = try SparseLayout(format, shape: shape)
  guard values.count == layout.rows * layout.inputs else {
    throw .wrongByteCount(
      expected: layout.rows * layout.inputs * 4, got: values.count * 4, TensorSummary(.float32, shape))
  }
  var bytes = [UInt8](repeating: 0, count: layout.byteCount)
  try layout.write(selection, to: &bytes)
  let places = bytes.withUnsafeBytes { layout.places($0) }
  let kept = places.map { values[$0.row * layout.inputs + $0.input] }
  bytes.withUnsafeMutableBytes { layout.write(kept, places, to: $0) }
  return try Tensor(encoding: .sparse(format), shape: shape, bytes: bytes)
}

extension SparseLayout {
  /// The indices, checked.
  fileprivate func write(_ selection: SparseSelection, to bytes: inout [UInt8]) throws(TypeError) {
    let expected = SparseSelection.indexCount(self)
    guard selection.indices.count == expected, selection.starts.count == (keptBlocks > 0 || isBlock ? groups + 1 : 0)
    else {
      throw .wrongByteCount(
        expected: expected, got: selection.indices.count, TensorSummary(.sparse(format), [rows, inputs]))
    }
    if isBlock {
      for (place, word) in (selection.starts + selection.indices).enumerated() {
        for byte in 0..<4 {
          bytes[indices.lowerBound + 4 * place + byte] = UInt8(truncatingIfNeeded: word >> (8 * byte))
        }
      }
    } else if format.pattern.indexBits == 0 {
      for (place, index) in selection.indices.enumerated() {
        bytes[indices.lowerBound + place] = UInt8(clamping: index)
      }
    } else {
      let (bits, count) = (format.pattern.indexBits, format.pattern.keptPerSpan)
      for (place, index) in selection.indices.enumerated() {
        let start = place / count * format.spanByteCount + format.scaleUnits * format.unitByteCount
        let bit = place % count * bits
        guard (0..<1 << bits).contains(index) else {
          throw .invalidSparseData(
            format,
            .indexOutOfRange(
              group: place / count / max(spans, 1), span: place / count % max(spans, 1),
              index: index, limit: 1 << bits))
        }
        bytes[start + bit / 8] |= UInt8(index << (bit % 8))
      }
    }
    let checked = bytes.withUnsafeBytes { raw in Result { () throws(TypeError) in try validate(raw) } }
    try checked.get()
  }

  private var isBlock: Bool { if case .block = format.pattern.kind { true } else { false } }

  /// The kept values, in the order of their places.
  fileprivate func write(_ kept: [Float], _ places: [Place], to bytes: UnsafeMutableRawBufferPointer) {
    let header = (format.scaleUnits + format.indexUnits) * format.unitByteCount
    func store(_ bits: UInt32, count: Int, at offset: Int) {
      for byte in 0..<count { bytes[offset + byte] = UInt8(truncatingIfNeeded: bits >> UInt32(8 * byte)) }
    }
    switch format.values {
    case .float32:
      for (x, place) in zip(kept, places) {
        store(x.bitPattern, count: 4, at: place.span + header + 4 * place.position)
      }
    case .float16, .bfloat16:
      for (x, place) in zip(kept, places) {
        let bits = format.values == .float16 ? HalfPrecision.encodeFloat16(x) : HalfPrecision.encodeBFloat16(x)
        store(UInt32(bits), count: 2, at: place.span + header + 2 * place.position)
      }
    case .int8:
      var greatest = [Float](repeating: 0, count: rows)
      for (x, place) in zip(kept, places) where abs(x) > greatest[place.row] { greatest[place.row] = abs(x) }
      for (row, magnitude) in greatest.enumerated() {
        store((magnitude / 127).bitPattern, count: 4, at: scales.lowerBound + 4 * row)
      }
      for (x, place) in zip(kept, places) {
        let scale = greatest[place.row] / 127
        let level = (x * (scale == 0 ? 0 : 1 / scale)).rounded(.toNearestOrAwayFromZero)
        let clamped = level > -128 ? Int(min(level, 127)) : -128
        bytes[place.span + header + place.position] = UInt8(bitPattern: Int8(clamped))
      }
    case .int4:
      var extremes: [Int: Float] = [:]
      for (x, place) in zip(kept, places) {
        if abs(x) > abs(extremes[place.span] ?? 0) || extremes[place.span] == nil {
          extremes[place.span] = x.isNaN ? extremes[place.span] ?? 0 : x
        }
      }
      for (span, extreme) in extremes {
        store(UInt32(HalfPrecision.encodeFloat16(extreme / -8)), count: 2, at: span)
      }
      for (x, place) in zip(kept, places) {
        let scale = (extremes[place.span] ?? 0) / -8
        let level = x * (scale == 0 ? 0 : 1 / scale) + 8.5
        let clamped = level > 0 ? Int(min(level, 15)) : 0
        bytes[place.span + header + place.position / 2] |= UInt8(clamped << (4 * (place.position % 2)))
      }
    }
  }
}
