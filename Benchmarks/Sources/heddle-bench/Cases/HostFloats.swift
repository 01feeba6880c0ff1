/// Floats at an address that does not move, aligned to a cache line.
final class HostFloats {
  let address: UnsafeMutableRawPointer
  let values: UnsafeMutableBufferPointer<Float>

  init(count: Int) {
    address = UnsafeMutableRawPointer.allocate(byteCount: max(64, 4 * count), alignment: 64)
    values = UnsafeMutableBufferPointer(start: address.bindMemory(to: Float.self, capacity: count), count: count)
    values.initialize(repeating: 0)
  }

  convenience init(copyOf floats: HostFloats) {
    self.init(count: floats.values.count)
    _ = values.update(from: floats.values)
  }

  convenience init(_ floats: [Float]) {
    self.init(count: floats.count)
    _ = values.update(from: floats)
  }

  deinit { address.deallocate() }
}
