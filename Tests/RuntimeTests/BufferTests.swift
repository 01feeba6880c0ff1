import Foundation
import OpenCLRuntime
import Synchronization
import TestSupport
import Testing

@Suite struct BufferTests {
  @Test(arguments: TestDevices.all)
  func refusedSizes(device: Device) throws {
    let bench = try Bench(device, budgetBytes: 1 << 20)
    let limit = device.profile.maxAllocationBytes
    expectError({ _ = try Buffer(context: bench.context, byteCount: 0) }) { $0 == .emptyBuffer }
    for size in [-1, Int.min, Int.max, limit + 1] {
      expectError({ _ = try Buffer(context: bench.context, byteCount: size) }) {
        $0 == .bufferSize(requested: size, limit: limit)
      }
    }
    let half = try Buffer(context: bench.context, byteCount: 1 << 19)
    expectError({ _ = try Buffer(context: bench.context, byteCount: (1 << 19) + 1) }) {
      $0 == .budgetExceeded(requested: (1 << 19) + 1, inUse: 1 << 19, budget: 1 << 20)
    }
    #expect(bench.context.allocatedBytes == half.byteCount && bench.context.allocationCount == 1)
  }

  @Test(arguments: TestDevices.all)
  func memoryIsAccounted(device: Device) throws {
    let context = try Context(device: device)
    #expect(context.budgetBytes <= device.profile.globalMemoryBytes / 5 * 4 && context.budgetBytes > 0)
    do {
      let buffers = try (1...10).map { try Buffer(context: context, byteCount: $0 * 1000) }
      #expect(context.allocatedBytes == 55_000 && context.liveBufferCount == buffers.count)
      let part = try buffers[9].subBuffer(offset: 0, byteCount: 100)
      #expect(context.allocatedBytes == 55_000 && context.liveBufferCount == 11)
      withExtendedLifetime((buffers, part)) {}
    }
    #expect(context.allocatedBytes == 0 && context.liveBufferCount == 0)
    #expect(context.peakAllocatedBytes == 55_000 && context.allocationCount == 10)
  }

  @Test(arguments: TestDevices.all)
  func roundTripFillCopyMap(device: Device) throws {
    let bench = try Bench(device)
    let queue = bench.queue
    let numbers = (0..<1000).map { Int32($0 * 7 - 3000) }
    let a = try bench.buffer(numbers)
    #expect(try queue.read(Int32.self, from: a) == numbers)
    #expect(try queue.read(Int32.self, from: a, offset: 40, count: 3) == Array(numbers[10..<13]))
    #expect(try queue.read(Int32.self, from: a, offset: 4000) == [])

    let b = try Buffer(context: bench.context, byteCount: 4000)
    try queue.fill(b, pattern: [1, 0, 0, 0])
    try queue.copy(from: a, sourceOffset: 400, to: b, targetOffset: 0, byteCount: 400)
    #expect(try queue.read(Int32.self, from: b) == Array(numbers[100..<200]) + [Int32](repeating: 1, count: 900))
    try queue.copy(from: b, sourceOffset: 0, to: b, targetOffset: 400, byteCount: 400)
    #expect(try queue.read(Int32.self, from: b, offset: 400, count: 100) == Array(numbers[100..<200]))
    try queue.fill(b, pattern: [9], offset: 3, byteCount: 2)
    #expect(try queue.read(UInt8.self, from: b, offset: 3, count: 2) == [9, 9])

    let sum = try queue.withMapped(a, offset: 4, byteCount: 8, access: .readWrite) { bytes in
      let old = bytes.loadUnaligned(as: Int32.self)
      bytes.storeBytes(of: 42, as: Int32.self)
      return old
    }
    #expect(sum == numbers[1])
    #expect(try queue.read(Int32.self, from: a, count: 3) == [numbers[0], 42, numbers[2]])
    struct Stop: Error {}
    #expect(throws: Stop.self) { try queue.withMapped(a) { _ in throw Stop() } }
    try queue.finish()
  }

