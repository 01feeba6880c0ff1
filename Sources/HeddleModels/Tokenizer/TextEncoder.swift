/// Turns plain text into ids: an algorithm with its tables.
protocol TextEncoder: Sendable {
  /// Appends the ids of a stretch of text, valid UTF-8 and not empty, in which no special token stands.
  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int])
}
