extension ProductLaunch {
  /// Nil for a library's call, which is no kernel.
  init?(_ candidate: PackedMatMul.Candidate, tokens: Dimension, outputs: Dimension) {
    switch candidate {
    case .library: return nil
    case .direct(let tile, let input): self.init(tile, "packed", input: input, tokens: tokens, outputs: outputs)
    case .chunks(let tile, let input):
      self.init(
        tile, "packed", chunk: input == .bfloat16Pairs ? 256 : 128, input: input, tokens: tokens, outputs: outputs)
    case .levels(let tile):
      self.init(tile, file: "levels_simt", entry: "matmul_levels_simt", defines: [:], tokens: tokens, outputs: outputs)
    case .simt(let tile):
      self.init(
        tile, file: tile.isTiled ? "tiled_simt" : "packed_simt",
        entry: tile.isTiled ? "matmul_packed_tiled_simt" : "matmul_packed_simt",
        defines: tile.isTiled ? ["STRIDED": "0"] : [:], tokens: tokens, outputs: outputs)
    }
  }
}
