/// `custom`: one launch of the kernel that the backend has registered under the operation's name.
enum CustomLowering: Lowering {
  typealias Candidate = Void

  static func validate(_ problem: Problem<Custom>) throws(LoweringError) {
    _ = try kernel(of: problem).launch(problem)
  }

  private static func kernel(of problem: Problem<Custom>) throws(LoweringError) -> CustomKernel {
    guard let kernel = problem.customKernels[problem.operation.name] else {
      throw LoweringError("no kernel is registered under '\(problem.operation.name)'")
    }
    return kernel
  }

  static func encode(
    _ candidate: Void, _ problem: Problem<Custom>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let (kernel, launch): (CustomKernel, CustomKernel.Launch)
    do {
      kernel = try Self.kernel(of: problem)
      launch = try kernel.launch(problem)
    } catch { throw encoder.refusal(error.reason, problem.types) }
    var arguments: [Argument] = []
    for (index, operand) in problem.operands.enumerated() {
      arguments.append(.read("operand_\(index)", try encoder.contiguous(operand)))
    }
    var results: [TensorView] = []
    for (index, type) in problem.results.enumerated() {
      let result = encoder.destination(type, result: index)
      results.append(result)
      arguments.append(.write("result_\(index)", result))
    }
    let reference = KernelReference(
      source: .text(name: problem.operation.name, kernel.source), entry: kernel.entry, defines: launch.defines,
      parameters: [])
    encoder.launch(reference, arguments, launch.parameters, global: launch.global, local: launch.local)
    return results
  }
}
