import COpenCL
import Foundation
import OpenCLRuntime
import TestSupport
import Testing

/// Contexts and queues that another part of the process made.
@Suite struct AdoptionTests {
  /// What such a part has, released when it goes.
  private final class Host {
    let context: cl_context
    let queue: cl_command_queue
    let outOfOrder: cl_command_queue?

    init(_ device: Device) throws {
      var handles: [cl_device_id?] = [device.handle]
      var status: cl_int = 0
      context = try #require(clCreateContext(nil, 1, &handles, nil, nil, &status))
      queue = try #require(clCreateCommandQueue(context, device.handle, 0, &status))
      outOfOrder = clCreateCommandQueue(
        context, device.handle, cl_command_queue_properties(CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE), &status)
    }

    deinit {
      if let outOfOrder { clReleaseCommandQueue(outOfOrder) }
      clReleaseCommandQueue(queue)
      clReleaseContext(context)
    }

    var references: (context: cl_uint, queue: cl_uint) {
      var counts: (cl_uint, cl_uint) = (0, 0)
      clGetContextInfo(context, cl_context_info(CL_CONTEXT_REFERENCE_COUNT), 4, &counts.0, nil)
      clGetCommandQueueInfo(queue, cl_command_queue_info(CL_QUEUE_REFERENCE_COUNT), 4, &counts.1, nil)
      return counts
    }
  }

  @Test(arguments: TestDevices.all)
  func `work goes through the host's context and queue, and nothing of it is kept`(device: Device) throws {
    let host = try Host(device)
    let before = host.references
    do {
      let context = try Context(adopting: host.context)
      #expect(context.device == device)
      let queue = try CommandQueue(adopting: host.queue, context: context)
      #expect(queue.isAdopted && !queue.profiling)
      let program = try Program(context: context, source: scaleSource, cache: nil, name: "scale.cl")
      let kernel = try program.kernel("scale")
      // The host's own buffer in, one of ours out.
      var status: cl_int = 0
      let memory = try #require(clCreateBuffer(host.context, cl_mem_flags(CL_MEM_READ_WRITE), 256, nil, &status))
      defer { clReleaseMemObject(memory) }
      let x = try Buffer(adopting: memory, context: context)
      let y = try Buffer(context: context, byteCount: 256)
      try queue.write((0..<64).map(Float.init), to: x)
      try kernel.setArguments(x, y, Float(3), UInt32(64))
      try queue.enqueue(kernel, global: [64], local: [16])
      #expect(try queue.read(Float.self, from: y) == (0..<64).map { Float($0) * 3 })
    }
    // A driver's own threads let go a moment later. Contexts are also counted by what was made in them.
    for _ in 0..<500 where host.references.queue != before.queue { usleep(10_000) }
    #expect(host.references.queue == before.queue)
    #expect(host.references.context <= before.context + 1)
  }

  @Test(arguments: TestDevices.all)
  func `what does not belong together is refused`(device: Device) throws {
    let (host, other) = (try Host(device), try Host(device))
    let context = try Context(adopting: host.context, device: device.handle)
    #expect(throws: OpenCLError.self) { try CommandQueue(adopting: other.queue, context: context) }
    if let outOfOrder = host.outOfOrder {
      let error = #expect(throws: OpenCLError.self) { try CommandQueue(adopting: outOfOrder, context: context) }
      #expect(error?.description.contains("out of order") == true)
    }
    if let stranger = try Device.all().first(where: { $0 != device }) {
      #expect(throws: OpenCLError.foreignContext("the device")) {
        try Context(adopting: host.context, device: stranger.handle)
      }
    }
  }

  @Test func `a context of several devices must be told which`() throws {
    let all = TestDevices.all
    guard let first = all.first else { return }
    let twins = all.filter { $0.platform === first.platform }
    // One platform with two devices is among those that are always tested.
    try #require(twins.count >= 2)
    var handles: [cl_device_id?] = twins.map(\.handle)
    var status: cl_int = 0
    let created = try #require(clCreateContext(nil, cl_uint(handles.count), &handles, nil, nil, &status))
    defer { clReleaseContext(created) }
    #expect(throws: OpenCLError.self) { try Context(adopting: created) }
    #expect(try Context(adopting: created, device: twins[1].handle).device == twins[1])
  }
}
