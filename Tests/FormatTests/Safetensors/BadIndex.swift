import HeddleFormats
import TestSupport

/// A wrong index beside sound shards, and what opening it must say of it.
struct BadIndex: Sendable, CustomStringConvertible {
  var name: String
  var text: [UInt8]
  var expected: SafetensorsIndexDefect

  init(_ name: String, _ text: [UInt8], _ expected: SafetensorsIndexDefect) {
    self.name = name
    self.text = text
    self.expected = expected
  }

  init(_ name: String, _ text: String, _ expected: SafetensorsIndexDefect) {
    self.init(name, Array(text.utf8), expected)
  }

  init(_ name: String, _ text: String, _ defect: JSONDefect, at offset: Int) {
    self.init(name, text, .json(defect, offset: offset))
  }

  var description: String { name }

  static let all = texts + values + names

  private static func missing(_ field: String) -> JSONDefect { .missingField(field, of: "the index") }
  private static let map = #""weight_map":{"c":"s-2.safetensors"}"#

  private static let texts: [BadIndex] = [
    BadIndex("empty object", "{}", missing("weight_map"), at: 0),
    BadIndex("metadata only", #"{"metadata":{}}"#, missing("weight_map"), at: 0),
    BadIndex("one brace", "{", .unexpected(found: "the end", expected: "a key"), at: 1),
    BadIndex("cut in the map", #"{"weight_map":{"#, .unexpected(found: "the end", expected: "a key"), at: 15),
    BadIndex("cut after the map", "{\(map)", .unexpected(found: "the end", expected: "',' or '}'"), at: 37),
    BadIndex("text behind", "{\(map)} x", .unexpected(found: "'x'", expected: "nothing but spaces"), at: 39),
    BadIndex(
      "another object behind", "{\(map)}\n{}", .unexpected(found: "'{'", expected: "nothing but spaces"), at: 39),
    BadIndex("zero behind", "{\(map)}\0", .unexpected(found: "the byte 0", expected: "nothing but spaces"), at: 38),
    BadIndex("another member", #"{"weights":{}}"#, .unknownField("weights", of: "the index"), at: 1),
    BadIndex("other case", #"{"Weight_map":{}}"#, .unknownField("Weight_map", of: "the index"), at: 1),
    BadIndex("two maps", "{\(map),\(map)}", .duplicateKey("weight_map"), at: 38),
    BadIndex(
      "two of a tensor", #"{"weight_map":{"c":"s-2.safetensors","c":"s-2.safetensors"}}"#, .duplicateKey("c"), at: 37),
    BadIndex("two of a key", #"{"metadata":{"a":1,"a":2}}"#, .duplicateKey("a"), at: 19),
    BadIndex("map is an array", #"{"weight_map":[]}"#, .unexpected(found: "'['", expected: "an object"), at: 14),
    BadIndex("map is null", #"{"weight_map":null}"#, .unexpected(found: "'n'", expected: "an object"), at: 14),
    BadIndex("metadata are text", #"{"metadata":"x"}"#, .unexpected(found: "'\"'", expected: "an object"), at: 12),
    BadIndex("metadata are nil", #"{"metadata":nil}"#, .unexpected(found: "'i'", expected: "null"), at: 13),
    BadIndex("shard is a number", #"{"weight_map":{"c":1}}"#, .unexpected(found: "'1'", expected: "a string"), at: 19),
    BadIndex("shard is a list", #"{"weight_map":{"c":["#, .unexpected(found: "'['", expected: "a string"), at: 19),
    BadIndex("comma at the end", "{\(map),}", .unexpected(found: "'}'", expected: "a key"), at: 38),
    BadIndex("lone surrogate", #"{"weight_map":{"\ud800":""#, .loneSurrogate(0xD800), at: 16),
    BadIndex("line in a name", "{\"weight_map\":{\"a\nb\":", .controlCharacter(10), at: 17),
    BadIndex(
      "invalid UTF-8", Array(#"{"weight_map":{""#.utf8) + [0xC3, 0x28] + Array("\":".utf8),
      .json(.invalidUTF8, offset: 16)),
  ]

  private static func value(_ text: String, _ defect: JSONDefect, at offset: Int = 0) -> BadIndex {
    BadIndex("value \(text.prefix(20))", "{\"metadata\":{\"a\":\(text)},\(map)}", defect, at: 17 + offset)
  }

  private static func number(_ text: String) -> BadIndex {
    value(text, .invalidNumber(text, expected: "a finite number"))
  }

  private static func noValue(_ text: String, _ found: String) -> BadIndex {
    value(text, .unexpected(found: found, expected: "a string, a number, true, false or null"))
  }

  private static let values: [BadIndex] =
    ["01", "-01", "1.", "1.e3", "1e", "1e+", "-", "--1", "1-2", "1e400", "-1e400", "1.2.3", "-.5", "1e1.5", "00"]
    .map(number) + [
      noValue("{}", "'{'"), noValue("[1]", "'['"), noValue("+1", "'+'"), noValue(".5", "'.'"), noValue("NaN", "'N'"),
      noValue("Infinity", "'I'"), noValue(String(repeating: "[", count: 100_000), "'['"),
      value("truth", .unexpected(found: "'t'", expected: "true or false"), at: 3),
      value("nul", .unexpected(found: "'}'", expected: "null"), at: 3),
      value("1 2", .unexpected(found: "'2'", expected: "',' or '}'"), at: 2),
      value("0x10", .unexpected(found: "'x'", expected: "',' or '}'"), at: 1),
    ]

  private static let names: [BadIndex] = [
    "", ".", "..", "/", ".safetensors", "../s-1.safetensors", "./s-1.safetensors", "/etc/s-1.safetensors",
    "sub/s-1.safetensors", "s-1.safetensors/", "s-1.safetensors/../s-1.safetensors", "..\\s-1.safetensors",
    "\\\\host\\s-1.safetensors", "c:s-1.safetensors", "s-1.safetensors\0", "s\0-1.safetensors", "s-1.safetensors ",
    "s-1.SAFETENSORS", "s-1.bin", "s-1", CheckpointFolder.index,
  ].map { (name: String) in
    let escaped = name.replacing("\\", with: "\\\\").replacing("\0", with: "\\u0000")
    return BadIndex("shard '\(escaped)'", #"{"weight_map":{"c":"\#(escaped)"}}"#, .shardName(name, tensor: "c"))
  }
}
