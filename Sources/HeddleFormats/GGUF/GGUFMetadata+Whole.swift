extension GGUFMetadata {
  /// Throws if the file is one part of a model in several. Such a file can be listed, but it is no model: tensors, or all
  /// that describes them, are in the others.
  ///
  /// - Throws: ``GGUFError/splitPart(path:number:count:)``, and what ``integer(_:in:default:)`` throws.
  public func requireWhole() throws(GGUFError) {
    let count = try integer("split.count", default: 0)
    guard count <= 1 else { throw .splitPart(path: path, number: try integer("split.no", default: 0), count: count) }
  }
}
