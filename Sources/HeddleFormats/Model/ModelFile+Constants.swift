import HeddleTypes

extension ModelFile {
  /// The encoding of a tensor.
  ///
  /// - Throws: ``ModelFileError/unknownTensor(path:name:)``, ``ModelFileError/unsupportedType(path:tensor:type:)``.
  public func encoding(of name: String) throws(ModelFileError) -> Encoding {
    let info = try info(name)
    guard let encoding = info.encoding else {
      throw .unsupportedType(path: path, tensor: name, type: info.typeName)
    }
    return encoding
  }

  /// A copy of a tensor.
  ///
  /// - Throws: ``ModelFileError/unknownTensor(path:name:)``, and ``ModelFileError/unsupportedType(path:tensor:type:)`` if
  ///   Heddle cannot compute with the tensor's type.
  public func tensor(named name: String) throws(ModelFileError) -> Tensor {
    let encoding = try encoding(of: name)
    let shape = try info(name).shape
    let bytes = try provider(for: name).withBytes { Array($0) }
    do { return try Tensor(encoding: encoding, shape: shape, bytes: bytes) } catch {
      throw .notStorable(path: path, tensor: name, error)
    }
  }

  /// All tensors that Heddle can compute with, by their names, without a copy. The store keeps the mapping alive.
  ///
  /// - Throws: ``ModelFileError/notStorable(path:tensor:_:)`` for indices of a sparse tensor that are not of its pattern.
  public func constantStore() throws(ModelFileError) -> ConstantStore {
    try constantStore(names: tensors.lazy.filter { $0.encoding != nil }.map(\.name))
  }

  /// The named tensors, without a copy. The store keeps the mapping alive.
  ///
  /// - Throws: ``ModelFileError/unknownTensor(path:name:)``, ``ModelFileError/unsupportedType(path:tensor:type:)``,
  ///   ``ModelFileError/notStorable(path:tensor:_:)`` if a name comes twice.
  public func constantStore(names: some Sequence<String>) throws(ModelFileError) -> ConstantStore {
    let store = ConstantStore()
    for name in names {
      let encoding = try encoding(of: name)
      let shape = try info(name).shape
      let provider = try provider(for: name)
      do { try store.add(ConstantID(name), encoding: encoding, shape: shape, provider: provider) } catch {
        throw .notStorable(path: path, tensor: name, error)
      }
    }
    return store
  }
}
