/// Values by name, names compared by their bytes: see ``Name``.
///
/// A dictionary literal makes one, and it is read and walked as a dictionary is:
///
/// ```swift
/// let inputs: NameTable<Tensor> = ["x": x]
/// for (name, tensor) in inputs { print(name, tensor) }
/// ```
public struct NameTable<Value> {
  private var entries: [Name: Value]

  public init() { entries = [:] }

  /// The entries of a dictionary.
  public init(_ dictionary: [String: Value]) { self.init(dictionary.map { ($0.key, $0.value) }) }

  /// Entries one by one; of two with one name the last counts.
  public init(_ entries: some Sequence<(String, Value)>) {
    self.entries = [:]
    for (name, value) in entries { self.entries[Name(name)] = value }
  }

  private init(entries: [Name: Value]) { self.entries = entries }

  public var count: Int { entries.count }
  public var isEmpty: Bool { entries.isEmpty }
  /// In no order, as a dictionary's.
  public var keys: [String] { entries.keys.map(\.text) }
  public var values: some Collection<Value> { entries.values }
  public var names: NameSet { NameSet(entries.keys) }

  public subscript(name: String) -> Value? {
    get { entries[Name(name)] }
    set { entries[Name(name)] = newValue }
  }

  public subscript(name: String, default fallback: @autoclosure () -> Value) -> Value {
    get { entries[Name(name), default: fallback()] }
    set { entries[Name(name)] = newValue }
  }

  /// Sets a value and returns the one before it.
  @discardableResult
  public mutating func updateValue(_ value: Value, forKey name: String) -> Value? {
    entries.updateValue(value, forKey: Name(name))
  }

  /// Takes a value out.
  @discardableResult
  public mutating func removeValue(forKey name: String) -> Value? { entries.removeValue(forKey: Name(name)) }

  /// Makes room for as many entries as something in memory has.
  public mutating func makeRoom(forAll others: some Collection) { entries.reserveCapacity(others.count) }

  public func mapValues<Result>(_ transform: (Value) throws -> Result) rethrows -> NameTable<Result> {
    NameTable<Result>(entries: try entries.mapValues(transform))
  }
}

extension NameTable: Sequence {
  public struct Iterator: IteratorProtocol {
    var base: [Name: Value].Iterator

    public mutating func next() -> (key: String, value: Value)? {
      base.next().map { ($0.key.text, $0.value) }
    }
  }

  public func makeIterator() -> Iterator { Iterator(base: entries.makeIterator()) }
}

extension NameTable: ExpressibleByDictionaryLiteral {
  /// Of two entries with one name the last counts.
  public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}

extension NameTable: Sendable where Value: Sendable {}
extension NameTable: Equatable where Value: Equatable {}
extension NameTable: Hashable where Value: Hashable {}
