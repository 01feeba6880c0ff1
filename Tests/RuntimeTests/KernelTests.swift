import Foundation
import OpenCLRuntime
import TestSupport
import Testing

@Suite struct KernelTests {
  @Test(arguments: TestDevices.all)
  func buildFailureShowsNumberedSourceAndLog(device: Device) throws {
    let bench = try Bench(device)
    let source = "__kernel void ok(__global int *x) { x[0] = 1; }\n#line 41 \"other.cl\"\nint a;\nthis is no OpenCL C;"
    expectError({
      _ = try Program(context: bench.context, source: source, options: ["-DTILE=3"], name: "broken.cl")
    }) {
      guard case .build(let failure) = $0 else { return false }
      let text = failure.description
      #expect(text.contains("broken.cl") && text.contains("-DTILE=3") && text.contains(device.name))
      #expect(text.contains("   42 | this is no OpenCL C;") && text.contains(device.profile.driverVersion))
      #expect(!failure.log.isEmpty && failure.status == .buildProgramFailure)
      return true
    }
    #expect(bench.context.liveProgramCount == 0 && bench.context.buildCount == 1)
    expectError({ _ = try Program(context: bench.context, source: "\0", name: "n") }) {
      if case .invalidText = $0 { true } else { false }
    }
    expectError({ _ = try Program(context: bench.context, source: "", options: ["-D\0"], name: "n") }) {
      if case .invalidText = $0 { true } else { false }
    }
  }

  @Test(arguments: TestDevices.all)
  func kernelsDescribeThemselves(device: Device) throws {
    let bench = try Bench(device)
    let program = try bench.program()
    #expect(program.kernelNames == ["fixed", "reverse_in_group", "scale", "types"])
    let scale = try program.kernel("scale")
    #expect(scale.arguments.map(\.name) == ["x", "y", "factor", "count"])
    #expect(scale.arguments.map(\.addressSpace) == [.global, .global, .private, .private])
    #expect(scale.arguments.map { $0.byteCount } == [nil, nil, 4, 4])
    #expect(scale.arguments[0].isConst && !scale.arguments[1].isConst)
    #expect(scale.workGroupInfo.maxSize >= 1 && scale.workGroupInfo.preferredMultiple >= 1)
    #expect(try program.kernel("fixed").workGroupInfo.requiredSize == [4, 1, 1])
    #expect(try program.kernel("reverse_in_group").arguments[1].addressSpace == .local)
    let sizes = try program.kernel("types").arguments.map { $0.byteCount }
    #expect(sizes == [nil, 1, 2, 4, 8, 16, 8, nil])
    for name in ["none", "", "sca", "scale\0"] {
      expectError({ _ = try program.kernel(name) }) {
        if case .unknownKernel(name, "scale.cl", let available) = $0 { available.count == 4 } else { false }
      }
    }
  }

  @Test(arguments: TestDevices.all)
  func argumentsOfAllKindsArrive(device: Device) throws {
    let bench = try Bench(device)
    let kernel = try bench.program().kernel("types")
    let out = try bench.buffer([Int32(0)])
    let table = try bench.buffer([Int32(1000)])
    try kernel.setArguments(
      out, Int8(-1), UInt16(2), Int32(30), UInt64(400), SIMD4<Float>(1, 2, 3, 4), SIMD2<UInt32>(5, 6), table)
    try bench.queue.enqueue(kernel, global: [1], local: [1])
    #expect(try bench.queue.read(Int32.self, from: out) == [1452])
  }

  @Test(arguments: TestDevices.all)
  func wrongArgumentsAreRefused(device: Device) throws {
    let bench = try Bench(device)
    let program = try bench.program()
    let scale = try program.kernel("scale")
    let reverse = try program.kernel("reverse_in_group")
    let buffer = try bench.buffer([Float](repeating: 1, count: 16))

    func isArgument(_ index: Int, _ error: OpenCLError) -> Bool {
      if case .argument(_, index, let expected, let got) = error { !expected.isEmpty && !got.isEmpty } else { false }
    }
    expectError({ try scale.setArgument(2, buffer) }) { isArgument(2, $0) }
    expectError({ try scale.setArgument(0, Float(1)) }) { isArgument(0, $0) }
    expectError({ try scale.setArgument(0, UInt64(0)) }) { isArgument(0, $0) }
    expectError({ try scale.setArgument(2, Double(1)) }) { isArgument(2, $0) }
    expectError({ try scale.setArgument(2, Int32(1)) }) { isArgument(2, $0) }
    expectError({ try scale.setArgument(3, Float(1)) }) { isArgument(3, $0) }
    expectError({ try scale.setArgument(3, 16) }) {
      isArgument(3, $0) && "\($0)".contains("4 bytes") && "\($0)".contains("8 bytes")
    }
    expectError({ try scale.setArgument(3, UInt8(1)) }) { isArgument(3, $0) }
    expectError({ try scale.setLocalArgument(0, byteCount: 16) }) { isArgument(0, $0) }
    expectError({ try reverse.setArgument(1, buffer) }) { isArgument(1, $0) }
    expectError({ try reverse.setArgument(1, UInt32(4)) }) { isArgument(1, $0) }
    for size in [0, -1] { expectError({ try reverse.setLocalArgument(1, byteCount: size) }) { isArgument(1, $0) } }
    let local = device.profile.localMemoryBytes
    expectError({ try reverse.setLocalArgument(1, byteCount: local + 1) }) {
      $0 == .localMemory(kernel: "reverse_in_group", requested: local + 1, limit: local)
    }
    for index in [-1, 4, Int.max, Int.min] {
      expectError({ try scale.setArgument(index, buffer) }) { if case .argumentCount = $0 { true } else { false } }
    }
    expectError({ try scale.setArguments(buffer, buffer) }) {
      $0 == .argumentCount(kernel: "scale", expected: 4, got: 2)
    }
    expectError({ try scale.setArguments(buffer, buffer, Float(1), UInt32(1), UInt32(1)) }) {
      $0 == .argumentCount(kernel: "scale", expected: 4, got: 5)
    }
    let stranger = try Bench(device)
    expectError({ try scale.setArgument(0, try stranger.buffer([Float(1)])) }) {
      if case .foreignContext = $0 { true } else { false }
    }

    let fresh = try program.kernel("scale")
    try fresh.setArgument(0, buffer)
    expectError({ try bench.queue.enqueue(fresh, global: [16]) }) {
      $0 == .argumentNotSet(kernel: "scale", index: 1, name: "y")
    }
    try fresh.setArguments(buffer, buffer, Float(2), UInt32(16))
    expectError({ try stranger.queue.enqueue(fresh, global: [16]) }) {
      if case .foreignContext = $0 { true } else { false }
    }
    try bench.queue.enqueue(fresh, global: [16])
    #expect(try bench.queue.read(Float.self, from: buffer) == [Float](repeating: 2, count: 16))
  }

