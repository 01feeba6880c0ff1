import HeddleText
import HeddleTypes

/// The bytes of one tensor, in the pages of its file. It keeps them alive.
struct FileBytes: ConstantProvider {
  let storage: ByteStorage
  /// Where they begin in the file, and how many they are: a parser checked both.
  let offset: Int
  let byteCount: Int

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeRawBufferPointer(rebasing: storage.bytes.part(from: offset, to: offset &+ byteCount)))
    }
  }

  /// - Throws: ``FileError/changed(path:before:after:)`` if the file has become shorter since it was opened.
  func withBytes<Result>(
    in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try storage.requireAllThere()
    return try withBytes {
      try body(UnsafeRawBufferPointer(rebasing: $0.part(from: range.lowerBound, to: range.upperBound)))
    }
  }
}
