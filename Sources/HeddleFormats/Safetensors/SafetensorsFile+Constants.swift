import HeddleTypes

extension SafetensorsFile {
  /// All tensors that Heddle can compute with, by their names, without a copy: any file of the format will do, be it no
  /// model. The store keeps the mapping alive.
  ///
  /// Of a file that Heddle wrote (it has `heddle.version`) these are all, those in blocks and sparse ones too; of any
  /// other those of a dtype that is an encoding.
  ///
  /// - Throws: ``ModelFileError/notAModel(path:_:)`` if a file of Heddle's says something of its tensors that is not so,
  ///   ``ModelFileError/notStorable(path:tensor:_:)``, ``ModelFileError/safetensors(_:)``.
  public func constantStore() throws(ModelFileError) -> ConstantStore {
    let store = ConstantStore()
    for tensor in try constants() {
      let bytes: any ConstantProvider
      do { bytes = try provider(for: tensor.name) } catch { throw .safetensors(error) }
      do {
        try store.add(ConstantID(tensor.name), encoding: tensor.encoding, shape: tensor.shape, provider: bytes)
      } catch { throw .notStorable(path: path, tensor: tensor.name, error) }
    }
    return store
  }

  private func constants() throws(ModelFileError) -> [(name: String, encoding: Encoding, shape: [Int])] {
    guard metadata[SafetensorsModel.versionKey] != nil else {
      return tensors.compactMap { tensor in tensor.dtype.encoding.map { (tensor.name, $0, tensor.shape) } }
    }
    do {
      return try SafetensorsModel.tensors(of: self).compactMap { tensor in
        tensor.encoding.map { (tensor.name, $0, tensor.shape) }
      }
    } catch { throw .notAModel(path: path, error) }
  }
}
