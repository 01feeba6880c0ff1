/// What the header says of one tensor: exactly `dtype`, `shape` and `data_offsets`, in any order.
struct SafetensorsFields {
  private let dtypeName: String
  let shape: [Int]
  private let offsets: [Int]

  /// - Parameter position: where the tensor's name stands, for the error that a field is missing.
  init(_ scanner: inout JSONScanner, tensor name: String, at position: Int) throws(JSONError) {
    var (dtype, shape, offsets): (String?, [Int]?, [Int]?)
    var members = JSONScanner.Members()
    while let (field, start) = try scanner.nextKey(&members) {
      switch field {
      case "dtype": dtype = try scanner.string()
      case "shape": shape = try Self.extents(&scanner)
      case "data_offsets": offsets = try Self.extents(&scanner)
      default: throw scanner.error(.unknownField(field, of: name), at: start)
      }
    }
    guard let dtype else { throw scanner.error(.missingField("dtype", of: name), at: position) }
    guard let shape else { throw scanner.error(.missingField("shape", of: name), at: position) }
    guard let offsets else { throw scanner.error(.missingField("data_offsets", of: name), at: position) }
    (self.dtypeName, self.shape, self.offsets) = (dtype, shape, offsets)
  }

  /// More integers than any shape has, which only a hostile file puts in an array.
  static let maximumExtentCount = 64

  /// An array of integers that are not negative.
  static func extents(_ scanner: inout JSONScanner) throws(JSONError) -> [Int] {
    try scanner.array("extents or offsets", limit: maximumExtentCount) { scanner throws(JSONError) in
      try scanner.integer(atLeast: 0)
    }
  }

  /// What the fields mean together: the type, and where the data begins and how long it is.
  func checked(
    tensor name: String, maximumRank: Int
  ) throws(SafetensorsDefect) -> (dtype: SafetensorsDtype, begin: Int, byteCount: Int) {
    guard let dtype = SafetensorsDtype(rawValue: dtypeName) else { throw .unknownDtype(tensor: name, dtypeName) }
    guard shape.count <= maximumRank else { throw .invalidRank(tensor: name, rank: shape.count, limit: maximumRank) }
    let expected = try dtype.byteCount(tensor: name, shape: shape)
    guard let begin = offsets.first, let end = offsets.last, offsets.count == 2 else {
      throw .offsetCount(tensor: name, count: offsets.count)
    }
    guard begin <= end else { throw .offsetsReversed(tensor: name, begin: begin, end: end) }
    guard end &- begin == expected else {
      throw .wrongByteCount(tensor: name, dtype: dtype, shape: shape, expected: expected, got: end &- begin)
    }
    return (dtype, begin, expected)
  }
}
