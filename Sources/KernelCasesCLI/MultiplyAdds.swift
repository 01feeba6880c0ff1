import Heddle
import _KernelCases

/// How many multiply-adds a launch of a sparse product may execute: those of kept places, each with each token.
///
///   multiply-adds = T' · Σ_m kept(m)        m over rows, kept(m) the places that row m keeps
///
/// - `matmul_sparse_simt`: T' = T, m over the rows of W. No padding.
/// - The wide kernels compute whole tiles, and past the end the last one's rows or tokens again: T' is T rounded up to the
///   tile's tokens, m counts rows rounded up to the tile's vectors of 16, those past the end as the last vector.
/// - `matmul_sparse_tiled_simt` computes whole tiles too: T' and the rows are rounded up to those of a group of items, rows
///   past the end are the last one again.
/// - Decoding a value of `int4` is one more: for each token of `matmul_sparse_simt`, each tile of the wide kernels and of
///   `matmul_sparse_tiled_simt`, each item (of `tiles` tiles) of `matmul_sparse_chunks_wide`.
struct MultiplyAdds {
  let entry: String
  let format: SparseFormat
  let count: Int

  /// - Parameter launch: one of a plan of `testCase`, whose only operation is a product with a sparse weight.
  /// - Returns: nil for launches that are no sparse product, or one with an activation, which has multiply-adds
  ///   of its own, or a gate.
  init?(_ launch: Launch, of testCase: OpCase, at bindings: Bindings) throws {
    guard let kernel = launch.kernel, kernel.entry.hasPrefix("matmul_sparse"),
      kernel.defines["EPILOGUE_ACTIVATION"] == "0", kernel.defines["EPILOGUE_GATED"] == "0",
      let id = testCase.constants.ids.first
    else { return nil }
    let weight = try testCase.constants.tensor(id)
    guard let format = weight.encoding.sparse else { return nil }
    let values = try Dictionary(
      launch.parameters.map { ($0.name, try $0.value.extent(bindings)) }, uniquingKeysWith: { first, _ in first })
    guard let tokens = values["tokens"], let outputs = values["outputs"], let limit = values["kept"] else { return nil }
    let layout = try SparseLayout(format, shape: weight.shape)
    let isKept = try weight.bytes.withUnsafeBytes { try layout.keptPlaces($0, limit: limit) }
    let kept = (0..<layout.rows).map { row in
      isKept[row * layout.inputs..<(row + 1) * layout.inputs].count { $0 }
    }
    (entry, self.format) = (kernel.entry, format)

    let defines = kernel.defines.compactMapValues(Int.init)
    if entry == "matmul_sparse_tiled_simt", let rows = defines["LOCAL_ROWS"], let columns = defines["LOCAL_TOKENS"] {
      let (tileRows, tileTokens) = (4 * rows, 4 * columns)
      let slots = (outputs + tileRows - 1) / tileRows * tileRows
      let tiles = (tokens + tileTokens - 1) / tileTokens
      let total = (0..<slots).map { kept[min($0, outputs - 1)] }.reduce(0, +)
      count = tiles * (tileTokens + (format.values == .int4 ? 1 : 0)) * total
      return
    }
    let tileTokens = defines["TOKENS_PER_ITEM"] ?? defines["PANEL_VECTORS"].map { 16 * $0 }
    guard let tileTokens, let vectors = defines["ROW_VECTORS"] else {
      count = tokens * kept.reduce(0, +) * (format.values == .int4 ? 2 : 1)
      return
    }
    let groups = (outputs + 15) / 16
    let slots = (groups + vectors - 1) / vectors * vectors
    let rows = (0..<slots).map { slot in 16 * kept[16 * min(slot, groups - 1)] }
    let tiles = (tokens + tileTokens - 1) / tileTokens
    let tilesOfItem = entry == "matmul_sparse_chunks_wide" ? values["tiles"] ?? 1 : 1
    let decodings = format.values == .int4 ? (tiles + tilesOfItem - 1) / tilesOfItem : 0
    count = (tiles * tileTokens + decodings) * rows.reduce(0, +)
  }
}

extension VariantRunner {
  /// Runs small sparse products, and prints for each launch of one, in order, `multiply-adds ENTRY PATTERN COUNT CASE`:
  /// for a count of what was executed.
  mutating func runSparseProducts() async throws {
    for testCase in KernelCases.short where testCase.operation == "matmul" && testCase.cost <= Self.greatestCost {
      let (bindings, expected) = (try testCase.bindings()[0], try await testCase.expected())
      for variant in variants(of: testCase) {
        let launches = try variant.plan.lists.filter { testCase.uses($0) }.flatMap(\.launches)
          .compactMap { try MultiplyAdds($0, of: testCase, at: bindings) }
        guard !launches.isEmpty else { continue }
        try await run(testCase, variant, expected)
        for launch in launches {
          print("multiply-adds \(launch.entry) \(launch.format.pattern.kindName) \(launch.count) \(testCase.name)")
        }
      }
    }
  }
}

extension SparsityPattern {
  fileprivate var kindName: String {
    switch kind {
    case .perRow: "rows"
    case .vectorWise(_, _, let isNested): isNested ? "nested" : "vectors"
    case .block: "blocks"
    }
  }
}
