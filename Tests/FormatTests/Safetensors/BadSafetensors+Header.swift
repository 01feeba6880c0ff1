import HeddleFormats

extension BadSafetensors {
  static let headers: [BadSafetensors] = lengths + texts + strings + objects

  private static func cut(_ count: Int) -> BadSafetensors {
    BadSafetensors(
      "length: \(count) bytes of file", Array(repeating: 1, count: count),
      .truncated(path: path, offset: 0, reading: "the header's length", needed: 8, remaining: count))
  }

  private static func tooLarge(_ length: UInt64) -> BadSafetensors {
    BadSafetensors(
      "length: \(length)", SafetensorsBytes("{}", length: length).bytes,
      .headerTooLarge(path: path, byteCount: length, limit: 100_000_000))
  }

  private static let lengths: [BadSafetensors] = [
    BadSafetensors("no bytes", [], .file(.empty(path: path))),
    cut(1), cut(7),
    BadSafetensors("length: 0", SafetensorsBytes("").bytes, .notAnObject(found: nil)),
    BadSafetensors("length: 0 before an object", SafetensorsBytes("{}", length: 0).bytes, .notAnObject(found: nil)),
    BadSafetensors(
      "length: 1", SafetensorsBytes("{", length: 1).bytes, .json(.unexpected(found: "the end", expected: "a key"))),
    tooLarge(100_000_001), tooLarge(1 << 63), tooLarge(.max), tooLarge(.max - 7), tooLarge((1 << 63) - 1),
    BadSafetensors(
      "length: past the end", SafetensorsBytes("{}", length: 3).bytes,
      .truncated(path: path, offset: 8, reading: "the header", needed: 3, remaining: 2)),
    BadSafetensors(
      "length: most that is allowed", SafetensorsBytes("{}", length: 100_000_000).bytes,
      .truncated(path: path, offset: 8, reading: "the header", needed: 100_000_000, remaining: 2)),
  ]

