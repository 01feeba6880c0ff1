import Heddle
import TestSupport
import Testing

@Suite struct SessionTests {
  @Test func `there are devices`() { #expect(!TestDevices.all.isEmpty, "\(String(describing: TestDevices.failure))") }

  @Test(arguments: TestDevices.all)
  func `runs that fit make no buffer and build no program, at any bindings`(device: Device) async throws {
    let backend = try backend(device)
    let step = try StepGraph()
    let session = try await backend.compile(step.graph, constants: step.constants).makeSession(["capacity": 40])
    // The first step makes room for the greatest that comes.
    _ = try await session.run(step.request(rows: 20, past: 0, from: 0))
    let (allocations, builds) = (backend.allocationCount, backend.buildCount)
    for rows in [0, 1, 2, 16, 17, 20, 1, 5] {
      for past in [0, 3, 20] {
        let outputs = try await session.run(step.request(rows: rows, past: past, from: past))
        #expect(try outputs["y"]?.floats() == step.expected(rows: rows, from: past), "\(rows) rows")
        #expect(outputs["y"]?.shape == [rows, 8])
        let next = try #require(try outputs["next"]?.floats())
        #expect(next.count == 40 * 8)
        #expect(try Array(next[past * 8..<(past + rows) * 8]) == Tensor.counting([rows, 8], from: past).floats())
      }
    }
    #expect(backend.allocationCount == allocations)
    #expect(backend.buildCount == builds)
  }

  @Test(arguments: TestDevices.all)
  func `a state begins as the constant it names, in memory of any kind, and again after a reset`(
    device: Device
  ) async throws {
    let store = ConstantStore()
    try store.add("first", Tensor([1 as Float, 2, 3, 4, 5, 6], shape: [3, 2]))
    let builder = GraphBuilder()
    let state = try builder.state("s", .float32, [3, 2], initial: "first")
    let next = try builder.writeRows(builder.input("x", .float32, [1, 2]), to: state, at: 1)
    try builder.update(state: "s", to: next)
    let graph = try builder.build(outputs: ["y": next])
    let request = RunRequest(inputs: ["x": try Tensor([7 as Float, 8], shape: [1, 2])])
    let backend = try backend(device)
    let session = try await backend.compile(graph, constants: store).makeSession([:])
    let written: [Float] = [1, 2, 7, 8, 5, 6]
    #expect(try await session.run(request)["y"]?.floats() == written)
    #expect(try await session.read(.state("s")).floats() == written)
    try await session.reset()
    #expect(try await session.read(.state("s")).floats() == [1, 2, 3, 4, 5, 6])
    // Rows four elements apart, in the caller's memory: what lies between them stays.
    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 12)
    defer { memory.deallocate() }
    memory.initialize(repeating: 9)
    let layout = TensorLayout(strides: [4, 1])
    _ = try await session.bind(
      .state("s"), to: .host(HostMemory(UnsafeMutableRawBufferPointer(memory), layout: layout)))
    try await session.reset()
    #expect(try await session.run(request)["y"]?.floats() == written)
    _ = try await session.bind(.state("s"), to: nil)
    #expect(Array(memory) == [1, 2, 9, 9, 7, 8, 9, 9, 5, 6, 9, 9])
  }

  @Test(arguments: TestDevices.all)
  func `the same graph gives the same executable, and a program is built once`(device: Device) async throws {
    let backend = try backend(device)
    let step = try StepGraph()
    async let first = backend.compile(step.graph, constants: step.constants)
    async let second = backend.compile(StepGraph().graph, constants: step.constants)
    let (a, b) = (try await first as? DeviceExecutable, try await second as? DeviceExecutable)
    #expect(a != nil && a === b)
    let again = try await backend.compile(StepGraph().graph, constants: step.constants) as? DeviceExecutable
    #expect(a === again)
    let other = try await backend.compile(step.graph, constants: StepGraph().constants) as? DeviceExecutable
    #expect(other != nil && other !== a)
    let lone = try self.backendOf(device)
    let executable = try await lone.compile(step.graph, constants: step.constants, options: nil)
    let kernels = Set(executable.plan.lists.flatMap(\.kernels))
    // And the one that packs the weights.
    #expect(lone.buildCount == kernels.count + 1)
  }

