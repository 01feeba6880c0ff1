import HeddleFormats
import Testing

@Suite struct MetadataTests {
  private let metadata: GGUFMetadata

  init() throws {
    var writer = GGUFWriter()
    try writer.set("u8", .uint8(.max))
    try writer.set("i8", .int8(.min))
    try writer.set("u16", .uint16(.max))
    try writer.set("i16", .int16(.min))
    try writer.set("u32", .uint32(.max))
    try writer.set("i32", .int32(.min))
    try writer.set("u64", .uint64(.max))
    try writer.set("i64", .int64(.min))
    try writer.set("f32", .float32(0.5))
    try writer.set("f64", .float64(1e300))
    try writer.set("yes", .bool(true))
    try writer.set("text", .string("Ġhello"))
    try writer.set("u8s", .array(.uint8([1, 2])))
    try writer.set("u64s", .array(.uint64([1, .max])))
    try writer.set("i32s", .array(.int32([-1, 2])))
    try writer.set("f32s", .array(.float32([0.5, -1])))
    try writer.set("f64s", .array(.float64([0.25])))
    try writer.set("flags", .array(.bool([true, false])))
    try writer.set("words", .array(.string(["a", "b", "c", "d", "e"])))
    metadata = try GGUFFile(bytes: writer.serialized(), name: "f").metadata
  }

  @Test func keysKeepTheFilesOrder() {
    #expect(metadata.count == 19)
    #expect(metadata.keys.prefix(3) == ["u8", "i8", "u16"])
    #expect(metadata.keys.last == "words")
    #expect(metadata["none"] == nil)
    #expect(metadata["i16"] == .int16(.min))
  }

  @Test func integersOfEveryWidth() throws {
    let expected = [
      "u8": 255, "i8": -128, "u16": 65_535, "i16": -32_768, "u32": 4_294_967_295, "i32": -2_147_483_648, "i64": Int.min,
    ]
    for (key, value) in expected { #expect(try metadata.integer(key) == value) }
    #expect(throws: GGUFError.valueOutOfRange(path: "f", key: "u64", value: "\(UInt64.max)", range: Int.min...Int.max))
    {
      try metadata.integer("u64")
    }
  }

  @Test func ranges() throws {
    #expect(try metadata.integer("u8", in: 1...255) == 255)
    #expect(throws: GGUFError.valueOutOfRange(path: "f", key: "u8", value: "255", range: 1...32)) {
      try metadata.integer("u8", in: 1...32)
    }
    #expect(throws: GGUFError.valueOutOfRange(path: "f", key: "i32s", value: "-1", range: 0...9)) {
      try metadata.integers("i32s", in: 0...9)
    }
    #expect(throws: GGUFError.valueOutOfRange(path: "f", key: "u64s", value: "\(UInt64.max)", range: 0...Int.max)) {
      try metadata.integers("u64s", in: 0...Int.max)
    }
  }

  @Test func otherValues() throws {
    #expect(try metadata.float("f32") == 0.5)
    #expect(try metadata.float("f64") == 1e300)
    #expect(try metadata.bool("yes"))
    #expect(try metadata.string("text") == "Ġhello")
    #expect(try metadata.integers("u8s") == [1, 2])
    #expect(try metadata.integers("i32s") == [-1, 2])
    #expect(try metadata.floats("f32s") == [0.5, -1])
    #expect(try metadata.floats("f64s") == [0.25])
    #expect(try metadata.bools("flags") == [true, false])
    #expect(try metadata.strings("words") == ["a", "b", "c", "d", "e"])
  }

  @Test func missingKeys() throws {
    let missing = GGUFError.missingKey(path: "f", key: "none")
    #expect(throws: missing) { try metadata.string("none") }
    #expect(throws: missing) { try metadata.integer("none") }
    #expect(throws: missing) { try metadata.float("none") }
    #expect(throws: missing) { try metadata.bool("none") }
    #expect(throws: missing) { try metadata.strings("none") }
    #expect(throws: missing) { try metadata.integers("none") }
    #expect(throws: missing) { try metadata.floats("none") }
    #expect(throws: missing) { try metadata.bools("none") }
    #expect(try metadata.string("none", default: "x") == "x")
    #expect(try metadata.integer("none", in: 1...2, default: 7) == 7)
    #expect(try metadata.float("none", default: 1e4) == 1e4)
    #expect(try metadata.bool("none", default: true))
    #expect(try metadata.strings("none", default: []) == [])
    #expect(try metadata.integers("none", default: [1]) == [1])
  }

  /// A default stands in for a missing key, never for a wrong one.
  @Test func wrongTypes() {
    func wrong(_ key: String, _ expected: String, _ got: String) -> GGUFError {
      .wrongType(path: "f", key: key, expected: expected, got: got)
    }
    #expect(throws: wrong("u8", "string", "uint8")) { try metadata.string("u8", default: "") }
    #expect(throws: wrong("text", "integer", "string")) { try metadata.integer("text", default: 1) }
    #expect(throws: wrong("f32", "integer", "float32")) { try metadata.integer("f32") }
    #expect(throws: wrong("yes", "integer", "bool")) { try metadata.integer("yes") }
    #expect(throws: wrong("u32", "float", "uint32")) { try metadata.float("u32", default: 1) }
    #expect(throws: wrong("u8", "bool", "uint8")) { try metadata.bool("u8", default: true) }
    #expect(throws: wrong("text", "array of string", "string")) { try metadata.strings("text", default: []) }
    #expect(throws: wrong("u8s", "array of string", "array of uint8")) { try metadata.strings("u8s") }
    #expect(throws: wrong("words", "array of integer", "array of string")) {
      try metadata.integers("words", default: [])
    }
    #expect(throws: wrong("u8", "array of integer", "uint8")) { try metadata.integers("u8") }
    #expect(throws: wrong("f32s", "array of integer", "array of float32")) { try metadata.integers("f32s") }
    #expect(throws: wrong("i32s", "array of float", "array of int32")) { try metadata.floats("i32s") }
    #expect(throws: wrong("words", "array of bool", "array of string")) { try metadata.bools("words") }
  }

  @Test func descriptions() {
    #expect(metadata["u8"]?.description == "255")
    #expect(metadata["text"]?.description == "'Ġhello'")
    #expect(metadata["yes"]?.description == "true")
    #expect(metadata["u8s"]?.description == "[1, 2]")
    #expect(metadata["words"]?.description == "['a', 'b', 'c', 'd', … 5 in all]")
    #expect(metadata["words"]?.typeName == "array of string")
  }
}
