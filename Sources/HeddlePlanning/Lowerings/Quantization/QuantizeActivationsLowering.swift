/// `quantize_activations`: `Kernels/Quantization/quantize_activations.cl`; and back, `dequantize_activations.cl`.
enum QuantizeActivationsLowering: Lowering {
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<QuantizeActivations>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let x = try encoder.tokenRows(problem["x"])
    let y = encoder.destination(problem.result)
    let blocks = x.type.extent(1).dividedRoundingUp(by: 32)
    launch(
      "quantize_activations", [.read("x", x, [("stride", x.stride(0))]), .write("y", y)],
      [("tokens", x.type.extent(0)), ("blocks", blocks)], count: x.type.extent(0) * blocks, into: &encoder)
    return [y]
  }

  /// Writes the values of levels, row-major, as float32.
  static func decode(_ x: TensorView, to y: TensorView, into encoder: inout Encoder) {
    let blocks = x.type.elementCount.dividedRoundingUp(by: 32)
    launch(
      "dequantize_activations", [.read("x", x), .write("y", y)], [("blocks", blocks)], count: blocks, into: &encoder)
  }

  private static func launch(
    _ name: String, _ arguments: [Argument], _ parameters: [(String, Dimension)], count: Dimension,
    into encoder: inout Encoder
  ) {
    // Few, so that the blocks of one token are spread over a CPU's cores too.
    let size = 16
    encoder.launch(
      KernelReference(
        source: .file("Quantization/\(name).cl"), entry: "\(name)_simt", defines: ["LOCAL_SIZE": "\(size)"],
        parameters: []),
      arguments, parameters, global: [count.roundedUp(toMultipleOf: size)], local: [size], itemsAreIndependent: true)
  }
}
