import HeddleFormats

/// A safetensors file with the tensors of a layer `l`, of which any can be wrong. Bytes are 0 where nothing else is said.
struct LayerFile {
  struct Entry {
    var dtype: SafetensorsDtype
    var shape: [Int]
    var bytes: [UInt8]
  }

  private(set) var entries: [(name: String, entry: Entry)] = []

  /// Sets a tensor; one that is there keeps its place.
  mutating func set(_ part: String, _ dtype: SafetensorsDtype, _ shape: [Int], _ bytes: [UInt8]? = nil) {
    let count = shape.reduce(dtype.bitCount, *) / 8
    let entry = Entry(dtype: dtype, shape: shape, bytes: bytes ?? [UInt8](repeating: 0, count: count))
    if let place = entries.firstIndex(where: { $0.name == part }) {
      entries[place].entry = entry
    } else {
      entries.append((part, entry))
    }
  }

  mutating func set(_ part: String, _ dtype: SafetensorsDtype, _ shape: [Int], words: [UInt32]) {
    set(part, dtype, shape, words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } })
  }

  mutating func remove(_ part: String) { entries.removeAll { $0.name == part } }

  func file() throws -> SafetensorsFile {
    var (texts, data): ([String], [UInt8]) = ([], [])
    // Wide values come first, so that all are aligned.
    for (name, entry) in entries.sorted(by: { $0.entry.dtype.bitCount > $1.entry.dtype.bitCount }) {
      let offsets = "[\(data.count),\(data.count + entry.bytes.count)]"
      texts.append(SafetensorsBytes.entry("l.\(name)", entry.dtype.rawValue, "\(entry.shape)", offsets))
      data += entry.bytes
    }
    let header = SafetensorsBytes("{\(texts.joined(separator: ","))}")
    return try SafetensorsFile(bytes: header.bytes + data, name: "f")
  }

  /// 8 outputs, 64 inputs, groups of 32.
  static let gptq: LayerFile = {
    var file = LayerFile()
    file.set("qweight", .i32, [8, 8])
    file.set("qzeros", .i32, [2, 1])
    file.set("scales", .f16, [2, 8])
    file.set("g_idx", .i32, [64], words: (0..<64).map { $0 / 32 })
    return file
  }()

  static let awq: LayerFile = {
    var file = LayerFile()
    file.set("qweight", .i32, [64, 1])
    file.set("qzeros", .i32, [2, 1])
    file.set("scales", .f16, [2, 8])
    return file
  }()

  /// 3 outputs, 64 inputs, a scale a row.
  static let fp8: LayerFile = {
    var file = LayerFile()
    file.set("weight", .f8_e4m3, [3, 64])
    file.set("weight_scale", .f32, [3, 1])
    return file
  }()

  static let int8: LayerFile = {
    var file = LayerFile()
    file.set("weight", .i8, [3, 64])
    file.set("weight_scale", .f32, [3, 1])
    file.set("weight_zero_point", .i8, [3, 1])
    return file
  }()

  /// 2 outputs, 64 inputs; a scale a row, quantized.
  static let nf4: LayerFile = {
    var file = LayerFile()
    file.set("weight", .u8, [64, 1])
    file.set("weight.absmax", .u8, [2])
    file.set("weight.nested_absmax", .f32, [1])
    file.set("weight.nested_quant_map", .f32, [256])
    file.set(
      "weight.quant_map", .f32, [16],
      words: [
        0xBF80_0000, 0xBF32_39B1, 0xBF06_6B30, 0xBECA_32A0, 0xBE91_A24D, 0xBE3D_353F, 0xBDBA_7871, 0,
        0x3DA2_FAFF, 0x3E24_CAE3, 0x3E7C_04DD, 0x3EAD_033A, 0x3EE1_A4B8, 0x3F10_07AB, 0x3F39_13B3, 0x3F80_0000,
      ])
    file.setState(state)
    return file
  }()

  static let state =
    #"{"quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape": [2, 64], "nested_blocksize": 256, "#
    + #""nested_dtype": "float32", "nested_offset": 0.5}"#

  mutating func setState(_ text: String) {
    set("weight.quant_state.bitsandbytes__nf4", .u8, [text.utf8.count], Array(text.utf8))
  }
}
