import HeddleTypes

/// The bytes of one tensor, in the pages of its file. It keeps them alive.
struct FileBytes: ConstantProvider {
  let storage: ByteStorage
  /// In the file: a parser checked it.
  let range: Range<Int>

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(rebasing: storage.bytes[range])) }
  }
}
