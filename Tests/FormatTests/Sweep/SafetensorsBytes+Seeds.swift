import HeddleFormats

extension SafetensorsBytes {
  /// Sound files, one for each type of values and one with typed metadata, and how many of their last bytes are data.
  static let seeds: [(bytes: [UInt8], free: Int)] =
    SafetensorsDtype.allCases.map { type in
      // Eight values fill whole bytes, whatever their width.
      let size = type.bitCount
      return (tensor(type.rawValue, "[2,4]", "[0,\(size)]", data: size), size)
    } + [(seed, 31), (model, 44)]

  /// A model of a q4_0 tensor and a float32 one, with a value of each type in its metadata.
  private static let model: [UInt8] = {
    let values = [
      #"{"uint8":1}"#, #"{"int8":-1}"#, #"{"uint64":18446744073709551615}"#, #"{"float32":"7fc00001"}"#,
      #"{"float64":"0123456789abcdef"}"#, #"{"bool":true}"#, #"{"string":"é"}"#, #"{"array of int32":[1,-2]}"#,
      #"{"array of bool":[false]}"#, #"{"array of string":["a",""]}"#, #"{"array of float32":["00000000"]}"#,
    ]
    let metadata = values.enumerated().map { #""k\#($0)":\#($1)"# }.joined(separator: ",")
    let entries = [
      ("heddle.version", "1"), ("heddle.encodings", #"{"w":{"encoding":"q4_0","shape":[2,32]}}"#),
      ("heddle.metadata", "{\(metadata)}"),
    ].map { #""\#($0)":"\#($1.replacing("\"", with: "\\\""))""# }
    return SafetensorsBytes(
      #"{"__metadata__":{\#(entries.joined(separator: ","))},"n":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
        + #""w":{"dtype":"U8","shape":[36],"data_offsets":[8,44]}}"#, data: 44
    ).bytes
  }()
}
