/// The bytes of a small safetensors file, of which any part can be wrong.
struct SafetensorsBytes {
  /// What the first bytes say; by default the truth.
  var length: UInt64?
  var header: [UInt8]
  var data: [UInt8] = []

  init(_ header: String, data: Int = 0, length: UInt64? = nil) {
    self.init(Array(header.utf8), data: data, length: length)
  }

  init(_ header: [UInt8], data: Int = 0, length: UInt64? = nil) {
    self.header = header
    self.data = (0..<data).map { UInt8(truncatingIfNeeded: $0) }
    self.length = length
  }

  var bytes: [UInt8] { little(length ?? UInt64(header.count)) + header + data }

  /// The text of one tensor's entry.
  static func entry(_ name: String, _ dtype: String, _ shape: String, _ offsets: String) -> String {
    #""\#(name)":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  /// A file of one tensor `x`.
  static func tensor(_ dtype: String, _ shape: String, _ offsets: String, data: Int) -> [UInt8] {
    tensors(entry("x", dtype, shape, offsets), data: data)
  }

  static func tensors(_ entries: String..., data: Int) -> [UInt8] {
    SafetensorsBytes("{\(entries.joined(separator: ","))}", data: data).bytes
  }

  /// A sound file with metadata, spaces in every place and a few tensors.
  static let seed: [UInt8] = SafetensorsBytes(
    #"{ "__metadata__" : {"a":"b\n\u00e9\ud83e\uddf5","é":""},"#
      + #""x":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"#
      + #""half":{"shape":[3],"data_offsets":[24,30],"dtype":"BF16"},"#
      + #""none":{"dtype":"U8","shape":[4,0],"data_offsets":[30,30]},"#
      + #""one":{"dtype":"I8","shape":[],"data_offsets":[30,31]}}   "#, data: 31
  ).bytes
}
