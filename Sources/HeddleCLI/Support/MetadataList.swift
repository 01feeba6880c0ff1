import Heddle
import HeddleText

/// A file's metadata as JSON: keys as they are in the file and in the order of their bytes, long arrays shortened to their
/// first elements.
struct MetadataList {
  private let metadata: GGUFMetadata

  init(_ metadata: GGUFMetadata) { self.metadata = metadata }

  func write(to text: inout JSONText) {
    text.object { text in
      for key in metadata.keys.sorted(by: { Name($0) < Name($1) }) {
        guard let value = metadata[key] else { continue }
        text.key(key)
        Self.write(value, to: &text)
      }
    }
  }

  private static let shownElements = 16

  private static func write(_ value: GGUFValue, to text: inout JSONText) {
    switch value {
    case .uint8(let value): text.integer(value)
    case .int8(let value): text.integer(value)
    case .uint16(let value): text.integer(value)
    case .int16(let value): text.integer(value)
    case .uint32(let value): text.integer(value)
    case .int32(let value): text.integer(value)
    case .uint64(let value): text.integer(value)
    case .int64(let value): text.integer(value)
    case .float32(let value): text.number(Double(value))
    case .float64(let value): text.number(value)
    case .bool(let value): text.bool(value)
    case .string(let value): text.string(value)
    case .array(let array): write(array, to: &text)
    }
  }

  private static func write(_ array: GGUFArray, to text: inout JSONText) {
    guard array.count > shownElements else { return writeFirst(of: array, to: &text) }
    text.object {
      $0.key("count")
      $0.integer(array.count)
      $0.key("first")
      writeFirst(of: array, to: &$0)
    }
  }

  private static func writeFirst(of array: GGUFArray, to text: inout JSONText) {
    func some<Element>(_ values: [Element], _ write: (inout JSONText, Element) -> Void) {
      text.array { text in for value in values.prefix(shownElements) { write(&text, value) } }
    }
    switch array {
    case .uint8(let values): some(values) { $0.integer($1) }
    case .int8(let values): some(values) { $0.integer($1) }
    case .uint16(let values): some(values) { $0.integer($1) }
    case .int16(let values): some(values) { $0.integer($1) }
    case .uint32(let values): some(values) { $0.integer($1) }
    case .int32(let values): some(values) { $0.integer($1) }
    case .uint64(let values): some(values) { $0.integer($1) }
    case .int64(let values): some(values) { $0.integer($1) }
    case .float32(let values): some(values) { $0.number(Double($1)) }
    case .float64(let values): some(values) { $0.number($1) }
    case .bool(let values): some(values) { $0.bool($1) }
    case .string(let values): some(values) { $0.string($1) }
    }
  }
}
