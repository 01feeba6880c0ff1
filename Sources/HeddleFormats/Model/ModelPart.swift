import HeddleTypes

/// A tensor of a model, and who has its bytes.
struct ModelPart: Sendable {
  let tensor: ModelTensor
  let provider: any ConstantProvider
}

extension ModelPart {
  /// A tensor that lies in the pages of a file.
  init(_ tensor: ModelTensor, in storage: ByteStorage) {
    self.init(
      tensor: tensor, provider: FileBytes(storage: storage, offset: tensor.offset, byteCount: tensor.byteCount))
  }

  /// A tensor that is made when its bytes are first asked for.
  init(
    _ name: String, _ encoding: Encoding, _ shape: [Int], byteCount: Int, making make: @escaping @Sendable () -> [UInt8]
  ) {
    self.init(
      tensor: ModelTensor(
        name: name, typeName: encoding.typeName, encoding: encoding, shape: shape, offset: 0, byteCount: byteCount),
      provider: MadeBytes(byteCount: byteCount, make))
  }
}

extension Encoding {
  /// The name of GGUF's type, or the encoding's own where GGUF has none.
  var typeName: String { GGUFTensorType(self)?.name ?? name }
}

extension GGUFFile {
  /// The tensors as a model has them, in the file's order.
  var parts: [ModelPart] {
    tensors.map {
      ModelPart(
        ModelTensor(
          name: $0.name, typeName: $0.type.name, encoding: $0.type.encoding, shape: $0.shape, offset: $0.offset,
          byteCount: $0.byteCount), in: storage)
    }
  }
}
