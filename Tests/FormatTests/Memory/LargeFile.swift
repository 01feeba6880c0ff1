import HeddleFormats
import TestSupport

/// A file of very many small things, each of which costs more in memory than in the file.
struct LargeFile: Sendable, CustomStringConvertible {
  enum Kind: Sendable { case gguf, safetensors, index }

  var name: String
  var kind: Kind
  /// Bytes at its end that are no metadata.
  var dataByteCount: Int
  /// The whole file.
  var bytes: @Sendable () -> [UInt8]

  init(_ name: String, _ kind: Kind, data: Int = 0, _ bytes: @escaping @Sendable () -> [UInt8]) {
    (self.name, self.kind, self.bytes, dataByteCount) = (name, kind, bytes, data)
  }

  var description: String { name }

  /// The quick ones of each reader, or in a campaign all: the largest take a minute each.
  static var chosen: [LargeFile] {
    let quick = ["2¹⁶ metadata entries", "2¹⁶ metadata entries in a header", "a text of 2²² escapes"]
    return TestDevices.isCampaign ? all : all.filter { quick.contains($0.name) }
  }

  private static let all: [LargeFile] =
    gguf + safetensors + models + [
      LargeFile("2²⁰ tensors in an index", .index) {
        text("{\"weight_map\":{", count: 1 << 20, "\"0123456789", "\":\"s.safetensors\"", "}}")
      }
    ]

  private static let gguf: [LargeFile] = [
    strings(1 << 22, ""), strings(1 << 21, "sixteen letters."),
    // In memory each is 18 bytes, and no longer one of the short strings that need no memory of their own.
    strings(1 << 22, [UInt8](repeating: 0xff, count: 6), "that are no UTF-8"),
    LargeFile("2²⁴ booleans", .gguf) { list(.bool, 1 << 24, [1]) },
    LargeFile("2²³ integers of 8 bytes", .gguf) { list(.int64, 1 << 23, little(Int64(-1))) },
    LargeFile("2¹⁷ tensors", .gguf, data: 32 << 17) {
      let tensors = (0..<1 << 17).map { tensor(string(digits($0)), [8], id: 0, UInt64(32 * $0)) }
      return GGUFBytes(tensors: tensors, data: [UInt8](repeating: 0, count: 32 << 17)).bytes
    },
    LargeFile("2¹⁶ metadata entries", .gguf) {
      GGUFBytes(entries: (0..<1 << 16).map { string(digits($0)) + little(UInt32(7)) + [1] }).bytes
    },
  ]

  private static let safetensors: [LargeFile] = [
    LargeFile("2¹⁷ tensors in a header", .safetensors) {
      header(text("{", count: 1 << 17, "\"", #"":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#, "}"))
    },
    LargeFile("2¹⁶ metadata entries in a header", .safetensors) {
      header(text(#"{"__metadata__":{"#, count: 1 << 16, "\"", "\":\"\"", "}}"))
    },
    LargeFile("a text of 2²² escapes", .safetensors) {
      header(Array(#"{"__metadata__":{"a":""#.utf8) + repeated(Array(#"\n"#.utf8), 1 << 22) + Array(#""}}"#.utf8))
    },
    LargeFile("a shape of 2²⁵ extents", .safetensors) {
      header(Array(#"{"x":{"shape":[0"#.utf8) + repeated(Array(",0".utf8), 1 << 25) + Array("]}}".utf8))
    },
  ]

  private static let models: [LargeFile] = [
    model("2²² empty strings in typed metadata", "string", #"\"\""#, 1 << 22),
    model("2²⁴ integers in typed metadata", "uint64", "0", 1 << 24),
    LargeFile("2²⁰ entries of typed metadata", .safetensors) {
      let entries = text("", count: 1 << 20, #"\""#, #"\":{\"bool\":true}"#, "")
      return header(model(metadata: [0x7b] + entries + [0x7d]))
    },
  ]

  // MARK: The bytes

  private static func list(_ type: GGUFValueType, _ count: Int, _ element: [UInt8]) -> [UInt8] {
    GGUFBytes.metadata(array("k", type, UInt64(count), [])) + repeated(element, count)
  }

  private static func strings(_ count: Int, _ text: String) -> LargeFile {
    strings(count, Array(text.utf8), "of \(text.utf8.count) bytes")
  }

  private static func strings(_ count: Int, _ bytes: [UInt8], _ what: String) -> LargeFile {
    LargeFile("\(count) strings \(what)", .gguf) { list(.string, count, string(bytes)) }
  }

  private static func model(_ name: String, _ type: String, _ element: String, _ count: Int) -> LargeFile {
    LargeFile(name, .safetensors) {
      let elements = repeated(Array("\(element),".utf8), count - 1) + Array(element.utf8)
      return header(model(metadata: Array(#"{\"k\":{\"array of \#(type)\":["#.utf8) + elements + Array("]}}".utf8)))
    }
  }

  private static func model(metadata: [UInt8]) -> [UInt8] {
    Array(#"{"__metadata__":{"heddle.version":"1","heddle.encodings":"{}","heddle.metadata":""#.utf8) + metadata
      + Array(#""}}"#.utf8)
  }

  private static func header(_ text: [UInt8]) -> [UInt8] { SafetensorsBytes(text).bytes }

  private static func repeated(_ unit: [UInt8], _ count: Int) -> [UInt8] {
    var bytes = unit
    bytes.reserveCapacity(unit.count * count)
    while bytes.count < unit.count * count { bytes += bytes.prefix(unit.count * count - bytes.count) }
    return bytes
  }

  /// Members of an object whose keys differ by a number of six digits.
  private static func text(
    _ before: String, count: Int, _ left: String, _ right: String, _ after: String
  ) -> [UInt8] {
    var text = Array(before.utf8)
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    text.reserveCapacity(count * (left.count + right.count + 8))
    for index in 0..<count {
      if index > 0 { text.append(0x2c) }
      text += left
      text += digits(index)
      text += right
    }
    return text + Array(after.utf8)
  }

  /// Six hexadecimal digits.
  private static func digits(_ number: Int) -> [UInt8] {
    stride(from: 20, through: 0, by: -4).map { UInt8(ascii: "a") + UInt8(number >> $0 & 15) }
  }
}
