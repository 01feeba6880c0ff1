import HeddleTypes

/// What goes into a file is looked at first: a device that prunes or encodes has no word for what is no number.
extension Tensor {
  /// - Throws: ``PruningError/notFinite(tensor:index:)``, ``PruningError/notStorable(tensor:_:)``.
  func requireFinite(_ name: String) throws(PruningError) {
    if let index = try firstNotFinite(name) { throw .notFinite(tensor: name, index: index) }
  }

  /// As ``requireFinite(_:)``, of what was made of finite values.
  ///
  /// - Throws: ``PruningError/notRepresentable(tensor:_:index:)``, ``PruningError/notStorable(tensor:_:)``.
  func requireStorable(_ name: String) throws(PruningError) {
    if let index = try firstNotFinite(name) { throw .notRepresentable(tensor: name, encoding, index: index) }
  }

  private func firstNotFinite(_ name: String) throws(PruningError) -> [Int]? {
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(PruningError) in try encoding.firstNotFinite(bytes, shape: shape, of: name) }
    }.get()
  }
}

extension ConstantStore.Entry {
  /// - Throws: ``PruningError/notFinite(tensor:index:)``, ``PruningError/notStorable(tensor:_:)``.
  func requireFinite(_ name: String) throws(PruningError) {
    let index = try provider.withBytes { bytes in
      Result { () throws(PruningError) in try encoding.firstNotFinite(bytes, shape: shape, of: name) }
    }.get()
    if let index { throw .notFinite(tensor: name, index: index) }
  }
}

extension Encoding {
  fileprivate func firstNotFinite(
    _ bytes: UnsafeRawBufferPointer, shape: [Int], of name: String
  ) throws(PruningError) -> [Int]? {
    do { return try firstNotFinite(bytes, shape: shape).map { Encoding.coordinates(of: $0, in: shape) } } catch {
      throw .notStorable(tensor: name, error)
    }
  }
}
