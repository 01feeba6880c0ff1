import HeddleText
import HeddleTypes

/// An order of a feed-forward block's hidden channels that keeps more under a vector-wise pattern. Gate and up take their
/// rows in it and down its columns (``FeedForwardWeights/selecting(_:)``), so it costs nothing at run time.
public struct ChannelOrder: Hashable, Sendable {
  /// Place → channel.
  public let channels: [Int]
  /// What the pattern keeps of the tensors together in the order they came in.
  public let before: KeptMagnitude
  /// In this order; never less.
  public let after: KeptMagnitude

  public var isIdentity: Bool { channels == Array(channels.indices) }

  /// Groups channels whose rows of gate and up would keep the same places. If that is to the cost of down, whose
  /// neighbours are channels, so that all three together would keep less, the order stays as it is.
  ///
  /// - Parameter pattern: what gate and up are pruned to, and down if its rows are whole spans.
  /// - Throws: ``PruningError/notVectorWise(_:)``, ``TypeError/rowNotInBlocks(_:_:)`` if D is not a multiple of the span.
  public init(of weights: FeedForwardWeights, for pattern: SparsityPattern) throws {
    guard case .vectorWise(let kept, let size, _) = pattern.kind else { throw PruningError.notVectorWise(pattern) }
    let (channels, width) = (weights.channelCount, weights.width)
    guard width.isMultiple(of: size) else {
      throw TypeError.rowNotInBlocks(.sparse(try SparseFormat(pattern, .float32)), width)
    }
    let (gate, up) = (try weights.gate.floats(), try weights.up.floats())
    var rows: [Float] = []
    for channel in 0..<max(0, channels) {
      rows += gate.part(from: channel &* width, to: (channel &+ 1) &* width)
      rows += up.part(from: channel &* width, to: (channel &+ 1) &* width)
    }
    let both = MagnitudeMatrix(rows: channels, width: 2 &* width, values: rows)
    let isDownPruned = channels.isMultiple(of: size)
    func magnitude(_ order: [Int]) throws -> KeptMagnitude {
      let total = both.values.reduce(0.0) { $0 + Double($1) }
      let own = KeptMagnitude(kept: both.kept(kept, of: size, order: order), total: total)
      guard isDownPruned else { return own }
      let down = MagnitudeMatrix(
        rows: width, width: channels, values: try weights.selecting(order).down.floats())
      return own
        + KeptMagnitude(
          kept: down.kept(kept, of: size, order: Array(0..<max(0, width))),
          total: down.values.reduce(0.0) { $0 + Double($1) })
    }
    let identity = Array(0..<max(0, channels))
    let found = RowGrouping(both, kept: kept, of: size).order()
    let (before, after) = (try magnitude(identity), try magnitude(found))
    self.before = before
    // Sums in another order differ in their last bits: what gains no more than that is not worth a change.
    let isBetter = after.kept > before.kept
    self.channels = isBetter ? found : identity
    self.after = isBetter ? after : before
  }
}