  @Test(arguments: TestDevices.all)
  func transfersOutsideTheBufferAreRefused(device: Device) throws {
    let bench = try Bench(device)
    let queue = bench.queue
    let buffer = try bench.buffer([UInt8](0..<100))
    let other = try bench.buffer([UInt8](0..<100))
    for (offset, count) in [(0, 101), (100, 1), (-1, 1), (50, 51), (Int.max, 1), (Int.min, 1), (101, 0)] {
      let bytes = [UInt8](repeating: 0, count: count)
      let wanted = OpenCLError.bufferRange(offset: offset, byteCount: count, bufferBytes: 100)
      expectError({ try queue.write(bytes, to: buffer, offset: offset) }) { $0 == wanted }
      expectError({ try queue.copy(from: buffer, sourceOffset: offset, to: other, byteCount: count) }) { $0 == wanted }
      expectError({ try queue.copy(from: other, to: buffer, targetOffset: offset, byteCount: count) }) { $0 == wanted }
      expectError({ try queue.fill(buffer, pattern: [1], offset: offset, byteCount: count) }) { $0 == wanted }
      expectError({ try queue.withMapped(buffer, offset: offset, byteCount: count) { _ in } }) { $0 == wanted }
    }
    for count in [-1, 101, Int.max] {
      expectError({ _ = try queue.read(UInt8.self, from: buffer, count: count) }) {
        if case .bufferRange = $0 { true } else { false }
      }
    }
    expectError({ _ = try queue.read(Int64.self, from: buffer, count: Int.max) }) {
      if case .bufferRange = $0 { true } else { false }
    }
    for pattern in [[], [1, 2, 3], [UInt8](repeating: 0, count: 256), [UInt8](repeating: 0, count: 8)] {
      expectError({ try queue.fill(buffer, pattern: pattern) }) { if case .fillPattern = $0 { true } else { false } }
    }
    expectError({ try queue.copy(from: buffer, to: buffer, targetOffset: 10, byteCount: 11) }) {
      $0 == .copyOverlap(source: 0, target: 10, byteCount: 11)
    }
    expectError({ try queue.withMapped(buffer, byteCount: 0) { _ in } }) { $0 == .emptyBuffer }
    try queue.write([UInt8](), to: buffer, offset: 100)
    #expect(try queue.copy(from: buffer, to: other, byteCount: 0, event: true) != nil)
    #expect(try queue.read(UInt8.self, from: buffer) == [UInt8](0..<100))
  }

  @Test(arguments: TestDevices.all)
  func subBuffers(device: Device) throws {
    let bench = try Bench(device)
    let alignment = device.profile.memBaseAddressAlignmentBytes
    let numbers = (0..<4 * alignment).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    var whole: Buffer? = try bench.buffer(numbers)
    let part = try #require(try whole?.subBuffer(offset: alignment, byteCount: 2 * alignment))
    let partOfPart = try part.subBuffer(offset: alignment, byteCount: 10)
    #expect(partOfPart.offset == 2 * alignment)
    whole = nil
    #expect(bench.context.liveBufferCount == 3)
    #expect(try bench.queue.read(UInt8.self, from: part) == Array(numbers[alignment..<3 * alignment]))
    #expect(try bench.queue.read(UInt8.self, from: partOfPart) == Array(numbers[2 * alignment..<2 * alignment + 10]))
    expectError({ try bench.queue.copy(from: part, sourceOffset: alignment, to: partOfPart, byteCount: 10) }) {
      if case .copyOverlap = $0 { true } else { false }
    }
    if alignment > 1 {
      expectError({ _ = try part.subBuffer(offset: 1, byteCount: 1) }) {
        $0 == .misaligned(what: "the offset of a sub-buffer", value: alignment + 1, alignment: alignment)
      }
    }
    expectError({ _ = try part.subBuffer(offset: 0, byteCount: 0) }) { $0 == .emptyBuffer }
    for (offset, count) in [(0, 2 * alignment + 1), (-alignment, 1), (2 * alignment, 1), (0, -1), (Int.max, Int.max)] {
      expectError({ _ = try part.subBuffer(offset: offset, byteCount: count) }) {
        $0 == .subBufferRange(offset: offset, byteCount: count, bufferBytes: 2 * alignment)
      }
    }
  }

