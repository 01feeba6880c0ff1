import Heddle
import TestSupport
import Testing

@Suite struct CustomKernelTests {
  /// `y = x² · FACTOR + bias`, element by element.
  private static let square = CustomKernel(
    source: """
      __kernel void square(__global const float *x, __global float *y, UNIFORMS) {
        const long i = get_global_id(0);
        if (i >= P_count) return;
        const float value = x[P_operand_0_offset + i];
        y[P_result_0_offset + i] = value * value * FACTOR + (float)P_bias;
      }
      """, entry: "square"
  ) { custom, operands, _ in
    let count = operands[0].elementCount
    guard case .integer(let bias)? = custom.attributes["bias"] else { throw Missing(name: "bias") }
    return .init(
      defines: ["FACTOR": "3"], parameters: [("count", count), ("bias", Dimension(bias))],
      global: [count.roundedUp(toMultipleOf: 32)], local: [32])
  }

  struct Missing: Error, CustomStringConvertible {
    var name: String
    var description: String { "the attribute '\(name)' is missing" }
  }

  private func graph(_ attributes: [String: Custom.Attribute]) throws -> Graph {
    let builder = GraphBuilder()
    let n = try builder.symbol("n", in: 0...9)
    let x = try builder.input("x", .float32, [n, 6])
    // Operands that are views, and a result that is used as one.
    let part = try builder.transpose(builder.slice(x, axis: 1, start: 2, count: 3), [1, 0])
    let custom = Custom(name: "square", attributes: attributes, rule: .sameAs(operand: 0))
    let y = try builder.custom(custom, [part])[0]
    let turned = try builder.transpose(y, [1, 0])
    return try builder.build(outputs: ["y": y, "z": builder.add(turned, turned)])
  }

  @Test(arguments: TestDevices.all)
  func `a custom kernel runs on views, with a define and a parameter`(device: Device) async throws {
    let backend = try backend(device, kernels: ["square": Self.square])
    let graph = try graph(["bias": .integer(7)])
    let session = try await backend.compile(graph, constants: ConstantStore()).makeSession([:])
    for rows in [4, 0, 9] {
      let x = try Tensor.counting([rows, 6])
      let outputs = try await session.run(RunRequest(inputs: ["x": x]))
      let values = try x.floats()
      func square(_ row: Int, _ column: Int) -> Float {
        let value = values[row * 6 + column + 2]
        return value * value * 3 + 7
      }
      let y: [Float] = (0..<3).flatMap { column in (0..<rows).map { row in square(row, column) } }
      let z: [Float] = (0..<rows).flatMap { row in (0..<3).map { column in 2 * square(row, column) } }
      #expect(try outputs["y"]?.floats() == y)
      #expect(try outputs["z"]?.floats() == z)
    }
  }

  @Test(arguments: TestDevices.all)
  func `a plan that throws refuses the graph with its reason`(device: Device) async throws {
    let backend = try backend(device, kernels: ["square": Self.square])
    let error = await #expect(throws: PlanError.self) {
      try await backend.compile(graph([:]), constants: ConstantStore())
    }
    #expect(error?.description.contains("the attribute 'bias' is missing") == true)
    #expect(error?.description.contains("CustomKernelTests.swift:") == true)
    let custom = Custom(name: "square", rule: .sameAs(operand: 0))
    #expect(
      backend.supports(custom, operands: [TensorType(.float32, [3])])
        == .unsupported("the attribute 'bias' is missing"))
  }

  @Test(arguments: TestDevices.all)
  func `a kernel that does not build says its numbered source and the log`(device: Device) async throws {
    var broken = Self.square
    broken.source = "\n\n__kernel void square(__global float *x) { x[0] = undeclared_thing; }\n"
    let backend = try backend(device, kernels: ["square": broken])
    let error = await #expect(throws: OpenCLError.self) {
      try await backend.compile(graph(["bias": .integer(7)]), constants: ConstantStore())
    }
    guard case .build(let failure)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(failure.description.contains("    3 | __kernel void square"))
    #expect(failure.log.contains("undeclared_thing"))
    #expect(failure.options.contains("-DFACTOR=3"))
    #expect(backend.deviceByteCount == 0)
  }

  @Test(arguments: TestDevices.all)
  func `an entry that is not there, arguments that do not fit`(device: Device) async throws {
    var nameless = Self.square
    nameless.entry = "cube"
    var short = Self.square
    short.source = "__kernel void square(__global float *x) { x[0] = 1.0f; }"
    for (kernel, part) in [(nameless, "has no kernel 'cube'"), (short, "kernel 'square'")] {
      let backend = try backend(device, kernels: ["square": kernel])
      let graph = try graph(["bias": .integer(7)])
      let error = await #expect(throws: OpenCLError.self) {
        let session = try await backend.compile(graph, constants: ConstantStore()).makeSession([:])
        _ = try await session.run(RunRequest(inputs: ["x": .counting([2, 6])]))
      }
      #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    }
  }
}
