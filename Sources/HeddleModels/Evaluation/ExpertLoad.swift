import HeddleText

/// How often tokens chose each expert, by layer.
public struct ExpertLoad: Hashable, Sendable {
  /// One layer's counts.
  public struct Layer: Hashable, Sendable {
    /// From 0, those without experts counted too.
    public var layer: Int
    /// How often each expert was chosen.
    public var counts: [Int]

    public init(layer: Int, counts: [Int]) {
      self.layer = layer
      self.counts = counts
    }

    /// The share of experts whose load is above half of the mean.
    public var usedShare: Double {
      guard !counts.isEmpty else { return 0 }
      let total = counts.reduce(0, &+)
      let used = counts.filter { 2 &* $0 &* counts.count > total }
      return Double(used.count) / Double(counts.count)
    }

    /// The greatest load over the mean: how much longer than evenly shared work the busiest expert's takes. 0 without tokens.
    public var greatestOverMean: Double {
      let total = counts.reduce(0, &+)
      return total == 0 ? 0 : Double(counts.max() ?? 0) * Double(counts.count) / Double(total)
    }
  }

  /// In order.
  public var layers: [Layer]

  public init(layers: [Layer] = []) { self.layers = layers }

  /// The mean over layers of ``Layer/usedShare``; 0 without layers.
  public var usedShare: Double { mean(\.usedShare) }

  /// The mean over layers of ``Layer/greatestOverMean``; 0 without layers.
  public var greatestOverMean: Double { mean(\.greatestOverMean) }

  private func mean(_ value: (Layer) -> Double) -> Double {
    layers.isEmpty ? 0 : layers.reduce(0) { $0 + value($1) } / Double(layers.count)
  }

  /// Adds counts of a layer.
  mutating func add(_ counts: [Int32], layer: Int) {
    guard let place = layers.firstIndex(where: { $0.layer == layer }) else {
      layers.append(Layer(layer: layer, counts: counts.map { Int($0) }))
      return layers.sort { $0.layer < $1.layer }
    }
    layers.update(at: place) { own in
      own.counts = zip(own.counts, counts).map { $0 &+ Int($1) }
    }
  }

  /// A line for each layer: share of experts in use, greatest over mean, and each expert's share of the load in percent.
  public func table() -> String {
    guard !layers.isEmpty else { return "no layer has experts\n" }
    let lines = layers.map { layer in
      let total = Double(max(1, layer.counts.reduce(0, &+)))
      let shares = layer.counts.map { (100 * Double($0) / total).text(decimals: 1, width: 5) }.joined()
      let used = (100 * layer.usedShare).text(decimals: 0, width: 3)
      let greatest = layer.greatestOverMean.text(decimals: 2, width: 6)
      return "\("\(layer.layer)".padded(to: 5)) \(used) % \(greatest)  \(shares)\n"
    }
    return "layer in use  most  each expert's share of the load, %\n" + lines.joined()
  }
}
