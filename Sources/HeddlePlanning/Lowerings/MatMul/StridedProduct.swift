// Traps: never, a product's operands and result have two axes at least and, as `StridedMatMul.validate` has checked,
// two batch axes at most; a view has a stride for each axis.

/// The operands of a product with their batch axes padded to two.
struct StridedProduct {
  var matmul: MatMul
  var batch: [Dimension]
  var x: TensorView
  var w: TensorView
  var r: TensorView
  var y: TensorView
  var bias: Argument

  var tokens: Dimension { y.type.shape[y.type.rank - 2] }
  var outputs: Dimension { y.type.shape[y.type.rank - 1] }
  var inputs: Dimension { x.type.shape[x.type.rank - 1] }
  /// Extents of b and c.
  var extents: [Dimension] { [Dimension](repeating: 1, count: 2 - batch.count) + batch }
  var wAxes: (k: Int, m: Int) {
    matmul.rightIsTransposed ? (w.type.rank - 1, w.type.rank - 2) : (w.type.rank - 2, w.type.rank - 1)
  }

  init(_ matmul: MatMul, _ problem: Problem, _ encoder: inout Encoder) throws(PlanError) {
    self.matmul = matmul
    batch = Array(problem.result.shape.dropLast(2))
    x = try encoder.floatView(problem.node.operands[0])
    w = try encoder.floatView(problem.node.operands[1])
    y = encoder.destination(problem.result)
    r = y
    bias = try encoder.biasArgument(matmul.epilogue, problem.node, otherwise: y)
    if let index = matmul.epilogue.residualOperand { r = try encoder.view(problem.node.operands[index]) }
  }

  /// Strides along b and c: 0 where the operand is stretched.
  func batchStrides(_ view: TensorView) -> [(String, Dimension)] {
    let lead = Encoder.broadcastStrides(view, axes: view.type.rank - 2, to: batch)
    let padded = [Dimension](repeating: 0, count: 2 - lead.count) + lead
    return [("b", padded[0]), ("c", padded[1])]
  }

  func strides(_ view: TensorView, _ first: (String, Int), _ second: (String, Int)) -> [(String, Dimension)] {
    batchStrides(view) + [(first.0, view.strides[first.1]), (second.0, view.strides[second.1])]
  }

  private func rowStrides(_ view: TensorView) -> [(String, Dimension)] {
    batchStrides(view) + [("stride", view.strides[view.type.rank - 2])]
  }

  func outputStrides(_ view: TensorView) -> [(String, Dimension)] {
    strides(view, ("t", view.type.rank - 2), ("m", view.type.rank - 1))
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
        .read("x", x, strides(x, ("t", x.type.rank - 2), ("k", x.type.rank - 1))),
        .read("w", w, strides(w, ("k", wAxes.k), ("m", wAxes.m))), bias, .read("r", r, outputStrides(r)),
        .write("y", y, outputStrides(y)),
      ],
      [("batch_1", extents[1]), ("tokens", tokens), ("outputs", outputs), ("inputs", inputs)],
      global: global + [extents[0] * extents[1]], local: local + [1])
  }

  /// Packs w once for each of its own batches, then multiplies.
  func encodePacked(_ tile: WideTile, into encoder: inout Encoder) throws(PlanError) {
    let x = x.hasContiguousRows ? x : try encoder.materialize(x)
    let r = r.hasContiguousRows ? r : try encoder.materialize(r)
    let own = Array(w.type.shape.dropLast(2))
    let ownExtents = [Dimension](repeating: 1, count: 2 - own.count) + own
    let groups = outputs.dividedRoundingUp(by: 16)
    let packed = encoder.temporary(TensorType(.float32, own + [groups * inputs, 16]))
    let ownStrides = [Dimension](repeating: 0, count: 2 - own.count) + w.strides.dropLast(2)
    let inputsPerItem = 256
    encoder.launch(
      KernelReference(
        source: .file("MatMul/pack_weights_wide.cl"), entry: "pack_weights_wide",
        defines: ["INPUTS_PER_ITEM": "\(inputsPerItem)"], parameters: []),
      [
        .read(
          "w", w,
          [
            ("b", ownStrides[0]), ("c", ownStrides[1]), ("k", w.strides[wAxes.k]), ("m", w.strides[wAxes.m]),
          ]), .write("packed", packed),
      ],
      [("batch_1", ownExtents[1]), ("outputs", outputs), ("inputs", inputs)],
      global: [inputs.dividedRoundingUp(by: inputsPerItem), groups, ownExtents[0] * ownExtents[1]], local: [1, 1, 1])

    var defines = tile.defines.merging(matmul.epilogue.defines) { $1 }
    defines["BATCHED"] = "1"
    defines["DOT_BFLOAT16"] = "0"
    defines.merge(ValueFormat.float32.weightDefines) { $1 }
    encoder.launch(
      KernelReference(
        source: .file("MatMul/packed_wide.cl"), entry: "matmul_packed_wide", defines: defines, parameters: []),
      [
        .read("x", x, rowStrides(x)), .read("w", packed, batchStrides(packed)), bias, .read("r", r, rowStrides(r)),
        .write("y", y, rowStrides(y)),
      ],
      [
        ("batch_1", extents[1]), ("tokens", tokens), ("outputs", outputs), ("blocks", inputs),
        ("tiles", Dimension(tile.tiles)),
      ],
      global: tile.global(tokens: tokens, outputs: outputs) + [extents[0] * extents[1]], local: [1, 1, 1])
  }
}
