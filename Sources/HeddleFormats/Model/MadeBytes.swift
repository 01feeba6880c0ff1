import HeddleTypes
import Synchronization

/// The bytes of a tensor that are made from others when they are first asked for, and kept.
final class MadeBytes: ConstantProvider {
  private let made = Mutex<[UInt8]?>(nil)
  private let make: @Sendable () -> [UInt8]

  /// - Parameter make: gives as many bytes as the tensor needs, always the same.
  init(_ make: @escaping @Sendable () -> [UInt8]) { self.make = make }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let bytes = made.withLock { made in
      let bytes = made ?? make()
      made = bytes
      return bytes
    }
    return try bytes.withUnsafeBytes(body)
  }
}
