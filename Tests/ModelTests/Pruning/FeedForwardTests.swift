import Heddle
import Testing

@Suite struct FeedForwardTests {
  private static func block(_ channels: Int, _ width: Int, _ value: (Int, Int, Int) -> Float) throws
    -> FeedForwardWeights
  {
    func matrix(_ which: Int, _ rows: Int, _ columns: Int) throws -> Tensor {
      try Tensor((0..<rows * columns).map { value(which, $0 / columns, $0 % columns) }, shape: [rows, columns])
    }
    return try FeedForwardWeights(
      gate: matrix(0, channels, width), up: matrix(1, channels, width), down: matrix(2, width, channels),
      gateBias: Tensor((0..<channels).map { Float($0) / 16 }, shape: [channels]))
  }

  private static func noise(_ random: inout some RandomNumberGenerator) -> Float { .random(in: -1...1, using: &random) }

  /// What the block computes.
  private func run(_ weights: FeedForwardWeights, _ x: Tensor) async throws -> [Float] {
    let store = ConstantStore()
    let builder = GraphBuilder()
    func constant(_ name: ConstantID, _ tensor: Tensor) throws -> Value {
      try store.add(name, tensor)
      return try builder.constant(name, in: store)
    }
    let input = try builder.input("x", .float32, x.shape.map { Dimension($0) })
    let bias = try #require(weights.gateBias)
    let gate = try builder.matmul(input, constant("gate", weights.gate), bias: constant("bias", bias))
    let up = try builder.matmul(input, constant("up", weights.up))
    let y = try builder.matmul(builder.multiply(builder.unary(.silu, gate), up), constant("down", weights.down))
    let executable = try await ReferenceBackend().compile(builder.build(outputs: ["y": y]), constants: store)
    return try #require(try await executable.makeSession([:]).run(RunRequest(inputs: ["x": x]))["y"]).floats()
  }

  @Test func `the channels of least magnitude go`() async throws {
    // Channel f has gate f, up 0 but at one place, down 1: channel 2 is 0, channel 5 has a great up.
    let block = try Self.block(6, 2) { which, row, column in
      switch which {
      case 0: row == 2 ? 0 : Float(row)
      case 1: row == 1 && column == 1 ? 12 : 0
      default: column == 2 ? 0 : 1
      }
    }
    let expected = [2.0, 148, 0, 20, 34, 52].map { $0.squareRoot() }
    #expect(try block.channelMagnitudes() == expected)
    #expect(try block.greatestChannels(leavingOut: 0.5) == [1, 4, 5])
    #expect(try block.greatestChannels(leavingOut: 0.5, multipleOf: 4) == [1, 3, 4, 5])
    #expect(try block.greatestChannels(leavingOut: 1) == [1])
    #expect(try block.greatestChannels(leavingOut: 0, multipleOf: 4).count == 6)
    let pruned = try block.selecting([1, 3, 4, 5])
    #expect(try pruned.gate.floats() == [1, 1, 3, 3, 4, 4, 5, 5])
    #expect(try pruned.up.floats() == [0, 12, 0, 0, 0, 0, 0, 0])
    #expect(try pruned.down.floats() == [Float](repeating: 1, count: 8))
    #expect(try pruned.gateBias?.floats() == [1.0 / 16, 3.0 / 16, 0.25, 5.0 / 16])
    // A channel without weights adds nothing.
    let x = try Tensor([1 as Float, -0.5], shape: [1, 2])
    #expect(try await run(block, x) == run(block.selecting([0, 1, 3, 4, 5]), x))
  }

