import Foundation
import TestSupport
import Testing

@testable import HeddleOpenCL

/// Launches that are a library's: tuned, counted, profiled and refused like others.
@Suite struct LibraryTests {
  private let call = LibraryCall(library: "clblast", function: "clblast_sgemm", flags: ["W_TRANSPOSED"])

  @Test func `a call no library has is refused`() throws {
    var other = call
    other.function = "clblast_dgemm"
    #expect(throws: LibraryError.self) { try CLBlastProduct(other) }
    other.library = "another"
    #expect(throws: LibraryError.self) { try CLBlastProduct(other) }
    #if !CLBlast
      #expect(throws: LibraryError.missing("CLBlast", trait: "CLBlast")) { try CLBlastProduct(call) }
    #endif
  }

  #if CLBlast
    @Test(arguments: TestDevices.distinct)
    func `the tuner may choose it in relaxed numerics, and a run builds nothing`(device: Device) async throws {
      let bench = try TuningBench(device)
      defer { bench.remove() }
      let backend = try OpenCLBackend(device: device, cache: bench.cache, numerics: .relaxed)
      #expect(try bench.choice(backend).reason == .standard && bench.choice(backend).chosen != "clblast")
      let report = try await bench.tune(backend, fastest: "clblast")
      #expect(report.rows.map(\.chosen) == ["clblast"])
      let after = try bench.choice(backend)
      #expect(after.chosen == "clblast" && after.reason == .tuned)
      // An exact backend of the same record knows nothing of it.
      let exact = try bench.backend()
      #expect(try bench.choice(exact).reason == .standard)
      let expected = try await exact.compile(bench.graph, constants: bench.constants).makeSession([:])
        .run(bench.request())["y"]?.floats()

      let executable = try await backend.compile(bench.graph, constants: bench.constants)
      let session = try #require(try executable.makeSession([:]) as? DeviceSession)
      let (allocations, builds) = (backend.allocationCount, backend.buildCount)
      for rows in [7, 16, 2] {
        let request = RunRequest(inputs: ["x": try .counting([rows, 64])])
        let (outputs, profile) = try await session.profile(request)
        let got = try #require(try outputs["y"]?.floats())
        #expect(got.count == rows * 80)
        if rows == 7 { #expect(zip(got, try #require(expected)).allSatisfy { abs($0 - $1) < 1e-3 }) }
        #expect(profile.entries.map(\.variant) == ["clblast_sgemm W_TRANSPOSED"])
        #expect(profile.entries.allSatisfy { $0.started > 0 && $0.nanoseconds > 0 })
      }
      #expect(backend.allocationCount == allocations && backend.buildCount == builds)
    }

    @Test(arguments: TestDevices.all)
    func `what the library refuses is a typed error by its own name`(device: Device) async throws {
      let context = try TestDevices.context(for: device)
      let queue = try CommandQueue(context: context)
      let buffers = try (0..<3).map { _ in try Buffer(context: context, byteCount: 64) }
      let matrix = CLBlastProduct.Matrix(offset: 0, leading: 1, batchStride: 0)
      var arguments = CLBlastProduct.Arguments(
        tokens: 1, outputs: 2, inputs: 1, batches: 1, x: matrix, w: matrix, y: matrix)
      func name() -> String? {
        do {
          _ = try CLBlastProduct(call).enqueue(buffers, arguments, on: queue, event: false)
          return nil
        } catch LibraryError.call(let function, _, let name, let context) {
          #expect(function == "CLBlastSgemm" && context.contains("outputs: 2"))
          return name
        } catch {
          return "\(error)"
        }
      }
      #expect(name() == "CLBlastInvalidLeadDimC")
      arguments.y.leading = 2
      arguments.x.offset = 16
      #expect(name() == "CLBlastInsufficientMemoryA")
      arguments.inputs = 0
      #expect(name() == "CLBlastInvalidDimension")
      try queue.finish()
    }

    @Test func `numbers beyond 31 bits are refused`() throws {
      var call = call
      call.parameters = ["tokens", "outputs", "inputs", "batches"]
      for operand in ["x", "w", "y"] {
        call.parameters += ["offset", "leading", "batch_stride"].map { "\(operand)_\($0)" }
      }
      let product = try CLBlastProduct(call)
      var block = Array(1...Int64(call.parameters.count))
      let arguments = try product.arguments(block)
      #expect([arguments.tokens, arguments.outputs, arguments.inputs, arguments.batches] == [1, 2, 3, 4] as [Int])
      #expect([arguments.w.offset, arguments.w.leading, arguments.y.batchStride] == [8, 9, 13] as [Int])
      block[7] = 1 << 31
      #expect(throws: LibraryError.tooLarge(function: "CLBlastSgemm", parameter: "w_offset", value: 1 << 31)) {
        try product.arguments(block)
      }
      #expect(throws: LibraryError.self) { try product.arguments(block.prefix(5)) }
      block[7] = -1
      let error = #expect(throws: LibraryError.self) { try product.arguments(block) }
      #expect("\(try #require(error))" == "CLBlastSgemm: w_offset is -1, not in 0...2147483647")
    }

    @Test func `views that end beyond 31 bits are refused`() throws {
      var call = call
      call.parameters = ["tokens", "outputs", "inputs", "batches"]
      for operand in ["x", "w", "y"] {
        call.parameters += ["offset", "leading", "batch_stride"].map { "\(operand)_\($0)" }
      }
      let product = try CLBlastProduct(call)
      let greatest = Int64(Int32.max)
      // 3 tokens, 2 outputs, 5 inputs; w is [2, 5].
      func end(_ change: (inout [Int64]) -> Void) -> LibraryError? {
        var block: [Int64] = [3, 2, 5, 2, 0, 5, 15, 0, 5, 0, 0, 2, 6]
        change(&block)
        do {
          _ = try product.arguments(block)
          return nil
        } catch {
          return error
        }
      }
      func tooLarge(_ name: String, _ value: Int) -> LibraryError {
        .tooLarge(function: "CLBlastSgemm", parameter: "the end of \(name)", value: value)
      }
      #expect(end { _ in } == nil)
      #expect(end { $0[4] = greatest - 30 } == nil)
      #expect(end { $0[4] = greatest - 29 } == tooLarge("x", 1 << 31))
      #expect(end { $0[8] = greatest - 5 } == nil)
      #expect(end { $0[8] = greatest - 4 } == tooLarge("w", 1 << 31))
      #expect(end { $0[12] = greatest - 6 } == nil)
      #expect(end { $0[12] = greatest - 5 } == tooLarge("y", 1 << 31))
      let all = end { block in for index in block.indices { block[index] = greatest } }
      #expect(all == tooLarge("x", 2 * Int(greatest) * Int(greatest)))
      // Nothing is read of an empty operand.
      #expect(end { ($0[0], $0[5]) = (0, greatest) } == nil)
    }
  #endif
}
