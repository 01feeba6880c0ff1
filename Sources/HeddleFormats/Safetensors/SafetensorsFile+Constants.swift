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
    for tensor in try modelTensors() {
      guard let encoding = tensor.encoding else { continue }
      let bytes: any ConstantProvider
      do { bytes = try provider(for: tensor.name) } catch { throw .safetensors(error) }
      do {
        try store.add(ConstantID(tensor.name), encoding: encoding, shape: tensor.shape, provider: bytes)
      } catch { throw .notStorable(path: path, tensor: tensor.name, error) }
    }
    return store
  }

  /// Every tensor as Heddle understands it, in the order of their data: of a file that Heddle wrote in the encodings
  /// that it describes, of any other by the dtypes.
  ///
  /// - Throws: ``ModelFileError/notAModel(path:_:)`` if a file of Heddle's says of its tensors what is not so.
  public func modelTensors() throws(ModelFileError) -> [ModelTensor] {
    guard metadata[SafetensorsModel.versionKey] != nil else { return tensors.map { ModelTensor($0) } }
    do { return try SafetensorsModel.tensors(of: self) } catch { throw .notAModel(path: path, error) }
  }
}
