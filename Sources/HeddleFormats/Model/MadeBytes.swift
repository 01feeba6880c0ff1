import HeddleTypes
import Synchronization

/// The bytes of a tensor that are made from others when they are first asked for, and kept.
final class MadeBytes: ConstantProvider {
  let byteCount: Int
  private let made = Mutex<[UInt8]?>(nil)
  private let make: @Sendable () -> [UInt8]

  /// - Parameter make: gives `byteCount` bytes, always the same.
  init(byteCount: Int, _ make: @escaping @Sendable () -> [UInt8]) {
    self.byteCount = byteCount
    self.make = make
  }

  /// The same bytes, not made yet: what keeps them goes with whoever asked for them.
  func fresh() -> MadeBytes { MadeBytes(byteCount: byteCount, make) }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let bytes = made.withLock { made in
      let bytes = made ?? make()
      made = bytes
      return bytes
    }
    return try bytes.withUnsafeBytes(body)
  }
}
