/// A set of names, compared by their bytes: see ``Name``.
public struct NameSet: Hashable, Sendable {
  private var names: Set<Name>

  public init() { names = [] }
  public init(_ names: some Sequence<String>) { self.names = Set(names.map { Name($0) }) }
  init(_ names: some Sequence<Name>) { self.names = Set(names) }

  public var count: Int { names.count }
  public var isEmpty: Bool { names.isEmpty }
  public func contains(_ name: String) -> Bool { names.contains(Name(name)) }

  /// Adds a name; `inserted` is false if it was there.
  @discardableResult
  public mutating func insert(_ name: String) -> (inserted: Bool, memberAfterInsert: String) {
    let (inserted, member) = names.insert(Name(name))
    return (inserted, member.text)
  }

  public func union(_ other: NameSet) -> NameSet { NameSet(names.union(other.names)) }
  public func subtracting(_ other: NameSet) -> NameSet { NameSet(names.subtracting(other.names)) }
}

extension NameSet: Sequence {
  public struct Iterator: IteratorProtocol {
    var base: Set<Name>.Iterator

    public mutating func next() -> String? { base.next()?.text }
  }

  public func makeIterator() -> Iterator { Iterator(base: names.makeIterator()) }
}

extension NameSet: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: String...) { self.init(elements) }
}
