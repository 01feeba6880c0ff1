import CHeddle
import HeddleOpenCL
import Synchronization
import TestSupport
import Testing

/// A callback that counts how often it is asked, and says yes from one time on.
private final class Interrupt: Sendable {
  let asked = Atomic(0)
  let from: Int

  init(from: Int) { self.from = from }

  /// Runs `body` with it as this thread's callback.
  func during(_ body: () throws -> Void) throws {
    let callback: heddle_interrupt_callback = { context in
      guard let context else { return 1 }
      let interrupt = Unmanaged<Interrupt>.fromOpaque(context).takeUnretainedValue()
      let count = interrupt.asked.add(1, ordering: .relaxed).newValue
      // It may call anything.
      var index = 0
      #expect(Int(heddle_device_find(nil, &index)) == HEDDLE_OK)
      return count >= interrupt.from ? 1 : 0
    }
    try succeed { heddle_set_interrupt(callback, Unmanaged.passUnretained(self).toOpaque()) }
    defer { _ = heddle_set_interrupt(nil, nil) }
    try body()
  }
}

@Suite(.serialized) struct InterruptTests {
  /// Products one after the other, 30 ms or more each.
  private final class Slow {
    let backend, builder, graph: heddle_handle

    init(count: Int = 12) throws {
      let first = try #require(TestDevices.all.first, "no OpenCL device: \(String(describing: TestDevices.failure))")
      backend = try made { handle in
        first.identifier.withCString { name in
          "".withCString { none in
            var options = heddle_backend_options()
            options.size = MemoryLayout<heddle_backend_options>.size
            (options.device, options.cache_folder) = (name, none)
            return heddle_backend_create(&options, handle)
          }
        }
      }
      let builder = try made { heddle_builder_create($0) }
      self.builder = builder
      let input = #"{"input": {"name": "x", "type": {"encoding": "f32", "shape": [1024, 1024]}}}"#
      let x = try made(0) { heddle_builder_apply(builder, input, nil, 0, nil, $0, 1, nil) }
      var value = x
      for _ in 0..<count {
        value = try made(0) { heddle_builder_apply(builder, #"{"matmul": {}}"#, [value, x], 2, nil, $0, 1, nil) }
        value = try made(0) { heddle_builder_apply(builder, #"{"softmax": {}}"#, [value], 1, nil, $0, 1, nil) }
      }
      try succeed { heddle_builder_output(builder, "y", value) }
      graph = try made { heddle_builder_build(builder, $0) }
    }

    func session() throws -> heddle_session {
      let executable = try made { heddle_compile(backend, graph, 0, nil, $0) }
      let session = try made { heddle_session_create(executable, nil, $0) }
      let x = [Float](repeating: 0.5, count: 1024 * 1024)
      try succeed { x.withUnsafeBytes { heddle_session_write(session, 0, "x", $0.baseAddress, $0.count) } }
      return session
    }

    deinit { for handle in [graph, builder, backend] { _ = heddle_release(handle) } }
  }

  @Test func `a thread's callback ends its own run, which can be run again`() throws {
    let slow = try Slow()
    let session = try slow.session()
    defer { _ = heddle_release(session) }
    let interrupt = Interrupt(from: 3)
    try interrupt.during {
      expect(HEDDLE_CANCELLED, "cancelled") { heddle_session_run(session, nil) }
    }
    #expect(interrupt.asked.load(ordering: .relaxed) == 3)
    // Another thread's says nothing to a step that runs apart.
    try Interrupt(from: 1).during {
      try succeed { heddle_session_start(session, nil) }
      try succeed { heddle_session_wait(session, -1) }
    }
    let patient = Interrupt(from: .max)
    try patient.during { try succeed { heddle_session_run(session, nil) } }
    #expect(patient.asked.load(ordering: .relaxed) >= 3)
    try succeed { heddle_session_run(session, nil) }
  }

  @Test func `it ends building, and the graph can be compiled then`() throws {
    let slow = try Slow(count: 1)
    try Interrupt(from: 1).during {
      var executable: heddle_executable = 7
      expect(HEDDLE_CANCELLED) { heddle_compile(slow.backend, slow.graph, 0, nil, &executable) }
      #expect(executable == 7)
    }
    _ = heddle_release(try slow.session())
    let file = try TinyModel.write()
    try Interrupt(from: 1).during {
      var model: heddle_model = 7
      expect(HEDDLE_CANCELLED) { heddle_model_open(slow.backend, file.path, nil, &model) }
      #expect(model == 7)
    }
  }

  @Test func `types of a builder's values`() throws {
    let builder = try made { heddle_builder_create($0) }
    defer { _ = heddle_release(builder) }
    try succeed { heddle_builder_symbol(builder, "n", 1, 8) }
    let input = #"{"input": {"name": "x", "type": {"encoding": "i32", "shape": ["2*n", 4]}}}"#
    let x = try made(0) { heddle_builder_apply(builder, input, nil, 0, nil, $0, 1, nil) }
    #expect(try text { heddle_builder_type(builder, x, $0, $1, $2) } == #"{"encoding":"i32","shape":["2*n",4]}"#)
    expect(HEDDLE_INVALID_ARGUMENT, "no value") { heddle_builder_type(builder, 0, nil, 0, nil) }
    expect(HEDDLE_INVALID_ARGUMENT) { heddle_builder_type(builder, x + 1, nil, 0, nil) }
    for name in ["", "a b", "3x", "a.b"] {
      expect(HEDDLE_INVALID_GRAPH, "letters, digits and '_'") { heddle_builder_symbol(builder, name, 1, 2) }
    }
  }
}