  private static let texts: [BadSafetensors] = [
    BadSafetensors("text: an array", header: "[]", .notAnObject(found: UInt8(ascii: "["))),
    BadSafetensors("text: a space before", header: " {}", .notAnObject(found: 0x20)),
    BadSafetensors("text: BOM", header: "\u{feff}{}", .notAnObject(found: 0xef)),
    BadSafetensors("text: only spaces", header: "    ", .notAnObject(found: 0x20)),
    BadSafetensors("text: garbage after", header: "{}x", .unexpected(found: "'x'", expected: "nothing but spaces")),
    BadSafetensors(
      "text: zeros after", header: "{}\0", .unexpected(found: "the byte 0", expected: "nothing but spaces")),
    BadSafetensors(
      "text: line after", header: "{}\n", .unexpected(found: "the byte 10", expected: "nothing but spaces")),
    BadSafetensors("text: two objects", header: "{}{}", .unexpected(found: "'{'", expected: "nothing but spaces")),
    BadSafetensors(
      "text: comma at the end", header: #"{"__metadata__":{},}"#, .unexpected(found: "'}'", expected: "a key")),
    BadSafetensors("text: comma first", header: #"{,"a":1}"#, .unexpected(found: "','", expected: "a key")),
    BadSafetensors("text: no colon", header: #"{"a" 1}"#, .unexpected(found: "'1'", expected: "':'")),
    BadSafetensors(
      "text: no comma", header: #"{"__metadata__":{}"x":{}}"#, .unexpected(found: "'\"'", expected: "',' or '}'")),
    BadSafetensors("text: comment", header: "{/**/}", .unexpected(found: "'/'", expected: "a key")),
    BadSafetensors("text: key without quotes", header: "{x:1}", .unexpected(found: "'x'", expected: "a key")),
    BadSafetensors("text: tensor is null", header: #"{"x":null}"#, .unexpected(found: "'n'", expected: "an object")),
    BadSafetensors("text: tensor is an array", header: #"{"x":[]}"#, .unexpected(found: "'['", expected: "an object")),
    BadSafetensors(
      "depth: 10⁵ arrays", header: #"{"x":"# + String(repeating: "[", count: 100_000),
      .unexpected(found: "'['", expected: "an object")),
    BadSafetensors(
      "depth: 10⁵ objects", header: String(repeating: #"{"x":"#, count: 100_000),
      .unknownField("x", of: "x")),
    BadSafetensors(
      "depth: 10⁵ arrays as shape", header: #"{"x":{"shape":"# + String(repeating: "[", count: 100_000),
      .unexpected(found: "'['", expected: "an integer in 0...\(Int.max)")),
    BadSafetensors(
      "count: 10⁶ tensors",
      header: "{"
        + (0..<1_000_000).map { #""\#($0)":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"# }
        .joined(separator: ",") + "}",
      .limitExceeded(what: "tensors", limit: 1 << 17)),
    BadSafetensors(
      "count: 10⁵ metadata entries",
      header: #"{"__metadata__":{"# + (0..<100_000).map { #""\#($0)":"""# }.joined(separator: ",") + "}}",
      .limitExceeded(what: "metadata entries", limit: 1 << 16)),
  ]

  private static func bytes(_ text: [UInt8]) -> [UInt8] {
    SafetensorsBytes(Array(#"{"__metadata__":{"k":""#.utf8) + text + Array(#""}}"#.utf8)).bytes
  }

  private static func string(_ name: String, _ text: String, _ defect: JSONDefect) -> BadSafetensors {
    BadSafetensors("string: \(name)", bytes(Array(text.utf8)), .json(defect))
  }

  private static let strings: [BadSafetensors] = [
    BadSafetensors("UTF-8: lone continuation", bytes([0x80]), .json(.invalidUTF8)),
    BadSafetensors("UTF-8: overlong slash", bytes([0xc0, 0xaf]), .json(.invalidUTF8)),
    BadSafetensors("UTF-8: surrogate", bytes([0xed, 0xa0, 0x80]), .json(.invalidUTF8)),
    BadSafetensors("UTF-8: cut sequence", bytes([0x61, 0xe2, 0x82]), .json(.invalidUTF8)),
    BadSafetensors(
      "UTF-8: outside of strings", SafetensorsBytes([0x7b, 0xff]).bytes,
      .json(.unexpected(found: "the byte 255", expected: "a key"))),
    string("lone high surrogate", #"\ud800"#, .loneSurrogate(0xd800)),
    string("lone low surrogate", #"\udfff"#, .loneSurrogate(0xdfff)),
    string("two high surrogates", #"\ud800\ud800"#, .loneSurrogate(0xd800)),
    string("surrogates the wrong way round", #"\udc00\ud800"#, .loneSurrogate(0xdc00)),
    string("line feed", "\n", .controlCharacter(10)),
    string("NUL", "\0", .controlCharacter(0)),
    string("unknown escape", #"\x"#, .unexpected(found: "'x'", expected: "an escape sequence")),
    string("short escape", #"\u12"#, .unexpected(found: "'\"'", expected: "four hexadecimal digits")),
    string("escape with a sign", #"\u+123"#, .unexpected(found: "'+'", expected: "four hexadecimal digits")),
    BadSafetensors("string: no end", header: #"{"abc"#, .unexpected(found: "the end", expected: "'\"'")),
    BadSafetensors(
      "string: ends in an escape", header: #"{"abc\"#, .unexpected(found: "the end", expected: "an escape sequence")),
  ]

  private static func metadata(_ name: String, _ text: String, _ defect: JSONDefect) -> BadSafetensors {
    BadSafetensors("metadata: \(name)", header: #"{"__metadata__":\#(text)}"#, defect)
  }

  private static let objects: [BadSafetensors] = [
    metadata("nested", #"{"a":{"b":"c"}}"#, .unexpected(found: "'{'", expected: "a string")),
    metadata("a number", #"{"a":1}"#, .unexpected(found: "'1'", expected: "a string")),
    metadata("null", #"{"a":null}"#, .unexpected(found: "'n'", expected: "a string")),
    metadata("an array", #"[]"#, .unexpected(found: "'['", expected: "an object")),
    metadata("a key twice", #"{"a":"","a":""}"#, .duplicateKey("a")),
    metadata("a key twice, once escaped", #"{"a":"","\u0061":""}"#, .duplicateKey("a")),
    BadSafetensors(
      "duplicate: metadata", header: #"{"__metadata__":{},"__metadata__":{}}"#, .duplicateKey("__metadata__")),
    BadSafetensors(
      "duplicate: tensor",
      SafetensorsBytes.tensors(
        SafetensorsBytes.entry("x", "U8", "[1]", "[0,1]"), SafetensorsBytes.entry("x", "U8", "[1]", "[1,2]"), data: 2),
      .json(.duplicateKey("x"))),
    BadSafetensors(
      "duplicate: data_offsets", header: #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"data_offsets":[0,1]}}"#,
      data: 1, .duplicateKey("data_offsets")),
    BadSafetensors("field: unknown", header: #"{"x":{"dtype":"U8","stride":[1]}}"#, .unknownField("stride", of: "x")),
    BadSafetensors(
      "field: no dtype", header: #"{"x":{"shape":[0],"data_offsets":[0,0]}}"#, .missingField("dtype", of: "x")),
    BadSafetensors(
      "field: no shape", header: #"{"x":{"dtype":"U8","data_offsets":[0,0]}}"#, .missingField("shape", of: "x")),
    BadSafetensors(
      "field: no offsets", header: #"{"x":{"dtype":"U8","shape":[0]}}"#, .missingField("data_offsets", of: "x")),
    BadSafetensors("field: none", header: #"{"x":{}}"#, .missingField("dtype", of: "x")),
  ]
}
