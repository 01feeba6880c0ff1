import HeddleTypes

extension GGUFFile {
  /// The bytes of a tensor of any type, without a copy. The provider keeps the mapping alive, not the file.
  ///
  /// - Throws: ``GGUFError/unknownTensor(path:name:)``.
  public func provider(for name: String) throws(GGUFError) -> any ConstantProvider {
    try bytes(of: info(name))
  }

  /// A copy of a tensor.
  ///
  /// - Throws: ``GGUFError/unknownTensor(path:name:)``, and ``GGUFError/unsupportedType(path:tensor:type:)`` if Heddle
  ///   cannot compute with the tensor's type.
  public func tensor(named name: String) throws(GGUFError) -> Tensor {
    let info = try info(name)
    let encoding = try encoding(of: info)
    do {
      return try Tensor(encoding: encoding, shape: info.shape, bytes: bytes(of: info).withBytes { Array($0) })
    } catch { throw .notStorable(path: path, tensor: name, error) }
  }

  /// The encoding of a tensor.
  ///
  /// - Throws: ``GGUFError/unknownTensor(path:name:)``, ``GGUFError/unsupportedType(path:tensor:type:)``.
  public func encoding(of name: String) throws(GGUFError) -> Encoding { try encoding(of: info(name)) }

  /// All tensors that Heddle can compute with, by their names, without a copy. The store keeps the mapping alive.
  ///
  /// Tensors of other types are left out; ``constantStore(names:)`` throws for them instead.
  public func constantStore() throws(GGUFError) -> ConstantStore {
    let store = ConstantStore()
    for info in tensors where info.type.encoding != nil { try add(info, to: store) }
    return store
  }

  /// The named tensors, without a copy.
  ///
  /// - Throws: ``GGUFError/unknownTensor(path:name:)``, ``GGUFError/unsupportedType(path:tensor:type:)``,
  ///   ``GGUFError/notStorable(path:tensor:_:)`` if a name comes twice.
  public func constantStore(names: some Sequence<String>) throws(GGUFError) -> ConstantStore {
    let store = ConstantStore()
    for name in names { try add(info(name), to: store) }
    return store
  }

  private func add(_ info: GGUFTensor, to store: ConstantStore) throws(GGUFError) {
    let encoding = try encoding(of: info)
    do {
      try store.add(ConstantID(info.name), encoding: encoding, shape: info.shape, provider: bytes(of: info))
    } catch { throw .notStorable(path: path, tensor: info.name, error) }
  }

  private func encoding(of info: GGUFTensor) throws(GGUFError) -> Encoding {
    guard let encoding = info.type.encoding else {
      throw .unsupportedType(path: path, tensor: info.name, type: info.type)
    }
    return encoding
  }

  private func bytes(of info: GGUFTensor) -> FileBytes {
    FileBytes(storage: storage, offset: info.offset, byteCount: info.byteCount)
  }
}
