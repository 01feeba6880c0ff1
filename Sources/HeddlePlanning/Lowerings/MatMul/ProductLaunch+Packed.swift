extension ProductLaunch {
  /// Nil for a library's call, which is no kernel.
  init?(_ candidate: PackedMatMul.Candidate, tokens: Dimension, outputs: Dimension) {
    switch candidate {
    case .library: return nil
    case .direct(let tile, let dot):
      self.init("packed_wide", "matmul_packed_wide", tile, dot, ["BATCHED": "0"], tokens, outputs)
    case .chunks(let tile, let dot):
      let defines = ["CHUNK": dot ? "256" : "128", "MAXIMUM_TILES": "\(WideTile.maximumTiles)"]
      self.init("packed_chunks_wide", "matmul_packed_chunks_wide", tile, dot, defines, tokens, outputs)
    case .simt(let tile):
      let (file, entry) =
        tile.isTiled ? ("tiled_simt", "matmul_packed_tiled_simt") : ("packed_simt", "matmul_packed_simt")
      let defines = tile.defines.merging(tile.isTiled ? ["STRIDED": "0"] : [:]) { $1 }
      self.init(
        kernel: ProductLaunch.kernel(file, entry, defines), global: tile.global(tokens: tokens, outputs: outputs),
        local: tile.local)
    }
  }

  private init(
    _ file: String, _ entry: String, _ tile: WideTile, _ dot: Bool, _ defines: [String: String], _ tokens: Dimension,
    _ outputs: Dimension
  ) {
    let all = tile.defines.merging(defines) { $1 }.merging(["DOT_BFLOAT16": dot ? "1" : "0"]) { $1 }
    self.init(
      kernel: ProductLaunch.kernel(file, entry, all), parameters: [("tiles", Dimension(tile.tiles))],
      global: tile.global(tokens: tokens, outputs: outputs), local: [1, 1])
  }

  private static func kernel(_ file: String, _ entry: String, _ defines: [String: String]) -> KernelReference {
    KernelReference(source: .file("MatMul/\(file).cl"), entry: entry, defines: defines, parameters: [])
  }
}
