import HeddleTypes

extension Tensor {
  /// A sparse tensor that keeps the places of `selection`, whatever the values there are; each format's oracle says how it
  /// stores them.
  ///
  /// - Throws: ``TypeError``, also if the selection is not of the format's pattern and shape.
  public init(
    _ x: [Float], keeping selection: SparseSelection, as format: SparseFormat, shape: [Int]
  ) throws(TypeError) {
    guard let values = ValueFormats.definition(of: format.values) as? any ReferenceKeptValues.Type else {
      throw .notQuantizable(.sparse(format))
    }
    let layout = try SparseLayout(format, shape: shape)
    guard x.count == layout.rows * layout.inputs else {
      throw .wrongByteCount(
        expected: layout.rows * layout.inputs * 4, got: x.count * 4, TensorSummary(.float32, shape))
    }
    var bytes = [UInt8](repeating: 0, count: layout.byteCount)
    try layout.write(selection, to: &bytes)
    let places = bytes.withUnsafeBytes { layout.places($0) }
    let kept = places.map { x[$0.row * layout.inputs + $0.input] }
    layout.write(kept, places, values, to: &bytes)
    try self.init(encoding: .sparse(format), shape: shape, bytes: bytes)
  }
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

  /// The kept values, in the order of their places, and their scales.
  fileprivate func write(
    _ kept: [Float], _ places: [Place], _ values: any ReferenceKeptValues.Type, to bytes: inout [UInt8]
  ) {
    func store(_ bits: UInt32, count: Int, at offset: Int) {
      for byte in 0..<count { bytes[offset + byte] = UInt8(truncatingIfNeeded: bits >> UInt32(8 * byte)) }
    }
    let sharesSpan = format.scaleUnits > 0
    // Which scale a place has: its span's or its row's.
    func owner(_ place: Place) -> Int { sharesSpan ? place.span : place.row }
    let members = Dictionary(grouping: zip(kept, places)) { owner($0.1) }
    let shared = members.mapValues { values.scale(of: $0.map(\.0)) }
    for (owner, scale) in shared {
      if sharesSpan {
        store(UInt32(HalfPrecision.encodeFloat16(scale)), count: 2, at: owner)
      } else if format.rowScaleByteCount > 0 {
        store(scale.bitPattern, count: 4, at: scales.lowerBound + 4 * owner)
      }
    }
    for (x, place) in zip(kept, places) {
      let bit = firstBit(place)
      let stored = values.bits(x, scale: shared[owner(place)] ?? 0)
      if valueBits < 8 {
        bytes[bit / 8] |= UInt8(truncatingIfNeeded: stored << UInt32(bit % 8))
      } else {
        store(stored, count: valueBits / 8, at: bit / 8)
      }
    }
  }
}
