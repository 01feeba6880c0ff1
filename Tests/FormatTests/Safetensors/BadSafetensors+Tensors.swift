import HeddleFormats
import TestSupport

extension BadSafetensors {
  static let tensors: [BadSafetensors] = numbers + dtypes + shapes + offsets + places

  private static let integer = "an integer in 0...\(Int.max)"

  private static func number(_ text: String, _ defect: JSONDefect? = nil) -> [BadSafetensors] {
    let defect = defect ?? .invalidNumber(text, expected: integer)
    return [
      BadSafetensors(
        "number: \(text) in a shape", SafetensorsBytes.tensor("U8", "[\(text)]", "[0,1]", data: 1), .json(defect)),
      BadSafetensors(
        "number: \(text) in offsets", SafetensorsBytes.tensor("U8", "[1]", "[\(text),1]", data: 1), .json(defect)),
    ]
  }

  private static let numbers: [BadSafetensors] =
    ["1e400", "-0", "1.5", "18446744073709551616", "9223372036854775808", "-1", "01", "+1", "1e0", "1.0", "-", "."]
    .flatMap { number($0) }
    + number(
      String(repeating: "9", count: 5000), .invalidNumber(String(repeating: "9", count: 40) + "…", expected: integer))
    + number(#""1""#, .unexpected(found: "'\"'", expected: integer))
    + number("true", .unexpected(found: "'t'", expected: integer))
    + number("null", .unexpected(found: "'n'", expected: integer))
    + number("NaN", .unexpected(found: "'N'", expected: integer))
    + [
      BadSafetensors(
        "number: none after a comma", SafetensorsBytes.tensor("U8", "[1,]", "[0,1]", data: 1),
        .json(.unexpected(found: "']'", expected: integer)))
    ]

  private static let dtypes: [BadSafetensors] =
    ["F31", "f32", "float32", "", "F32 ", "Q4_0"].map {
      BadSafetensors(
        "dtype: '\($0)'", SafetensorsBytes.tensor($0, "[1]", "[0,4]", data: 4), .unknownDtype(tensor: "x", $0))
    } + [
      BadSafetensors(
        "dtype: F64 with the size of F32", SafetensorsBytes.tensor("F64", "[2]", "[0,8]", data: 8),
        .wrongByteCount(tensor: "x", dtype: .f64, shape: [2], expected: 16, got: 8)),
      BadSafetensors(
        "dtype: F4, odd count", SafetensorsBytes.tensor("F4", "[3]", "[0,2]", data: 2),
        .partialByte(tensor: "x", dtype: .f4, shape: [3])),
      BadSafetensors(
        "dtype: F6, two values", SafetensorsBytes.tensor("F6_E2M3", "[2]", "[0,2]", data: 2),
        .partialByte(tensor: "x", dtype: .f6_e2m3, shape: [2])),
      BadSafetensors(
        "dtype: a number", header: #"{"x":{"dtype":1}}"#, .unexpected(found: "'1'", expected: "a string")),
    ]

  private static func overflow(_ shape: [Int], _ dtype: String = "U8") -> BadSafetensors {
    BadSafetensors(
      "shape: \(shape) of \(dtype)", SafetensorsBytes.tensor(dtype, "\(shape)", "[0,0]", data: 0),
      .shapeOverflow(tensor: "x", shape: shape))
  }

  private static let shapes: [BadSafetensors] = [
    overflow([1 << 32, 1 << 32]), overflow([1 << 62, 4]), overflow([.max, 2]), overflow([1 << 62], "F32"),
    overflow([0, .max, .max]), overflow([1 << 31, 1 << 31, 2, 1]),
    BadSafetensors(
      "shape: 9 axes", SafetensorsBytes.tensor("U8", "[1,1,1,1,1,1,1,1,1]", "[0,1]", data: 1),
      .invalidRank(tensor: "x", rank: 9, limit: 8)),
    BadSafetensors(
      "shape: 65 extents", header: #"{"x":{"shape":[\#(String(repeating: "1,", count: 64))1]}}"#,
      .limitExceeded(what: "extents or offsets", limit: 64)),
    BadSafetensors(
      "offsets: 65 numbers", header: #"{"x":{"data_offsets":[\#(String(repeating: "0,", count: 64))0]}}"#,
      .limitExceeded(what: "extents or offsets", limit: 64)),
    BadSafetensors("shape: an object", header: #"{"x":{"shape":{}}}"#, .unexpected(found: "'{'", expected: "an array")),
  ]

  private static let offsets: [BadSafetensors] =
    [("[]", 0), ("[0]", 1), ("[0,1,1]", 3)].map { text, count in
      BadSafetensors(
        "offsets: \(count)", SafetensorsBytes.tensor("U8", "[1]", text, data: 1),
        .offsetCount(tensor: "x", count: count))
    } + [
      BadSafetensors(
        "offsets: reversed", SafetensorsBytes.tensor("U8", "[1]", "[1,0]", data: 1),
        .offsetsReversed(tensor: "x", begin: 1, end: 0)),
      BadSafetensors(
        "offsets: more than the shape", SafetensorsBytes.tensor("F32", "[2]", "[0,12]", data: 12),
        .wrongByteCount(tensor: "x", dtype: .f32, shape: [2], expected: 8, got: 12)),
      BadSafetensors(
        "offsets: less than the shape", SafetensorsBytes.tensor("F32", "[2]", "[0,4]", data: 4),
        .wrongByteCount(tensor: "x", dtype: .f32, shape: [2], expected: 8, got: 4)),
      BadSafetensors(
        "offsets: bytes for an empty tensor", SafetensorsBytes.tensor("F32", "[0]", "[0,4]", data: 4),
        .wrongByteCount(tensor: "x", dtype: .f32, shape: [0], expected: 0, got: 4)),
      BadSafetensors(
        "offsets: past the end", SafetensorsBytes.tensor("F32", "[2]", "[0,8]", data: 7),
        .tensorOutsideFile(tensor: "x", end: 8, dataByteCount: 7)),
      BadSafetensors(
        "offsets: far past the end",
        SafetensorsBytes.tensor("U8", "[1]", "[\(Int.max - 1),\(Int.max)]", data: 1),
        .tensorOutsideFile(tensor: "x", end: .max, dataByteCount: 1)),
      BadSafetensors(
        "offsets: an empty tensor past the end", SafetensorsBytes.tensor("U8", "[0]", "[5,5]", data: 0),
        .tensorOutsideFile(tensor: "x", end: 5, dataByteCount: 0)),
    ]

  private static func two(_ name: String, _ x: String, _ y: String, data: Int, _ defect: SafetensorsDefect)
    -> BadSafetensors
  {
    BadSafetensors(
      "place: \(name)",
      SafetensorsBytes.tensors(
        SafetensorsBytes.entry("x", "U8", "[2]", x), SafetensorsBytes.entry("y", "F16", "[1]", y), data: data), defect)
  }

  private static let places: [BadSafetensors] = [
    two("hole", "[0,2]", "[4,6]", data: 6, .hole(before: "y", begin: 2, end: 4)),
    two("hole at the beginning", "[4,6]", "[2,4]", data: 6, .hole(before: "y", begin: 0, end: 2)),
    two("overlap", "[0,2]", "[1,3]", data: 3, .overlappingTensors("x", "y")),
    two("the same place", "[0,2]", "[0,2]", data: 2, .overlappingTensors("x", "y")),
    two("bytes after", "[0,2]", "[2,4]", data: 5, .trailingBytes(1)),
    BadSafetensors("place: bytes of nobody", header: "{}", data: 3, .trailingBytes(3)),
    BadSafetensors(
      "place: unaligned",
      SafetensorsBytes.tensors(
        SafetensorsBytes.entry("x", "U8", "[2]", "[0,2]"), SafetensorsBytes.entry("y", "F32", "[1]", "[2,6]"), data: 6),
      .unalignedOffset(tensor: "y", offset: 2, alignment: 4)),
    BadSafetensors(
      "place: an empty tensor inside another",
      SafetensorsBytes.tensors(
        SafetensorsBytes.entry("x", "U8", "[2]", "[0,2]"), SafetensorsBytes.entry("y", "U8", "[0]", "[1,1]"), data: 2),
      .overlappingTensors("x", "y")),
  ]
}
