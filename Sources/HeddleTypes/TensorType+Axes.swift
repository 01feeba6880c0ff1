import HeddleText

extension TensorType {
  /// The extent of an axis, counted from the first, or from the last if it is negative. An axis that is not there has
  /// extent 1, as where shapes are broadcast.
  public func extent(_ axis: Int) -> Dimension {
    let index = axis < 0 ? axis &+ shape.count : axis
    return shape[at: index] ?? 1
  }

  /// The same type with another extent of an axis that is there.
  public func replacing(_ axis: Int, _ extent: Dimension) -> TensorType {
    TensorType(encoding, shape.enumerated().map { $0.offset == axis ? extent : $0.element })
  }
}
