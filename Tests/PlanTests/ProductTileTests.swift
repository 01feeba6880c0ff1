import HeddlePlanning
import Testing

/// What a product is offered depends on what the target has room for.
@Suite struct ProductTileTests {
  private func candidates(_ weights: Encoding, isGated: Bool, localMemory: Int, items: Int = 256) throws -> [String] {
    let builder = GraphBuilder()
    let inputs = Dimension(64 / weights.blockSize * weights.blockSize)
    let type = TensorType(weights, [isGated ? 128 : 64, inputs])
    let w = try builder.apply(Constant(id: "w", type: type))[0]
    let x = try builder.input("x", .float32, [100, inputs])
    let epilogue = MatMul.Epilogue(activation: isGated ? .silu : nil, isGated: isGated)
    let y = try builder.apply(MatMul(epilogue: epilogue), [x, w])[0]
    let target = TargetProfile(
      preferredShapes: [.simt], maximumWorkGroupSize: items, localMemoryByteCount: localMemory, computeUnits: 4)
    let plan = try Planner(target: target).plan(builder.build(outputs: ["y": y]))
    return plan.lists[0].choices.last?.candidates.map(\.name) ?? []
  }

  /// A tile of n outputs square takes 4 · chunk · (n + 1) bytes for each of its operands, a gated one for its two halves.
  @Test func `tiles that local memory or a work-group has no room for are not offered`() throws {
    let all = ["tiled 64x64", "tiled 32x32", "element 4x16"]
    #expect(try candidates(.float32, isGated: false, localMemory: 8320) == all)
    #expect(try candidates(.float32, isGated: false, localMemory: 8319) == Array(all.dropFirst()))
    #expect(try candidates(.blocks(.q4_1), isGated: true, localMemory: 24_960) == all)
    #expect(try candidates(.blocks(.q4_1), isGated: true, localMemory: 24_959) == Array(all.dropFirst()))
    #expect(try candidates(.blocks(.q4_1), isGated: true, localMemory: 8 << 10) == ["element 4x16"])
    #expect(try candidates(.float32, isGated: false, localMemory: 32 << 10, items: 128) == Array(all.dropFirst()))
  }

  /// A sparse tile has the rows of one pattern, or any where each row has its own and the whole span is staged.
  @Test(arguments: [
    ("2:4-int4", ["64x64", "32x32"], 13_504), ("vw5:7-f32", ["64x32", "32x32"], 5880),
    ("vw64:64-f16", ["64x32", "32x32"], 12_544), ("block16@50-int8", ["64x16", "32x16"], 5248),
    ("block64@50-bf16", ["64x64", "32x64"], 16_640),
  ])
  func `tiles of a sparse product`(format: String, tiles: [String], byteCount: Int) throws {
    let encoding = try #require(Encoding(name: format))
    let all = tiles.map { "sparse tiled \($0)" } + ["sparse element 4x16"]
    #expect(try candidates(encoding, isGated: false, localMemory: byteCount) == all)
    #expect(try candidates(encoding, isGated: false, localMemory: byteCount - 1) == Array(all.dropFirst()))
    #expect(try candidates(encoding, isGated: false, localMemory: 1 << 10) == ["sparse element 4x16"])
  }
}
