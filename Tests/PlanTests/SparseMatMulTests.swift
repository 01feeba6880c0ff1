import HeddlePlanning
import Testing
import _KernelCases

/// What products with sparse weights are offered, refused, and how their weights lie on a device.
@Suite struct SparseMatMulTests {
  private static let target = TargetProfile(
    preferredShapes: [.wide, .simt], maximumWorkGroupSize: 256, localMemoryByteCount: 32 << 10, computeUnits: 2)

  private static func graph(
    _ name: String, tokens: Int, outputs: Int, inputs: Int, epilogue: MatMul.Epilogue = .none
  ) throws -> Graph {
    let builder = GraphBuilder()
    let rows = Dimension(epilogue.isGated ? 2 * outputs : outputs)
    let type = TensorType(.sparse(try #require(SparseFormat(name: name))), [rows, Dimension(inputs)])
    let w = try builder.apply(Constant(id: "w", type: type))[0]
    let x = try builder.input("x", .float32, [Dimension(tokens), Dimension(inputs)])
    return try builder.build(outputs: ["y": builder.apply(MatMul(epilogue: epilogue), [x, w])[0]])
  }

  private static func names(
    _ name: String, tokens: Int, shape: KernelShape = .wide, on target: TargetProfile = target
  ) throws -> [String] {
    var options = PlanOptions()
    options.shape = shape
    let plan = try Planner(target: target).plan(
      graph(name, tokens: tokens, outputs: 1024, inputs: 192), options: options)
    return plan.lists[0].choices[0].candidates.map { String($0.name.dropFirst("sparse ".count)) }
  }

  /// A tile of tokens by outputs; `chunks` decode weights for several, lanes of `tokens` are tokens.
  @Test(
    arguments: [
      ("2:4-f32", 1, ["1x64", "1x32"]), ("2:4-f32", 2, ["2x64", "2x32"]), ("8:16-int4", 3, ["4x64", "4x32"]),
      ("2:4-f32", 4, ["4x64", "4x32"]), ("2:4-f32", 8, ["tokens 16x64", "8x32"]),
      ("1:8-bf16", 16, ["tokens 16x64", "8x32"]), ("2:4-f32", 32, ["tokens 32x64", "tokens 16x64"]),
      ("2:4-f32", 64, ["tokens 64x64", "tokens 32x64"]), ("4:8-int8", 512, ["tokens 128x64", "tokens 64x64"]),
      ("vw16:32-f32", 1, ["1x64", "1x32"]), ("vw16:32-int4", 1, ["1x32", "1x64"]),
      ("nvw16:32-int8", 2, ["2x64", "2x32"]), ("vw11:32-f32", 4, ["4x32"]),
      ("vw16:32-f32", 8, ["8x32", "4x32"]),
      ("vw16:32-f32", 48, ["6x16", "4x16", "chunks 6x16", "chunks 4x16"]),
      ("nvw16:32-int4", 48, ["chunks 6x16", "chunks 4x16", "6x16", "4x16"]),
      ("block16@50-f32", 1, ["1x16"]), ("block32@50-f32", 1, ["1x32"]), ("block48@50-f32", 1, ["1x48"]),
      ("block64@50-f32", 1, ["1x64"]), ("block32@50-f32", 2, ["2x32"]), ("block48@50-f32", 4, ["4x48"]),
      ("block16@50-f32", 8, ["8x16", "4x16"]),
      ("block64@50-int8", 48, ["chunks 6x16", "chunks 4x16", "6x16", "4x16"]),
    ] as [(String, Int, [String])])
  func `candidates follow the tokens and the rows that share a pattern`(
    name: String, tokens: Int, expected: [String]
  ) throws {
    #expect(try Self.names(name, tokens: tokens) == expected)
    for target in [Self.target, .floor] {
      let items = try Self.names(name, tokens: tokens, shape: .simt, on: target)
      #expect(items.contains("element 4x16"))
      #expect((items.first == "element 4x16") == (tokens <= 16), "\(items)")
    }
  }

  /// More registers have room for more sums.
  @Test(
    arguments: [
      ("vw16:32-f32", ["6x32", "8x32", "chunks 8x32", "chunks 6x32"]),
      ("nvw16:32-int4", ["chunks 8x32", "chunks 6x32", "6x32", "8x32"]),
      ("block16@50-f32", ["12x16", "8x16", "chunks 12x16", "chunks 8x16"]),
      ("block48@50-f16", ["chunks 8x48", "chunks 6x48", "8x48", "6x48"]),
      ("block64@50-int8", ["chunks 6x64", "chunks 4x64", "6x64", "4x64"]),
    ] as [(String, [String])])
  func `candidates of a target with many registers`(name: String, expected: [String]) throws {
    var target = Self.target
    target.features = [TargetProfile.lanePermute]
    #expect(try Self.names(name, tokens: 48, on: target) == expected)
  }

  /// Where picking is one instruction, lanes are rows for longer.
  @Test(
    arguments: [
      (1, ["1x64", "1x32"]), (8, ["8x32", "4x64", "tokens 16x64"]), (32, ["8x32", "4x64", "tokens 32x64"]),
      (64, ["8x32", "tokens 64x64", "tokens 128x64"]), (512, ["tokens 128x64", "tokens 64x64", "8x32"]),
    ] as [(Int, [String])])
  func `candidates of a target that permutes lanes`(tokens: Int, expected: [String]) throws {
    var target = Self.target
    target.features = [TargetProfile.lanePermute]
    #expect(try Self.names("2:4-int4", tokens: tokens, on: target) == expected)
  }

  /// Vectors of an item that cross from one group of rows into the next would read the wrong pattern.
  @Test(arguments: [
    "vw16:32-f32", "nvw3:8-int4", "block16@50-f32", "block32@50-int8", "block48@50-f16", "block64@50-int4",
  ])
  func `an item's vectors keep to a group of rows`(name: String) throws {
    let pattern = try #require(SparseFormat(name: name)).pattern
    let shared = pattern.rowsPerGroup / 16
    var seen: Set<String> = []
    for computeUnits in [1, 2, 64] {
      var target = Self.target
      target.computeUnits = computeUnits
      for tokens in [1, 2, 3, 5, 8, 9, 13, 48, 200] {
        for outputs in [1, 16, 33, 48, 80, 96, 192, 1000] {
          let graph = try Self.graph(name, tokens: tokens, outputs: outputs, inputs: 4 * pattern.span)
          for variant in try Planner(target: target).variants(of: graph) {
            for kernel in variant.plan.lists.flatMap(\.kernels) where kernel.shape == .wide {
              let vectors = try #require(kernel.defines["ROW_VECTORS"].flatMap { Int($0) })
              // One token of a vector-wise weight takes whole groups, each with its own pattern.
              let isMany = kernel.entry == "matmul_sparse_wide" && shared == 2 && vectors % shared == 0
              #expect(shared % vectors == 0 || isMany, "\(kernel.variantName)")
              seen.insert(kernel.entry)
            }
          }
        }
      }
    }
    #expect(seen == ["matmul_sparse_wide", "matmul_sparse_chunks_wide"])
  }

  @Test func `lanes are permuted by an instruction where the target has it`() throws {
    var target = Self.target
    for (isThere, expected) in [(false, "0"), (true, "1")] {
      if isThere { target.features.insert(TargetProfile.lanePermute) }
      let plan = try Planner(target: target).plan(Self.graph("2:4-f32", tokens: 1, outputs: 64, inputs: 64))
      #expect(plan.lists[0].kernels[0].defines["LANE_PERMUTE"] == expected)
      let shared = try Planner(target: target).plan(Self.graph("vw2:4-f32", tokens: 1, outputs: 64, inputs: 64))
      #expect(shared.lists[0].kernels[0].defines["LANE_PERMUTE"] == nil)
    }
  }

  /// What `make test` runs of the sparse cases must reach each kernel with each kind of pattern and each value format; in
  /// which pairs of them, the campaign says.
  @Test func `the short form reaches every kernel, pattern and value format`() throws {
    var reached: [String: Set<String>] = [:]
    for testCase in KernelCases.short where testCase.operation == "matmul" {
      let variants = try Planner(target: Self.target).variants(
        of: testCase.graph, at: testCase.bindings(), everyCandidate: testCase.triesEveryTile)
      for kernel in variants.flatMap(\.plan.lists).flatMap(\.kernels) where kernel.entry.contains("_sparse_") {
        let isShared = kernel.defines["PATTERN_ROWS"] == nil
        let names = kernel.defines.keys.filter { $0.hasPrefix("PATTERN_") } + [kernel.defines["WEIGHT"] ?? ""]
        reached["\(kernel.entry) \(isShared ? "shared" : "rows")", default: []].formUnion(names)
        if kernel.defines["NESTED"] == "1" { reached["\(kernel.entry) shared", default: []].insert("NESTED") }
      }
    }
    let values = Set(ValueFormats.ofPatterns.map(\.name))
    let (rows, shared) = (
      values.union(["PATTERN_ROWS"]), values.union(["PATTERN_VECTORS", "PATTERN_BLOCKS", "NESTED"])
    )
    #expect(
      reached == [
        "matmul_sparse_simt rows": rows, "matmul_sparse_simt shared": shared, "matmul_sparse_wide rows": rows,
        "matmul_sparse_wide shared": shared, "matmul_sparse_chunks_wide shared": shared,
        "matmul_sparse_tokens_wide rows": rows, "matmul_sparse_tiled_simt rows": rows,
        "matmul_sparse_tiled_simt shared": shared,
      ])
  }

  // Refusals

  private func refusal(_ graph: Graph) throws -> String {
    "\(try #require(throws: PlanError.self) { try Planner(target: Self.target).plan(graph) })"
  }

  @Test func `halves of a gated product that are not whole groups`() throws {
    let gated = MatMul.Epilogue(activation: .silu, isGated: true)
    func graph(_ name: String, _ outputs: Int) throws -> Graph {
      try Self.graph(name, tokens: 2, outputs: outputs, inputs: 64, epilogue: gated)
    }
    for (name, outputs, group) in [
      ("2:4-f32", 8, 16), ("2:4-f32", 24, 16), ("vw16:32-f32", 16, 32), ("nvw16:32-int8", 48, 32),
      ("block16@50-f32", 24, 16), ("block64@50-f32", 96, 64),
    ] {
      let message = try refusal(graph(name, outputs))
      #expect(message.contains("matmul(f32[2, 64], \(name)[\(2 * outputs), 64]) is not supported: "))
      #expect(message.hasSuffix("must be a multiple of \(group), got f32[2, \(outputs)]"), "\(message)")
    }
    for (name, outputs) in [("2:4-f32", 16), ("vw16:32-f32", 32), ("block16@50-f32", 48), ("block64@50-f32", 64)] {
      #expect(throws: Never.self) { try Planner(target: Self.target).plan(graph(name, outputs)) }
    }
  }

  @Test func `a weight that is no constant, or of spans cut short`() throws {
    let builder = GraphBuilder()
    let format = try #require(SparseFormat(name: "2:4-f32"))
    let type = TensorType(.sparse(format), [8, 64])
    let (x, w) = (try builder.input("x", .float32, [2, 64]), try builder.input("w", type.encoding, type.shape))
    let narrow = try builder.apply(
      Constant(id: "n", type: TensorType(.sparse(format), [8, 33])))[0]
    func message(_ value: Value) throws -> String { try refusal(builder.build(outputs: ["y": value])) }
    #expect(try message(builder.matmul(x, w)).contains("matmul(f32[2, 64], 2:4-f32[8, 64]) is not supported"))
    let thin = try builder.input("thin", .float32, [2, 33])
    #expect(
      try message(builder.matmul(thin, narrow)).hasSuffix(
        "K must be a multiple of 32, got 2:4-f32[8, 33]"))
  }