  /// Host memory that counts its own end.
  final class Pages: Sendable {
    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer
    static let freed = Atomic(0)
    init(_ count: Int) { bytes = .allocate(byteCount: count, alignment: 4096) }
    deinit {
      bytes.deallocate()
      Self.freed.wrappingAdd(1, ordering: .relaxed)
    }
  }

  @Test(arguments: TestDevices.all)
  func hostMemoryIsWrappedAndItsOwnerKept(device: Device) throws {
    weak var owner: Pages?
    do {
      let bench = try Bench(device)
      var pages: Pages? = Pages(4096)
      owner = pages
      let memory = try #require(pages?.bytes)
      memory.bindMemory(to: Float.self).update(repeating: 2)
      let x = try Buffer.wrapping(memory, owner: pages, context: bench.context)
      pages = nil
      #expect(owner != nil && x.wrapsHostMemory)
      #expect(bench.context.allocatedBytes == (device.profile.hostUnifiedMemory ? 0 : 4096))
      let y = try Buffer(context: bench.context, byteCount: 4096)
      let kernel = try bench.program().kernel("scale")
      try kernel.setArguments(x, y, Float(5), UInt32(1024))
      try bench.queue.enqueue(kernel, global: [1024])
      #expect(try bench.queue.read(Float.self, from: y) == [Float](repeating: 10, count: 1024))
      let off = UnsafeMutableRawBufferPointer(rebasing: memory[1...])
      if device.profile.memBaseAddressAlignmentBytes > 1 {
        expectError({ _ = try Buffer.wrapping(off, owner: owner, context: bench.context) }) {
          if case .misaligned = $0 { true } else { false }
        }
      }
      let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
      expectError({ _ = try Buffer.wrapping(none, owner: owner, context: bench.context) }) {
        $0 == .emptyBuffer
      }
    }
    for _ in 0..<500 where owner != nil { usleep(10_000) }
    #expect(owner == nil)
  }

  @Test(arguments: TestDevices.all)
  func adoptedBuffersAreChecked(device: Device) throws {
    let bench = try Bench(device)
    let alignment = device.profile.memBaseAddressAlignmentBytes
    var original: Buffer? = try bench.buffer([UInt8](repeating: 7, count: 2 * alignment))
    var part = try original?.subBuffer(offset: alignment, byteCount: alignment)
    let adopted = try Buffer(adopting: try #require(original).handle, context: bench.context)
    let adoptedPart = try Buffer(adopting: try #require(part).handle, context: bench.context)
    #expect(adopted.byteCount == 2 * alignment && adopted.parent == nil)
    #expect(adoptedPart.byteCount == alignment && adoptedPart.offset == alignment && adoptedPart.parent != nil)
    let handle = adopted.handle
    original = nil
    part = nil
    #expect(try bench.queue.read(UInt8.self, from: adopted) == [UInt8](repeating: 7, count: 2 * alignment))
    #expect(bench.context.allocatedBytes == 0)
    let stranger = try Context(device: device)
    expectError({ _ = try Buffer(adopting: handle, context: stranger) }) {
      if case .foreignContext = $0 { true } else { false }
    }
    let other = try Buffer(context: stranger, byteCount: 4)
    expectError({ try bench.queue.write([UInt8](repeating: 0, count: 4), to: other) }) {
      if case .foreignContext = $0 { true } else { false }
    }
  }
}