  @Test(arguments: TestDevices.all)
  func structuresAreValues(device: Device) throws {
    struct Shape: KernelArgumentValue {
      var rows: UInt32
      var columns: UInt64
      var last: UInt8
    }
    let bench = try Bench(device)
    let source = """
      typedef struct { uint rows; ulong columns; uchar last; } shape;
      typedef uint index_t;
      __kernel void area(__global ulong *out, shape s, index_t more) { out[0] = s.rows * s.columns + s.last + more; }
      """
    let kernel = try Program(context: bench.context, source: source, name: "area").kernel("area")
    let out = try bench.buffer([UInt64(0)])
    try kernel.setArguments(out, Shape(rows: 6, columns: 7, last: 1), UInt32(2))
    try bench.queue.enqueue(kernel, global: [1])
    #expect(try bench.queue.read(UInt64.self, from: out) == [45])
  }

  @Test(arguments: TestDevices.all)
  func badWorkSizesAreRefused(device: Device) throws {
    let bench = try Bench(device)
    let program = try bench.program()
    let kernel = try program.kernel("scale")
    let buffer = try bench.buffer([Float](repeating: 1, count: 16))
    try kernel.setArguments(buffer, buffer, Float(1), UInt32(16))
    let most = min(kernel.workGroupInfo.maxSize, device.profile.maxWorkGroupSize)
    let cases: [([Int], [Int]?)] = [
      ([], nil), ([1, 1, 1, 1], nil), ([0], nil), ([16, 0], nil), ([-4], nil), ([Int.min], [1]),
      ([Int.max, 2], nil), ([16], [5]), ([16], [0]), ([16], [-1]), ([16], [4, 4]), ([16, 16], [4]),
      ([2 * most], [2 * most]), ([most, 2], [most, 2]), ([1 << 40], [1 << 40]),
    ]
    for (global, local) in cases {
      expectError({ try bench.queue.enqueue(kernel, global: global, local: local) }) {
        if case .workSize("scale", global, local, _) = $0 { true } else { false }
      }
    }
    let fixed = try program.kernel("fixed")
    try fixed.setArguments(buffer)
    for local in [nil, [8], [2]] {
      expectError({ try bench.queue.enqueue(fixed, global: [16], local: local) }) {
        if case .workSize = $0 { true } else { false }
      }
    }
    try bench.queue.enqueue(fixed, global: [16], local: [4])
    #expect(try bench.queue.read(Int32.self, from: buffer) == [Int32](repeating: 4, count: 16))
  }

  @Test(arguments: TestDevices.all)
  func localMemoryAndKeptBuffers(device: Device) throws {
    let bench = try Bench(device)
    do {
      let kernel = try bench.program().kernel("reverse_in_group")
      // The only reference to the first buffer is the kernel's.
      try kernel.setArguments(try bench.buffer([Int32](0..<32)), LocalMemory(byteCount: 64))
      #expect(bench.context.liveBufferCount == 1)
      try bench.queue.enqueue(kernel, global: [32], local: [16])
      let buffer = try bench.buffer([Int32](0..<32))
      try kernel.setArgument(0, buffer)
      try bench.queue.enqueue(kernel, global: [32], local: [16])
      #expect(
        try bench.queue.read(Int32.self, from: buffer)
          == [Int32](0..<16).reversed() + [Int32](16..<32).reversed())
      #expect(bench.context.liveBufferCount == 1 && bench.context.liveKernelCount == 1)
    }
    #expect(bench.context.liveBufferCount == 0 && bench.context.liveKernelCount == 0)
    #expect(bench.context.liveProgramCount == 0 && bench.context.allocatedBytes == 0)
  }

  @Test(arguments: TestDevices.all)
  func twoThreadsBuildAtOnce(device: Device) async throws {
    let bench = try Bench(device)
    let results = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<4 {
        group.addTask {
          try await onThread {
            let source = scaleSource + "\n__kernel void extra_\(number)(__global int *x) { x[0] = \(number); }"
            return try bench.scales(try Program(context: bench.context, source: source, name: "program \(number)"))
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results == [true, true, true, true])
    #expect(bench.context.buildCount == 4 && bench.context.liveProgramCount == 0)
  }
}

/// Runs a blocking body on a thread of its own, as OpenCL's waits must not block Swift's cooperative threads.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
  }
}
