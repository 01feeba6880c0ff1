import HeddleText
import HeddleTypes

/// The weights of a gated feed-forward block, `down · (act(gate · x) ⊙ (up · x))`, in float32.
///
/// | tensor | shape |
/// |---|---|
/// | gate, up | [F, D] |
/// | down | [D, F] |
/// | biases of gate and up, optional | [F] |
///
/// D width, F hidden channels, neither 0. Channel `f` is row f of gate and up, their biases, and column f of down.
public struct FeedForwardWeights: Hashable, Sendable {
  public let gate: Tensor
  public let up: Tensor
  public let down: Tensor
  public let gateBias: Tensor?
  public let upBias: Tensor?
  /// D.
  public let width: Int
  /// F.
  public let channelCount: Int

  /// - Throws: ``PruningError/shape(_:expected:got:)``, ``TypeError/wrongEncoding(expected:got:)``.
  public init(gate: Tensor, up: Tensor, down: Tensor, gateBias: Tensor? = nil, upBias: Tensor? = nil) throws {
    let (channels, width) = (max(gate.shape.first ?? 1, 1), max(gate.shape.last ?? 1, 1))
    for (name, tensor, shape) in [
      ("gate", gate, [channels, width]), ("up", up, [channels, width]), ("down", down, [width, channels]),
      ("gate bias", gateBias, [channels]), ("up bias", upBias, [channels]),
    ] as [(String, Tensor?, [Int])] {
      guard let tensor else { continue }
      guard tensor.shape == shape else { throw PruningError.shape(name, expected: shape, got: tensor.shape) }
      guard tensor.encoding == .float32 else { throw TypeError.wrongEncoding(expected: .float32, got: tensor.encoding) }
    }
    (self.gate, self.up, self.down, self.gateBias, self.upBias) = (gate, up, down, gateBias, upBias)
    (self.width, channelCount) = (width, channels)
  }

  /// The block with these channels alone, in this order. All of them in another order compute the same, up to the order
  /// of down's sums.
  ///
  /// - Throws: ``PruningError/channel(_:count:)``, ``PruningError/noChannels``.
  public func selecting(_ channels: [Int]) throws -> FeedForwardWeights {
    for channel in channels where !(0..<max(0, channelCount)).contains(channel) {
      throw PruningError.channel(channel, count: channelCount)
    }
    guard !channels.isEmpty else { throw PruningError.noChannels }
    func rows(_ tensor: Tensor) throws -> Tensor {
      try tensor.gathered(channels, runs: 1, of: channelCount, shape: [channels.count] + tensor.shape.dropFirst())
    }
    return try FeedForwardWeights(
      gate: rows(gate), up: rows(up),
      down: down.gathered(channels, runs: width, of: channelCount, shape: [width, channels.count]),
      gateBias: gateBias.map(rows), upBias: upBias.map(rows))
  }

  /// `√(Σ gate² + Σ up² + Σ down²)` of each channel, in float64; biases do not count.
  public func channelMagnitudes() throws -> [Double] {
    var squares = [Double](filled: 0, count: channelCount)  // Traps: never (clamped-count).
    for matrix in [try gate.floats(), try up.floats()] {
      for (place, value) in matrix.enumerated() {
        squares.update(at: place.divided(by: width)) { $0 += Double(value) * Double(value) }
      }
    }
    for (place, value) in try down.floats().enumerated() {
      squares.update(at: place % max(1, channelCount)) { $0 += Double(value) * Double(value) }
    }
    return squares.map { $0.squareRoot() }
  }

  /// The channels of greatest magnitude, ascending: all but `⌊ratio · F⌋`, then rounded up to a multiple that suits
  /// patterns and tiles, one at least. Of equals the first is kept; NaN counts as 0.
  ///
  /// - Throws: ``PruningError/ratio(_:)``.
  public func greatestChannels(leavingOut ratio: Double, multipleOf multiple: Int = 1) throws -> [Int] {
    guard (0...1).contains(ratio) else { throw PruningError.ratio(ratio) }
    let kept = Self.keptChannelCount(of: channelCount, leavingOut: ratio, multipleOf: multiple)
    let magnitudes = try channelMagnitudes().map { $0.isNaN ? 0 : $0 }
    let order = magnitudes.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }.map(\.offset)
    return order.part(from: 0, to: kept).sorted()
  }

  /// How many channels ``greatestChannels(leavingOut:multipleOf:)`` keeps, for a ratio in 0...1.
  static func keptChannelCount(of count: Int, leavingOut ratio: Double, multipleOf multiple: Int) -> Int {
    let least = count &- (Int(exactly: (ratio * Double(count)).rounded(.down)) ?? 0)
    let unit = min(max(multiple, 1), max(count, 1))
    return min(max(least.dividedRoundingUp(by: unit), 1) &* unit, count)
  }
}

extension Tensor {
  /// Of `runs` runs of `count` items each, the items at `places`. An item is as many bytes as that makes.
  func gathered(_ places: [Int], runs: Int, of count: Int, shape: [Int]) throws -> Tensor {
    let size = bytes.count.divided(by: runs &* count)
    var result: [UInt8] = []
    for run in 0..<max(0, runs) {
      for place in places {
        let start = (run &* count &+ place) &* size
        result += bytes.part(from: start, to: start &+ size)
      }
    }
    return try Tensor(encoding: encoding, shape: shape, bytes: result)
  }
}