  /// Activations in bfloat16 go with weights in bfloat16 only; inference says so first.
  @Test func `activations in bfloat16`() throws {
    let builder = GraphBuilder()
    let type = TensorType(.sparse(try #require(SparseFormat(name: "2:4-bf16"))), [8, 64])
    let w = try builder.apply(Constant(id: "c", type: type))[0]
    let x = try builder.input("x", .bfloat16, [2, 64])
    let error = try #require(throws: GraphError.self) { try builder.matmul(x, w) }
    #expect("\(error)".contains("bf16 like x"))
    let support = Planner(target: Self.target).support(MatMul(), operands: [x.type, w.type])
    #expect(!support.isSupported)
  }

  // Packing

  @Test(
    arguments: [
      // Rows of 36 units of 2 bytes, 16 of them; nothing shared.
      ("2:4-f16", 2, 64, 2, 36, 1152, 1152, 1152),
      // 80 rows of 2 · 5 units; 3 · 2 · 16 indices.
      ("vw16:32-int4", 70, 64, 70, 10, 1600, 1728, 1728),
      // 48 rows of 2 · 2 units; 12 indices; 48 scales.
      ("vw3:8-int8", 40, 16, 40, 4, 384, 448, 640),
      // 3 of 12 blocks of 32 rows of 16 units; 4 starts and 3 columns; 96 scales.
      ("block32@75-int8", 96, 128, 96, 16, 3072, 3136, 3520),
      // Both blocks of 64; 2 starts, 2 columns.
      ("block64@0-f32", 50, 128, 128, 64, 32768, 32832, 32832),
      ("block16@100-f16", 16, 32, 0, 16, 0, 64, 64), ("nvw1:4-f32", 0, 8, 0, 2, 0, 0, 0),
    ] as [(String, Int, Int, Int, Int, Int, Int, Int)])
  func `a packed weight's sections`(
    name: String, rows: Int, inputs: Int, unitRows: Int, rowUnits: Int, indices: Int, scales: Int, bytes: Int
  ) throws {
    let packing = try SparsePacking(#require(SparseFormat(name: name)), rows: rows, inputs: inputs)
    #expect(packing.unitRows == unitRows && packing.rowUnits == rowUnits)
    #expect(packing.indicesOffset == indices && packing.scalesOffset == scales && packing.byteCount == bytes)
  }

  @Test func `sizes that do not fit are errors`() throws {
    for (name, rows, inputs) in [
      ("2:4-f32", 1 << 62, 32), ("vw1:64-int8", 1 << 55, 64), ("block16@0-f32", 1 << 40, 512),
    ] {
      let format = try #require(SparseFormat(name: name))
      #expect(throws: TypeError.sizeOverflow([rows, inputs])) { try SparsePacking(format, rows: rows, inputs: inputs) }
    }
  }
}
