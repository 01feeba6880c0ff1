import HeddleTypes

extension SafetensorsFile {
  /// All tensors of a dtype that Heddle can compute with, by their names, without a copy: any file of the format will do,
  /// be it no model. The store keeps the mapping alive.
  ///
  /// - Throws: ``ModelFileError/notStorable(path:tensor:_:)``, ``ModelFileError/safetensors(_:)``.
  public func constantStore() throws(ModelFileError) -> ConstantStore {
    let store = ConstantStore()
    for tensor in tensors {
      guard let encoding = tensor.dtype.encoding else { continue }
      let bytes: any ConstantProvider
      do { bytes = try provider(for: tensor.name) } catch { throw .safetensors(error) }
      do {
        try store.add(ConstantID(tensor.name), encoding: encoding, shape: tensor.shape, provider: bytes)
      } catch { throw .notStorable(path: path, tensor: tensor.name, error) }
    }
    return store
  }
}
