import HeddleTypes

extension SparseLayout {
  /// The dense values `[M, K]`, row-major, +0 where nothing is kept: ``SparseFormat``'s meaning, bit for bit.
  ///
  /// - Throws: what ``validate(_:)`` throws.
  public func decode(_ bytes: UnsafeRawBufferPointer) throws(TypeError) -> [Float] {
    try validate(bytes)
    var result = [Float](repeating: 0, count: rows * inputs)
    for place in places(bytes) { result[place.row * inputs + place.input] = value(bytes, place) }
    return result
  }

  /// Whether each value of `[M, K]` is kept; of a nested pattern among the first `limit` of a span.
  ///
  /// - Throws: what ``validate(_:)`` throws.
  public func keptPlaces(_ bytes: UnsafeRawBufferPointer, limit: Int = .max) throws(TypeError) -> [Bool] {
    try validate(bytes)
    var isKept = [Bool](repeating: false, count: rows * inputs)
    for place in places(bytes) where place.position < limit { isKept[place.row * inputs + place.input] = true }
    return isKept
  }

  /// Every kept place of a row below M, in stored order. The bytes must be valid.
  func places(_ bytes: UnsafeRawBufferPointer) -> [Place] {
    var places: [Place] = []
    forEachPlace(bytes) { places.append($0) }
    return places
  }

  private func value(_ bytes: UnsafeRawBufferPointer, _ place: Place) -> Float {
    let values = place.span + (format.scaleUnits + format.indexUnits) * format.unitByteCount
    func half(_ offset: Int) -> UInt16 {
      UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
    switch format.values {
    case .float32:
      let bits = bytes.loadUnaligned(fromByteOffset: values + 4 * place.position, as: UInt32.self)
      return Float(bitPattern: UInt32(littleEndian: bits))
    case .float16: return HalfPrecision.decodeFloat16(half(values + 2 * place.position))
    case .bfloat16: return HalfPrecision.decodeBFloat16(half(values + 2 * place.position))
    case .int8:
      let scale = bytes.loadUnaligned(fromByteOffset: scales.lowerBound + 4 * place.row, as: UInt32.self)
      return Float(bitPattern: UInt32(littleEndian: scale)) * Float(Int8(bitPattern: bytes[values + place.position]))
    case .int4:
      let level = Int(bytes[values + place.position / 2] >> UInt8(4 * (place.position % 2))) & 15
      return HalfPrecision.decodeFloat16(half(place.span)) * Float(level - 8)
    }
  }
}
