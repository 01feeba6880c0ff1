/// `mergeAttention`: `Kernels/Attention/merge_attention.cl`.
enum MergeAttentionLowering: Lowering {
  typealias Operation = MergeAttention
  typealias Candidate = Void

  static func encode(
    _ candidate: Void, _ problem: Problem<MergeAttention>, into encoder: inout Encoder
  ) throws(PlanError) -> [TensorView] {
    let type = problem.result
    func rows(_ name: String, _ view: TensorView) -> Argument {
      .read(name, view, [("t", view.stride(0)), ("h", view.stride(1))])
    }
    let reads = [
      rows("first", try encoder.rows(problem["first"])),
      .read("first_sums", try encoder.contiguous(problem["firstLogSumExp"])),
      rows("second", try encoder.rows(problem["second"])),
      .read("second_sums", try encoder.contiguous(problem["secondLogSumExp"])),
    ]
    let y = encoder.destination(type)
    let sums = encoder.destination(TensorType(.float32, Array(type.shape.dropLast())), result: 1)
    let localSize = problem.target.workGroupSize(64)
    encoder.launch(
      KernelReference(
        source: .file("Attention/merge_attention.cl"), entry: "merge_attention_simt",
        defines: ["LOCAL_SIZE": "\(localSize)"],
        parameters: []),
      reads + [
        .write("y", y, [("t", y.stride(0)), ("h", y.stride(1))]),
        .write("l", sums, [("t", sums.stride(0)), ("h", sums.stride(1))]),
      ], [("dimension", type.extent(2))], global: [Dimension(localSize), type.extent(1), type.extent(0)],
      local: [localSize, 1, 1], itemsAreIndependent: true)
    return [y, sums]
  }
}
