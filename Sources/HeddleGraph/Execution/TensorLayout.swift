/// Where the elements of an input, an output or a state lie in memory that a caller binds to it:
/// element `[i, j, …]` at `offset + i · strides[0] + j · strides[1] + …`, counted in elements.
///
/// Without one a tensor is row-major from the start of its buffer. A stride of 0 repeats an axis of an input; of an
/// output and a state no two elements may meet.
public struct TensorLayout: Hashable, Codable, Sendable {
  public var offset: Int
  public var strides: [Int]

  public init(offset: Int = 0, strides: [Int]) {
    self.offset = offset
    self.strides = strides
  }

  /// Elements from the start of the memory to behind the last one used; 0 for a tensor without elements.
  ///
  /// - Throws: ``TypeError/sizeOverflow(_:)``.
  public func elementCount(shape: [Int]) throws(TypeError) -> Int {
    if shape.contains(0) { return 0 }
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      let (reach, tooFar) = (extent &- 1).multipliedReportingOverflow(by: stride)
      let (sum, overflow) = last.addingReportingOverflow(reach)
      guard !tooFar, !overflow else { throw .sizeOverflow(shape) }
      last = sum
    }
    guard last >= 0, last < .max else { throw .sizeOverflow(shape) }
    return last + 1
  }

  /// What is wrong with the layout for a tensor of this type; nil if nothing is.
  ///
  /// - Parameters:
  ///   - shape: the greatest extents; nil if they are not known yet.
  ///   - isWritten: of an output or a state, whose elements must not meet.
  package func fault(for type: TensorType, shape: [Int]?, isWritten: Bool) -> String? {
    guard type.encoding.isScalar else { return "values in \(type.encoding) have no strides" }
    guard strides.count == type.rank else { return "\(type) needs \(type.rank) strides, got \(strides)" }
    guard offset >= 0, strides.allSatisfy({ $0 >= 0 }) else {
      return "offset and strides must not be negative, got \(offset) and \(strides)"
    }
    guard let shape else { return nil }
    guard shape.count == type.rank, shape.allSatisfy({ $0 >= 0 }) else { return "\(shape) are no extents of \(type)" }
    guard let count = try? elementCount(shape: shape), count < .max / 16 else {
      return "offset \(offset) and strides \(strides) reach too far for \(type)"
    }
    guard isWritten else { return nil }
    // Sorted by stride, each axis must step over all that lies within it: sufficient, and true of every slice and
    // transposition of a row-major tensor.
    if shape.contains(0) { return nil }
    var reach = 0
    for (stride, extent) in zip(strides, shape).filter({ $0.1 > 1 }).sorted(by: { $0.0 < $1.0 }) {
      guard stride > reach else { return "elements of \(type) meet with strides \(strides)" }
      reach &+= (extent &- 1) &* stride
    }
    return nil
  }
}

extension TensorLayout {
  /// What is wrong with the layout for an input, output or state of this graph, at its greatest extents.
  package func fault(for type: TensorType, in graph: Graph, isWritten: Bool) -> String? {
    let greatest = type.shape.map { (try? $0.bounds(graph.ranges).upperBound) ?? .max }
    return fault(for: type, shape: greatest, isWritten: isWritten)
  }
}

extension TensorLayout {
  /// Row-major from the start.
  package static func rowMajor(_ shape: [Int]) -> TensorLayout {
    var stride = 1
    let strides = shape.reversed().map { extent in
      // A tensor without elements has no strides that matter.
      defer { stride &*= max(1, extent) }
      return stride
    }
    return TensorLayout(strides: strides.reversed())
  }

  /// Whether the elements of this shape lie as in a row-major tensor from the start.
  package func isRowMajor(_ shape: [Int]) -> Bool {
    shape.contains(0)
      || offset == 0
        && zip(zip(strides, TensorLayout.rowMajor(shape).strides), shape).allSatisfy { $0.0 == $0.1 || $1 <= 1 }
  }
}
