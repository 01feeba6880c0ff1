import HeddleTypes

extension SparseLayout {
  /// The dense values `[M, K]`, row-major, +0 where nothing is kept: ``SparseFormat``'s meaning, bit for bit.
  ///
  /// - Throws: what ``validate(_:)`` throws.
  public func decode(_ bytes: UnsafeRawBufferPointer) throws(TypeError) -> [Float] {
    try validate(bytes)
    var result = [Float](repeating: 0, count: rows * inputs)
    guard let values = ValueFormats.definition(of: format.values) as? any ReferenceKeptValues.Type else {
      throw .wrongEncoding(expected: .float32, got: .sparse(format))
    }
    for place in places(bytes) { result[place.row * inputs + place.input] = value(values, bytes, place) }
    return result
  }

  /// Whether each value of `[M, K]` is kept; of a nested pattern among the first `limit` of a span.
  ///
  /// - Throws: what ``validate(_:)`` throws.
  public func keptPlaces(_ bytes: UnsafeRawBufferPointer, limit: Int = .max) throws(TypeError) -> [Bool] {
    try validate(bytes)
    var isKept = [Bool](repeating: false, count: rows * inputs)
    forEachPlace(bytes) { place in
      if place.position < limit { isKept[place.row * inputs + place.input] = true }
    }
    return isKept
  }

  /// Every kept place of a row below M, in stored order. The bytes must be valid.
  func places(_ bytes: UnsafeRawBufferPointer) -> [Place] {
    var places: [Place] = []
    forEachPlace(bytes) { places.append($0) }
    return places
  }

  private func value(
    _ values: any ReferenceKeptValues.Type, _ bytes: UnsafeRawBufferPointer, _ place: Place
  ) -> Float {
    let block = BlockBytes(bytes: bytes)
    let scale =
      format.scaleUnits > 0
      ? block.scale(place.span)
      : format.rowScaleByteCount > 0 ? Float(bitPattern: block.word(scales.lowerBound + 4 * place.row)) : 1
    return values.value(block.bits(firstBit(place), count: valueBits), scale: scale)
  }

  /// Bits of a stored value.
  var valueBits: Int { 8 * format.unitByteCount / format.valuesPerUnit }

  /// Where the value of a place begins, in bits.
  func firstBit(_ place: Place) -> Int {
    8 * (place.span + (format.scaleUnits + format.indexUnits) * format.unitByteCount) + place.position * valueBits
  }
}
