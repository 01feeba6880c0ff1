import HeddleFormats
import TestSupport

func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

/// A string as GGUF stores it, with any length.
func string(_ text: String, length: UInt64? = nil) -> [UInt8] { string(Array(text.utf8), length: length) }

func string(_ bytes: [UInt8], length: UInt64? = nil) -> [UInt8] { little(length ?? UInt64(bytes.count)) + bytes }

/// A metadata entry.
func entry(_ key: String, _ type: GGUFValueType, _ value: [UInt8]) -> [UInt8] { entry(key, id: type.rawValue, value) }

func entry(_ key: String, id: UInt32, _ value: [UInt8]) -> [UInt8] { string(key) + little(id) + value }

/// A metadata entry that is an array.
func array(_ key: String, _ type: GGUFValueType, _ count: UInt64, _ elements: [UInt8]) -> [UInt8] {
  array(key, id: type.rawValue, count, elements)
}

func array(_ key: String, id: UInt32, _ count: UInt64, _ elements: [UInt8]) -> [UInt8] {
  entry(key, .array, little(id) + little(count) + elements)
}

/// A tensor's description, with its extents in ggml's order.
func tensor(
  _ name: String, _ extents: [UInt64], _ type: GGUFTensorType, _ offset: UInt64, rank: UInt32? = nil
) -> [UInt8] {
  tensor(string(name), extents, id: type.number, offset, rank: rank)
}

func tensor(
  _ name: [UInt8], _ extents: [UInt64], id: UInt32, _ offset: UInt64, rank: UInt32? = nil
) -> [UInt8] {
  name + little(rank ?? UInt32(extents.count)) + extents.flatMap { little($0) } + little(id) + little(offset)
}
