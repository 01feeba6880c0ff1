import HeddleFormats

extension GGUFBytes {
  /// Sound files, one for each type of values, of arrays and of tensors, and how many of their last bytes are data.
  static let seeds: [(bytes: [UInt8], free: Int)] =
    GGUFValueType.allCases.filter { $0 != .array }.flatMap { type -> [(bytes: [UInt8], free: Int)] in
      let size = byteCount(of: type)
      let one = type == .string ? string("text") : [UInt8](repeating: 1, count: size)
      return [(metadata(entry("key", type, one)), 0), (metadata(array("list", type, 2, one + one)), 0)]
    }
    + GGUFTensorType.all.map { type in
      let size = 2 * type.blockByteCount
      return (tensors(tensor("x", [UInt64(type.blockSize), 2], type, 0), dataByteCount: size), size)
    }
    + [
      (seed(version: 2), 128), (seed(version: 3), 128),
      (
        metadata(
          entry("split.no", .uint16, little(UInt16(1))), entry("split.count", .uint16, little(UInt16(3))),
          entry("general.alignment", .uint32, little(UInt32(64)))), 0
      ),
    ]

  private static func byteCount(of type: GGUFValueType) -> Int {
    switch type {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string, .array: 0
    }
  }
}
