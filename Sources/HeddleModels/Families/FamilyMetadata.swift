import HeddleFormats
import HeddleText

/// The keys of a file's metadata that begin with its architecture. What is read here counts as honoured; what is left, see
/// ``refuseUnread(contextLength:)``.
struct FamilyMetadata {
  let metadata: GGUFMetadata
  let architecture: String
  private(set) var read: NameSet = []
  /// Whether the file has a tensor of a name; nil if that is not known.
  let isInFile: ((String) -> Bool)?

  init(_ metadata: GGUFMetadata, of architecture: String, isInFile: ((String) -> Bool)?) {
    self.isInFile = isInFile
    self.metadata = metadata
    self.architecture = architecture
  }

  /// The whole key of a name: `llama.block_count`.
  func key(_ name: String) -> String { "\(architecture).\(name)" }

  mutating func has(_ name: String) -> Bool {
    read.insert(name)
    return metadata[key(name)] != nil
  }

  mutating func integer(
    _ name: String, in range: ClosedRange<Int>, default fallback: Int? = nil
  ) throws(ModelError) -> Int {
    read.insert(name)
    return try ModelError.reading { () throws(GGUFError) in
      try metadata.integer(key(name), in: range, default: fallback)
    }
  }

  /// An integer of a layer: an element of an array, or one number for all layers.
  mutating func integer(
    _ name: String, of layer: Int, in range: ClosedRange<Int>, default fallback: Int? = nil
  ) throws(ModelError) -> Int {
    guard has(name), case .array(let array) = metadata[key(name)] else {
      return try integer(name, in: range, default: fallback)
    }
    guard array.count <= Limits.layers else {
      throw invalid(name, "\(array.count) values", "there are at most \(Limits.layers) layers")
    }
    let values = try ModelError.reading { () throws(GGUFError) in try metadata.integers(key(name)) }
    guard let value = values[at: layer] else {
      throw invalid(name, "\(values.count) values", "layer \(layer) has none")
    }
    guard range.contains(value) else { throw invalid(name, value, "layer \(layer)'s must be in \(range)") }
    return value
  }

  /// Counts keys as honoured that change nothing where they stand.
  mutating func ignore(_ names: [String]) {
    for name in names { read.insert(name) }
  }

  mutating func float(_ name: String, default fallback: Double? = nil) throws(ModelError) -> Float {
    read.insert(name)
    return try ModelError.reading { () throws(GGUFError) in
      Float(try metadata.float(key(name), default: fallback))
    }
  }

  mutating func string(_ name: String, default fallback: String) throws(ModelError) -> String {
    read.insert(name)
    return try ModelError.reading { () throws(GGUFError) in try metadata.string(key(name), default: fallback) }
  }

  mutating func flag(_ name: String, default fallback: Bool) throws(ModelError) -> Bool {
    read.insert(name)
    return try ModelError.reading { () throws(GGUFError) in try metadata.bool(key(name), default: fallback) }
  }

  func invalid(_ name: String, _ value: some CustomStringConvertible, _ reason: String) -> ModelError {
    .invalidValue(key: key(name), value: value.description, reason: reason)
  }

  /// Far above any model in use; products of two of them fit 64 bits.
  enum Limits {
    static let layers = 4096
    static let count = 1 << 16
    static let width = 1 << 24
    static let context = 1 << 30
  }
}
