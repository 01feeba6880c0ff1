import Foundation
import OpenCLRuntime
import TestSupport
import Testing

let scaleSource = """
  __kernel void scale(__global const float *x, __global float *y, const float factor, const uint count) {
    const size_t i = get_global_id(0);
    if (i < count) y[i] = factor * x[i];
  }

  __kernel void reverse_in_group(__global int *data, __local int *scratch) {
    const size_t i = get_local_id(0), n = get_local_size(0), base = get_group_id(0) * n;
    scratch[i] = data[base + i];
    barrier(CLK_LOCAL_MEM_FENCE);
    data[base + i] = scratch[n - 1 - i];
  }

  __kernel void types(
      __global int *out, char a, ushort b, int c, ulong d, float4 e, uint2 f, __constant int *table) {
    out[0] = a + b + c + (int)d + (int)(e.x + e.y + e.z + e.w) + (int)(f.x + f.y) + table[0];
  }

  __kernel __attribute__((reqd_work_group_size(4, 1, 1))) void fixed(__global int *out) {
    out[get_global_id(0)] = (int)get_local_size(0);
  }
  """

/// A device with what most tests need.
struct Bench {
  let device: Device
  let context: Context
  let queue: CommandQueue

  init(_ device: Device, budgetBytes: Int? = nil, profiling: Bool = false) throws {
    self.device = device
    context = try Context(device: device, budgetBytes: budgetBytes)
    queue = try CommandQueue(context: context, profiling: profiling)
  }

  func program(cache: ProgramCache? = nil) throws -> Program {
    try Program(context: context, source: scaleSource, cache: cache, name: "scale.cl")
  }

  func buffer<T: BitwiseCopyable>(_ elements: [T]) throws -> Buffer {
    let buffer = try Buffer(context: context, byteCount: elements.count * MemoryLayout<T>.stride)
    try queue.write(elements, to: buffer)
    return buffer
  }

  /// Runs `scale` and says whether the result is right.
  func scales(_ program: Program) throws -> Bool {
    let x = try buffer((0..<64).map(Float.init))
    let y = try Buffer(context: context, byteCount: 256)
    let kernel = try program.kernel("scale")
    try kernel.setArguments(x, y, Float(3), UInt32(64))
    try queue.enqueue(kernel, global: [64], local: [16])
    return try queue.read(Float.self, from: y) == (0..<64).map { Float($0) * 3 }
  }
}

/// Whether an OpenCL error is thrown that satisfies the condition.
func expectError(
  _ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation,
  where condition: (OpenCLError) -> Bool
) {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  } catch let error as OpenCLError {
    #expect(condition(error), "\(error)", sourceLocation: sourceLocation)
  } catch {
    Issue.record("another error was thrown: \(error)", sourceLocation: sourceLocation)
  }
}
