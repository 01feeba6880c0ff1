/// The operands of a product with their batch axes padded to two.
struct StridedProduct {
  var matmul: MatMul
  var batch: [Dimension]
  var x: TensorView
  var w: TensorView
  var r: TensorView
  var y: TensorView
  var bias: Argument

  var tokens: Dimension { y.type.extent(-2) }
  var outputs: Dimension { y.type.extent(-1) }
  var inputs: Dimension { x.type.extent(-1) }
  /// Extents of b and c.
  var extents: BatchAxes { BatchAxes(batch, otherwise: 1) }
  /// The axes k and m of w, from the last.
  var wAxes: (k: Int, m: Int) { matmul.rightIsTransposed ? (-1, -2) : (-2, -1) }

  init(_ problem: Problem<MatMul>, _ encoder: inout Encoder) throws(PlanError) {
    matmul = problem.operation
    batch = Array(problem.result.shape.dropLast(2))
    x = try encoder.floatView(problem["x"])
    w = try encoder.floatView(problem["w"])
    y = encoder.destination(problem.result)
    r = y
    bias = try encoder.biasArgument(problem, otherwise: y)
    if matmul.epilogue.residual { r = try encoder.view(problem["residual"]) }
  }

  /// Strides along b and c: 0 where the operand is stretched.
  func batchStrides(_ view: TensorView) -> [(String, Dimension)] {
    BatchAxes(Encoder.broadcastStrides(view, axes: view.type.rank &- 2, to: batch), otherwise: 0).strides
  }

  func strides(_ view: TensorView, _ first: (String, Int), _ second: (String, Int)) -> [(String, Dimension)] {
    batchStrides(view) + [(first.0, view.stride(first.1)), (second.0, view.stride(second.1))]
  }

  private func rowStrides(_ view: TensorView) -> [(String, Dimension)] {
    batchStrides(view) + [("stride", view.stride(-2))]
  }

  func outputStrides(_ view: TensorView) -> [(String, Dimension)] {
    strides(view, ("t", -2), ("m", -1))
  }

  /// One launch that reads every operand at its strides.
  func encode(
    _ file: String, _ entry: String, _ defines: [String: String], global: [Dimension], local: [Int],
    into encoder: inout Encoder
  ) {
    encoder.launch(
      KernelReference(
        source: .file(file), entry: entry, defines: defines.merging(matmul.epilogue.defines) { $1 }, parameters: []),
      [
        .read("x", x, strides(x, ("t", -2), ("k", -1))),
        .read("w", w, strides(w, ("k", wAxes.k), ("m", wAxes.m))), bias, .read("r", r, outputStrides(r)),
        .write("y", y, outputStrides(y)),
      ],
      [("batch_1", extents.c), ("tokens", tokens), ("outputs", outputs), ("inputs", inputs)],
      global: global + [extents.count], local: local + [1])
  }

  /// Packs w once for each of its own batches, then multiplies.
  func encodePacked(_ tile: WideTile, into encoder: inout Encoder) throws(PlanError) {
    let x = x.hasContiguousRows ? x : try encoder.materialize(x)
    let r = r.hasContiguousRows ? r : try encoder.materialize(r)
    let own = Array(w.type.shape.dropLast(2))
    let ownExtents = BatchAxes(own, otherwise: 1)
    let groups = outputs.dividedRoundingUp(by: 16)
    let packed = encoder.temporary(TensorType(.float32, own + [groups * inputs, 16]))
    let ownStrides = BatchAxes(Array(w.strides.dropLast(2)), otherwise: 0).strides
    let inputsPerItem = 256
    encoder.launch(
      KernelReference(
        source: .file("MatMul/pack_weights_wide.cl"), entry: "pack_weights_wide",
        defines: ["INPUTS_PER_ITEM": "\(inputsPerItem)"], parameters: []),
      [
        .read(
          "w", w,
          ownStrides + [("k", w.stride(wAxes.k)), ("m", w.stride(wAxes.m))]), .write("packed", packed),
      ],
      [("batch_1", ownExtents.c), ("outputs", outputs), ("inputs", inputs)],
      global: [inputs.dividedRoundingUp(by: inputsPerItem), groups, ownExtents.count], local: [1, 1, 1])

    var defines = tile.defines.merging(matmul.epilogue.defines) { $1 }
    defines["BATCHED"] = "1"
    defines["DOT_BFLOAT16"] = "0"
    defines["INPUT_LEVELS"] = "0"
    defines.merge(ValueFormat.float32.weightDefines) { $1 }
    encoder.launch(
      KernelReference(
        source: .file("MatMul/direct_wide.cl"), entry: "matmul_packed_wide", defines: defines, parameters: []),
      [
        .read("x", x, rowStrides(x)), .read("w", packed, batchStrides(packed)), bias, .read("r", r, rowStrides(r)),
        .write("y", y, rowStrides(y)),
      ],
      [
        ("batch_1", extents.c), ("tokens", tokens), ("outputs", outputs), ("blocks", inputs),
        ("tiles", Dimension(tile.tiles)),
      ],
      global: tile.global(tokens: tokens, outputs: outputs) + [extents.count], local: [1, 1, 1])
  }
}

/// What a product's kernels walk beside tokens, outputs and inputs: two batch axes, one extent or stride for each.
struct BatchAxes {
  var b: Dimension
  var c: Dimension

  /// The last two; `otherwise` stands for those that are not there.
  init(_ axes: [Dimension], otherwise: Dimension) {
    b = axes.dropLast().last ?? otherwise
    c = axes.last ?? otherwise
  }

  var count: Dimension { b * c }
  var strides: [(String, Dimension)] { [("b", b), ("c", c)] }
}