  private func backendOf(_ device: Device) throws -> OpenCLBackend { try backend(device) }

  @Test(arguments: TestDevices.all)
  func `two executables share packed weights`(device: Device) async throws {
    let backend = try backend(device)
    let constants = ConstantStore()
    try constants.add("w", Tensor(Array(repeating: 1 as Float, count: 512 * 512), shape: [512, 512]))
    func graph(_ name: String) throws -> Graph {
      let builder = GraphBuilder()
      let x = try builder.input("x", .float32, [1, 512])
      return try builder.build(outputs: [name: builder.matmul(x, builder.constant("w", in: constants))])
    }
    let before = backend.deviceByteCount
    var executables = [try await backend.compile(graph("a"), constants: constants)]
    let first = backend.deviceByteCount - before
    #expect(first >= 1 << 20)
    executables.append(try await backend.compile(graph("b"), constants: constants))
    #expect(backend.deviceByteCount - before - first < 1 << 10)
    #expect(before == 0)
    executables = []
    await expectNothingLeft(on: backend)
  }

  @Test(arguments: TestDevices.all)
  func `two sessions have states of their own and run at once`(device: Device) async throws {
    let backend = try backend(device)
    let step = try StepGraph()
    let executable = try await backend.compile(step.graph, constants: step.constants)
    let results = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
      for task in 0..<2 {
        group.addTask {
          let session = try executable.makeSession(["capacity": 20])
          var last: [Float] = []
          for round in 0..<10 {
            let outputs = try await session.run(step.request(rows: 2, past: 2 * round, from: 50 * task + round))
            #expect(try outputs["y"]?.floats() == step.expected(rows: 2, from: 50 * task + round))
            last = try outputs["next"]?.floats() ?? []
          }
          return (task, last)
        }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for task in 0..<2 {
      let expected = try (0..<10).flatMap { try Tensor.counting([2, 8], from: 50 * task + $0).floats() }
      #expect(results[task] == expected)
    }
  }

  @Test(arguments: TestDevices.all)
  func `a symbol at its bounds`(device: Device) async throws {
    let backend = try backend(device)
    let step = try StepGraph()
    let session = try await backend.compile(step.graph, constants: step.constants).makeSession(["capacity": 40])
    #expect(try await session.run(step.request(rows: 20, past: 20))["y"]?.floats() == step.expected(rows: 20))
    #expect(try await session.run(step.request(rows: 0, past: 40))["y"]?.floats() == [])
    await #expect(throws: ExecutionError.self) { try await session.run(step.request(rows: 1, past: 40)) }
    let one = try await backend.compile(step.graph, constants: step.constants).makeSession(["capacity": 1])
    #expect(try await one.run(step.request(rows: 1, past: 0))["next"]?.floats() == Tensor.counting([1, 8]).floats())
  }

  @Test(arguments: TestDevices.all)
  func `outputs are read on request, states survive runs and reset`(device: Device) async throws {
    let backend = try backend(device)
    let step = try StepGraph()
    let session = try await backend.compile(step.graph, constants: step.constants).makeSession(["capacity": 3])
    var request = try step.request(rows: 2, past: 0)
    request.outputs = []
    #expect(try await session.run(request).isEmpty)
    request = try step.request(rows: 1, past: 2)
    request.outputs = ["next"]
    let next = try #require(try await session.run(request)["next"]?.floats())
    #expect(try Array(next.prefix(16)) == Tensor.counting([2, 8]).floats())
    try await session.reset()
    let cleared = try await session.run(step.request(rows: 0, past: 0))["next"]
    #expect(try cleared?.floats() == Array(repeating: 0, count: 24))
  }
}
