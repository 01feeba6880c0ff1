/// How many copies of its weights a contestant rotates over, so that they come from memory and not from a cache.
struct Rotation {
  /// What all copies together must have at least; 0 where one copy is wanted.
  let byteCount: Int

  static let none = Rotation(byteCount: 0)

  /// Copies of weights of this size.
  func copies(of bytes: Int) -> Int { max(1, (byteCount + max(1, bytes) - 1) / max(1, bytes)) }
}
