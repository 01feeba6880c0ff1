/// The bytes of a small GGUF file, of which any part can be wrong.
struct GGUFBytes {
  var magic: [UInt8] = Array("GGUF".utf8)
  var version: UInt32 = 3
  /// What the header says; by default the truth.
  var tensorCount: UInt64?
  var entryCount: UInt64?
  var entries: [[UInt8]] = []
  var tensors: [[UInt8]] = []
  /// What the data section is padded to.
  var alignment = 32
  var data: [UInt8] = []

  /// Without the padding and the data.
  var header: [UInt8] {
    magic + little(version) + little(tensorCount ?? UInt64(tensors.count))
      + little(entryCount ?? UInt64(entries.count)) + entries.flatMap { $0 } + tensors.flatMap { $0 }
  }

  var bytes: [UInt8] {
    var bytes = header
    if !data.isEmpty {
      while bytes.count % alignment != 0 { bytes.append(0) }
      bytes += data
    }
    return bytes
  }

  /// A file with these metadata entries only.
  static func metadata(_ entries: [UInt8]...) -> [UInt8] { GGUFBytes(entries: entries).bytes }

  /// A file with these tensors and so many zeros of data.
  static func tensors(_ tensors: [UInt8]..., entries: [[UInt8]] = [], dataByteCount: Int = 256) -> [UInt8] {
    GGUFBytes(entries: entries, tensors: tensors, data: Array(repeating: 0, count: dataByteCount)).bytes
  }

  /// A sound file with every kind of value and a few tensors.
  static func seed(version: UInt32 = 3) -> [UInt8] {
    GGUFBytes(
      version: version,
      entries: [
        entry("general.architecture", .string, string("llama")),
        entry("general.alignment", .uint32, little(UInt32(32))),
        entry("a", .uint8, [1]),
        entry("b", .int16, little(Int16(-2))),
        entry("c", .float32, little(Float(0.5).bitPattern)),
        entry("d", .float64, little(Double(0.25).bitPattern)),
        entry("e", .bool, [1]),
        entry("f", .uint64, little(UInt64(7))),
        array("tokens", .string, 3, string("a") + string("") + string("Ġb")),
        array("scores", .float32, 2, little(UInt32(0)) + little(UInt32(1))),
        array("flags", .bool, 2, [0, 1]),
        array("sizes", .int32, 2, little(Int32(3)) + little(Int32(-4))),
      ],
      tensors: [
        tensor("x", [8], .f32, 0),
        tensor("y", [32, 2], .q4_0, 32),
        tensor("z", [3, 2, 1], .i8, 96),
      ],
      data: (0..<128).map { UInt8($0) }
    ).bytes
  }
}
