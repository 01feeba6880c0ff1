/// The hidden channels of a decoder's feed-forward blocks, found in what its graph asks for.
extension DecoderModel {
  /// The matrices of a layer's feed-forward block; nil if it is none with gate, up and down.
  func feedForwardMatrices(of layer: Int) -> (gate: String, up: String, down: String)? {
    let matrices = requests.filter { $0.layer == layer && $0.isMatrix && $0.channelAxis != nil }
    let rows = matrices.filter { $0.channelAxis == 0 }
    guard let gate = rows.first, let up = rows.last, rows.count == 2,
      let down = matrices.first(where: { $0.channelAxis == 1 }), matrices.count == 3
    else { return nil }
    return (gate.name, up.name, down.name)
  }

  /// How many hidden channels every feed-forward block has.
  ///
  /// - Throws: ``PruningError/channelCounts(_:)`` if they are not the same everywhere.
  func hiddenChannelCount() throws(PruningError) -> Int {
    let counts = Set(
      requests.compactMap { request in
        request.channelAxis.flatMap { request.shape.indices.contains($0) ? request.shape[$0] : nil }
      })
    guard let count = counts.first, counts.count == 1 else { throw .channelCounts(counts.sorted()) }
    return count
  }
}
