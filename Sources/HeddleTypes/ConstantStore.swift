import HeddleText
import Synchronization

/// The name of a constant: what a graph holds instead of the constant's bytes.
public struct ConstantID: Hashable, Codable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let name: String

  public init(_ name: String) { self.name = name }
  public init(stringLiteral value: String) { self.init(value) }

  public init(from decoder: any Decoder) throws { name = try decoder.singleValueContainer().decode(String.self) }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }

  public var description: String { name }
}

/// Names are compared by their bytes: see `Name`.
extension ConstantID {
  public static func == (left: ConstantID, right: ConstantID) -> Bool { left.name.hasSameBytes(as: right.name) }
  public func hash(into hasher: inout Hasher) { hasher.combine(Name(name)) }
}

/// Where the bytes of constants are: a mapped file, arrays in memory. The bytes are only borrowed, so a store can
/// map them; it must keep them unchanged while it lives.
public protocol ConstantProvider: Sendable {
  /// Calls `body` with the constant's row-major bytes.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result

  /// Calls `body` with some of the bytes, a range that lies within all. Without a word of its own a provider is asked for all:
  /// one that makes its bytes, or reads them, may do less.
  func withBytes<Result>(in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result

  /// How many bytes ``withBytes(_:)`` gives. Without a word of its own a provider is asked for them: one that makes its
  /// bytes should say it.
  var byteCount: Int { get }
}

extension ConstantProvider {
  public var byteCount: Int { withBytes { $0.count } }

  public func withBytes<Result>(
    in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try withBytes { try body(UnsafeRawBufferPointer(rebasing: $0.part(from: range.lowerBound, to: range.upperBound))) }
  }
}

extension Tensor: ConstantProvider {
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes(body)
  }
}

/// Constants by name, outside the graph that uses them: a graph stays small, printable and comparable whatever its
/// weights are. A store may be shared by many graphs, and the packed copy a device keeps is shared with it.
public final class ConstantStore: Sendable {
  /// One constant: its concrete type and who has its bytes.
  public struct Entry: Sendable {
    public let encoding: Encoding
    public let shape: [Int]
    public let provider: any ConstantProvider
    public let byteCount: Int
  }

  private let entries = Mutex<[ConstantID: Entry]>([:])

  public init() {}

  /// Adds a constant held elsewhere, for example in a mapped file.
  ///
  /// - Throws: ``TypeError/duplicateConstant(_:)``, or ``TypeError/wrongByteCount(expected:got:_:)`` if the provider
  ///   has not the bytes that the type needs, ``TypeError/invalidSparseData(_:_:)`` for indices that are not of
  ///   the pattern.
  public func add(
    _ id: ConstantID, encoding: Encoding, shape: [Int], provider: any ConstantProvider
  ) throws(TypeError) {
    let expected = try encoding.byteCount(shape: shape)
    let got = provider.byteCount
    guard got == expected else {
      throw .wrongByteCount(expected: expected, got: got, TensorSummary(encoding, shape))
    }
    if let format = encoding.sparse {
      let layout = try SparseLayout(format, shape: shape)
      let checked = provider.withBytes { bytes in
        Result { () throws(TypeError) in try layout.validate(bytes) }
      }
      try checked.get()
    }
    let entry = Entry(encoding: encoding, shape: shape, provider: provider, byteCount: expected)
    let added = entries.withLock { entries in
      if entries[id] != nil { return false }
      entries[id] = entry
      return true
    }
    guard added else { throw .duplicateConstant(id) }
  }

  /// Adds a tensor.
  public func add(_ id: ConstantID, _ tensor: Tensor) throws(TypeError) {
    try add(id, encoding: tensor.encoding, shape: tensor.shape, provider: tensor)
  }

  /// - Throws: ``TypeError/unknownConstant(_:)``.
  public func entry(_ id: ConstantID) throws(TypeError) -> Entry {
    guard let entry = entries.withLock({ $0[id] }) else { throw .unknownConstant(id) }
    return entry
  }

  /// A copy of the constant as a tensor.
  public func tensor(_ id: ConstantID) throws(TypeError) -> Tensor {
    let entry = try entry(id)
    return try Tensor(
      encoding: entry.encoding, shape: entry.shape, bytes: entry.provider.withBytes { Array($0) })
  }

  /// The type of a constant, as a graph sees it.
  public func type(_ id: ConstantID) throws(TypeError) -> TensorType {
    let entry = try entry(id)
    return TensorType(entry.encoding, entry.shape.map { Dimension($0) })
  }

  public var ids: [ConstantID] { entries.withLock { $0.keys.sorted { Name($0.name) < Name($1.name) } } }
}
