import HeddleText
import HeddleTypes

extension SafetensorsWriter {
  /// A writer of tensors in any encodings, each declared as <doc:ModelFiles> says: by its own dtype if it has one, else as
  /// bytes that `heddle.encodings` describes.
  ///
  /// - Throws: what ``add(_:_:shape:)`` throws, and ``TypeError`` for a shape that does not fit its encoding.
  init(storing tensors: [(name: String, encoding: Encoding, shape: [Int])]) throws {
    self.init()
    var described = JSONText()
    try described.object { text in
      for (name, encoding, shape) in tensors {
        if let dtype = SafetensorsDtype(encoding) {
          try add(name, dtype, shape: shape)
          continue
        }
        try add(name, .u8, shape: [try encoding.byteCount(shape: shape)])
        text.key(name)
        text.object {
          $0.key("encoding")
          $0.string(encoding.name)
          $0.key("shape")
          $0.array { for extent in shape { $0.integer(extent) } }
        }
      }
    }
    try set(SafetensorsModel.versionKey, SafetensorsModel.version)
    try set(SafetensorsModel.encodingsKey, described.text)
  }
}

extension ConstantStore {
  /// Writes all constants to a safetensors file, those in blocks and sparse ones as <doc:ModelFiles> says, in the order of
  /// their names. ``SafetensorsFile/constantStore()`` reads them back. What is added meanwhile is not written.
  ///
  /// - Parameter path: see ``OutputFile`` for what becomes of what is there. It may be that of the file the store was
  ///   opened from.
  /// - Throws: ``SafetensorsError`` if the file cannot be written, or cannot hold a constant of that name or of so many
  ///   axes, and `CancellationError`. There is no new file then.
  public func write(to path: String) async throws {
    let constants = try ids.map { (name: $0.name, entry: try entry($0)) }
    let providers = NameTable(constants.map { ($0.name, $0.entry.provider) })
    let writer = try SafetensorsWriter(storing: constants.map { ($0.name, $0.entry.encoding, $0.entry.shape) })
    try await writer.write(to: path) { tensor in
      guard let provider = providers[tensor.name] else { throw TypeError.unknownConstant(ConstantID(tensor.name)) }
      return provider
    }
  }
}
