import HeddleText

extension Graph {
  /// Refuses a shape that no run can give a value of this type, while the symbol and its range can still be named: later
  /// there are only bytes to compare.
  ///
  /// - Parameters:
  ///   - place: what is to have the shape, for the message.
  ///   - fixed: symbols that can have no other value any more.
  /// - Throws: ``ExecutionError/boundMemory(_:expected:got:)`` if the rank is another,
  ///   ``ExecutionError/extent(_:value:allowed:place:expected:shape:)`` if an extent is.
  public func checkExtents(
    _ shape: [Int], of place: String, _ type: TensorType, fixed: Bindings = [:]
  ) throws(ExecutionError) {
    guard shape.count == type.rank else {
      throw .boundMemory(place, expected: "\(type)", got: "\(TensorSummary(type.encoding, shape))")
    }
    let ranges = ranges.merging(fixed.mapValues { $0...$0 }) { $1 }
    for (axis, (dimension, extent)) in zip(type.shape, shape).enumerated() {
      guard let bounds = try? dimension.bounds(ranges) else { continue }
      // No extent is negative, whatever the symbols are.
      let allowed = ClosedRange(between: max(0, bounds.lowerBound), max(0, bounds.upperBound))
      if allowed.contains(extent) { continue }
      let name = dimension.constant == nil ? "\(dimension)" : "axis \(axis)"
      throw .extent(name, value: extent, allowed: allowed, place: place, expected: type, shape: shape)
    }
  }
}

extension ExecutionError {
  /// Whether the memory's own shape is at fault, and no value of a symbol could cure it: an extent is negative, or it stands
  /// on an axis that has one extent in every run.
  package var isWrongShape: Bool {
    guard case .extent(let name, let value, _, _, _, _) = self else { return false }
    // No expression of symbols is called so.
    return value < 0 || name.hasPrefix("axis ")
  }
}