  @Test func `wrong blocks and wishes are errors`() throws {
    let block = try Self.block(4, 2) { _, _, _ in 1 }
    #expect(throws: PruningError.channel(4, count: 4)) { try block.selecting([0, 4]) }
    #expect(throws: PruningError.noChannels) { try block.selecting([]) }
    for ratio in [-0.1, 1.1, .nan] {
      #expect(throws: PruningError.self) { try block.greatestChannels(leavingOut: ratio) }
    }
    #expect(throws: PruningError.shape("down", expected: [2, 4], got: [4, 2])) {
      try FeedForwardWeights(gate: block.gate, up: block.up, down: block.up)
    }
    let empty = try Tensor([] as [Float], shape: [0, 2])
    #expect(throws: PruningError.self) { try FeedForwardWeights(gate: empty, up: empty, down: empty) }
    let vectorWise = try SparsityPattern(.vectorWise(kept: 1, of: 3, isNested: false))
    #expect(throws: TypeError.self) { try ChannelOrder(of: block, for: vectorWise) }
    let perRow = try SparsityPattern(.perRow(kept: 2, of: 4))
    #expect(throws: PruningError.notVectorWise(perRow)) { try ChannelOrder(of: block, for: perRow) }
  }

  /// Channels of five kinds, each with great weights at places of its own, in a random order: grouped again, they keep
  /// nearly all that the kinds keep alone.
  @Test(arguments: [160, 150]) func `hidden groups of channels are found`(channels: Int) async throws {
    var random = SplitMix64(seed: 3)
    let kinds = (0..<channels).map { $0 / 32 }.shuffled(using: &random)
    // 8 of each 32 places a kind: which ones depends on the kind, the matrix and the span.
    let great = (0..<5 * 2 * 2).map { _ in Set(Array(0..<32).shuffled(using: &random).prefix(8)) }
    var noise = random
    let block = try Self.block(channels, 64) { which, row, column in
      guard which < 2 else { return Self.noise(&noise) / 16 }
      let isGreat = great[(kinds[row] * 2 + which) * 2 + column / 32].contains(column % 32)
      return isGreat ? 1 + Self.noise(&noise) / 4 : Self.noise(&noise) / 16
    }
    let order = try ChannelOrder(of: block, for: SparsityPattern(.vectorWise(kept: 8, of: 32, isNested: false)))
    #expect(order.channels.sorted() == Array(0..<channels))
    #expect(order.before.share < 0.55, "\(order.before.share)")
    #expect(order.after.share > 0.85, "\(order.after.share)")
    for start in stride(from: 0, to: channels, by: 32) {
      let group = Set(order.channels[start..<min(start + 32, channels)].map { kinds[$0] })
      #expect(group.count == 1, "\(group)")
    }
    #expect(try ChannelOrder(of: block, for: SparsityPattern(.vectorWise(kept: 8, of: 32, isNested: false))) == order)
    // The block computes the same, but for the order of its sums.
    let x = try Tensor((0..<64).map { Float($0 % 7) / 8 - 0.4 }, shape: [1, 64])
    let (whole, ordered) = (try await run(block, x), try await run(block.selecting(order.channels), x))
    for (y, z) in zip(whole, ordered) { #expect(abs(y - z) <= 1e-4 * max(1, abs(y))) }
    // What it reports is what pruning keeps.
    let pruner = Pruner(backend: ReferenceBackend())
    let format = try #require(SparseFormat(name: "vw8:32-f32"))
    let weights = try block.selecting(order.channels)
    var kept = KeptMagnitude(kept: 0, total: 0)
    for tensor in [weights.gate, weights.up] + (channels % 32 == 0 ? [weights.down] : []) {
      kept = kept + (try await pruner.prune(tensor, as: format).magnitude)
    }
    #expect(abs(kept.kept - order.after.kept) < 1e-5 * kept.kept)
    #expect(abs(kept.total - order.after.total) < 1e-9 * kept.total)
  }

  @Test(arguments: 0..<4) func `an order never keeps less`(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let block = try Self.block(96 + seed * 13, 40) { _, _, _ in Self.noise(&random) }
    for (kept, size) in [(4, 8), (1, 5), (20, 40)] {
      let order = try ChannelOrder(of: block, for: SparsityPattern(.vectorWise(kept: kept, of: size, isNested: true)))
      #expect(order.after.kept >= order.before.kept)
      #expect(order.channels.sorted() == Array(0..<96 + seed * 13))
    }
  }

  @Test func `an order that down would pay for is not taken`() throws {
    var random = SplitMix64(seed: 5)
    // Gate and up have little to gain; down's great columns stand so that each span keeps its own.
    let block = try Self.block(128, 32) { which, _, column in
      which < 2 ? Self.noise(&random) / 64 : column % 32 < 8 ? 10 : 0.01
    }
    let order = try ChannelOrder(of: block, for: SparsityPattern(.vectorWise(kept: 8, of: 32, isNested: false)))
    #expect(order.isIdentity)
    #expect(order.before == order.after)
    // Numbers that are not finite end in an order, too.
    let wild = try Self.block(64, 32) { _, row, column in row == 3 ? .infinity : column == 5 ? .nan : 1 }
    _ = try ChannelOrder(of: wild, for: SparsityPattern(.vectorWise(kept: 8, of: 32, isNested: false)))
  }
}
