import HeddleGraph
import HeddleText

/// Host memory that the commands of one run read and write: copies of small inputs, and where outputs arrive. It must
/// live until the queue has done with it, also if the run was given up.
final class RunMemory: @unchecked Sendable {
  private var allocations: [UnsafeMutableRawBufferPointer] = []
  private var outputs: [(name: String, encoding: Encoding, shape: [Int], memory: UnsafeMutableRawBufferPointer)] = []

  /// Inputs above this are written before the run goes on, without a copy.
  private static let copiedByteCount = 64 << 10

  deinit { for allocation in allocations { allocation.deallocate() } }

  // Traps: never (tensor-in-buffer).
  func allocate(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    allocations.append(memory)
    return memory
  }

  func write(_ tensor: Tensor, to memory: any DeviceMemory, on queue: any DeviceQueue) throws {
    if tensor.bytes.count > Self.copiedByteCount {
      try tensor.bytes.withUnsafeBytes { try queue.write($0, to: memory, offset: 0, waits: true) }
    } else if !tensor.bytes.isEmpty {
      let copy = allocate(tensor.bytes.count)
      copy.copyBytes(from: tensor.bytes)
      try queue.write(UnsafeRawBufferPointer(copy), to: memory, offset: 0, waits: false)
    }
  }

  /// Starts to read an output; ``tensors()`` gives it once the queue is done.
  func read(
    _ name: String, _ type: TensorType, _ bindings: Bindings, from source: (any DeviceMemory)?,
    on queue: any DeviceQueue
  ) throws {
    let shape = try type.concreteShape(bindings)
    let memory = allocate(try type.encoding.byteCount(shape: shape))
    if !memory.isEmpty, let source { try queue.read(from: source, into: memory, waits: false) }
    outputs.append((name, type.encoding, shape, memory))
  }

  /// The outputs that were read.
  func tensors() throws -> NameTable<Tensor> {
    var tensors: NameTable<Tensor> = [:]
    for output in outputs {
      tensors[output.name] = try Tensor(encoding: output.encoding, shape: output.shape, bytes: Array(output.memory))
    }
    return tensors
  }
}
