extension Encoding {
  /// The encoding called `name`.
  ///
  /// - Throws: ``TypeError/unknownEncoding(_:)``, which names all there are.
  public init(named name: String) throws(TypeError) {
    guard let encoding = Encoding(name: name) else { throw .unknownEncoding(name) }
    self = encoding
  }

  /// All names, for messages: `f32, …, q8_0, or PATTERN-VALUES, such as 2:4-int4, …`.
  package static var everyName: String {
    let whole = ScalarType.allCases.map(\.rawValue) + BlockFormat.allCases.map(\.rawValue)
    let values = SparseFormat.Values.allCases.map(\.rawValue)
    return """
      \(whole.joined(separator: ", ")), or a pattern and values, such as 2:4-int4: the patterns are N:M, vwN:M, nvwN:M \
      and blockS@P, the values \(values.joined(separator: ", "))
      """
  }
}
