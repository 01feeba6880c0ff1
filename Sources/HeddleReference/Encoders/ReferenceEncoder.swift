import HeddleTypes

/// The oracle of an encoder: the bytes of a block, whose scales are found by search or by the greatest magnitude. A file for each format in this folder,
/// of the name of its text in `Kernels/Encoders`.
///
/// The search is part of the format's meaning here, step by step in float32: encoders of devices give the same bytes.
protocol ReferenceEncoder: ReferenceValues {
  /// Values of a block that are all below `2^leastExponent` count as 0; without a word they are less than half of the least
  /// half, which is nothing, whatever it is times.
  static var leastExponent: Int { get }

  /// A block with a value of `2^greatestExponent` or more is refused: its scales are infinite.
  static var greatestExponent: Int { get }

  /// Of values whose greatest is in [1, 2) those below `2^leastPower` count as 0.
  static var leastPower: Int { get }

  /// The bytes of a block.
  static func encode(_ block: SearchedBlock) -> [UInt8]
}

extension ReferenceEncoder {
  static var leastExponent: Int { -26 }
  static var leastPower: Int { -24 }

  /// The bytes of the blocks of `values`, rows of `importance.count` values or, without weights, of any.
  static func encode(_ values: [Float], importance: [Float]?) -> [UInt8] {
    let size = format.blockSize
    return stride(from: 0, to: values.count, by: size).flatMap { start in
      let weights = importance.map { importance in (0..<size).map { importance[(start + $0) % importance.count] } }
      return encode(
        SearchedBlock(
          Array(values[start..<start + size]), importance: weights, exponents: leastExponent..<greatestExponent,
          leastPower: leastPower))
    }
  }
}

extension Tensor {
  /// A tensor of these values in `encoding`, scales by search for the least `Σ w (x − y)²`: what ``Encode`` gives on devices too.
  ///
  /// - Parameter importance: w of each value of a row; nil for 1.
  /// - Throws: ``TypeError`` if the shape does not hold the values or its rows are not whole blocks, and
  ///   ``TypeError/notQuantizable(_:)`` for encodings that have no encoder.
  init(_ values: [Float], searching encoding: Encoding, importance: [Float]?, shape: [Int]) throws(TypeError) {
    guard encoding.pattern == nil,
      let encoder = ValueFormats.definition(of: encoding.values) as? any ReferenceEncoder.Type
    else { throw .notQuantizable(encoding) }
    _ = try encoding.byteCount(shape: shape)
    try self.init(encoding: encoding, shape: shape, bytes: encoder.encode(values, importance: importance))
  }
}
