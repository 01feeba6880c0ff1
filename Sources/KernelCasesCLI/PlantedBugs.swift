import Heddle
import OpenCLRuntime

/// Kernels with one bug each. A memory checker that says nothing of them is not watching.
enum PlantedBugs {
  private static let source = """
    __kernel void write_past_the_end(__global int *buffer, int count) {
      buffer[get_global_id(0) + 1] = count;
    }
    __kernel void read_past_the_end(__global int *buffer, int count) {
      buffer[0] = buffer[get_global_id(0) + count];
    }
    __kernel void local_race(__global int *buffer, int count) {
      __local int shared[1];
      shared[0] = (int)get_local_id(0);
      barrier(CLK_LOCAL_MEM_FENCE);
      buffer[get_global_id(0)] = shared[0] + count;
    }
    """

  static func run(on backend: OpenCLBackend) throws {
    let context = try Context(device: backend.device)
    let queue = try CommandQueue(context: context)
    let program = try Program(context: context, source: source, name: "planted bugs")
    let buffer = try Buffer(context: context, byteCount: 64)
    for name in ["write_past_the_end", "read_past_the_end", "local_race"] {
      let kernel = try program.kernel(name)
      try kernel.setArguments(buffer, Int32(16))
      _ = try queue.enqueue(kernel, global: [16], local: [16])
      try queue.finish()
      print("ran \(name)")
    }
  }
}
