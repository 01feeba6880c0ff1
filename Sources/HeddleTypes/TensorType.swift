/// Encoding and symbolic shape of a value in a graph.
public struct TensorType: Hashable, Codable, Sendable {
  public var encoding: Encoding
  /// Row-major: the last axis is contiguous.
  public var shape: [Dimension]

  public init(_ encoding: Encoding, _ shape: [Dimension]) {
    self.encoding = encoding
    self.shape = shape
  }

  public var rank: Int { shape.count }

  /// The product of all extents; 1 for rank 0.
  public var elementCount: Dimension { shape.reduce(1, *) }

  /// The shape under these bindings.
  public func concreteShape(_ bindings: Bindings) throws(TypeError) -> [Int] {
    var extents: [Int] = []
    for dimension in shape { extents.append(try dimension.extent(bindings)) }
    return extents
  }
}

extension TensorType: CustomStringConvertible {
  public var description: String { "\(encoding)[\(shape.map(\.description).joined(separator: ", "))]" }
}
