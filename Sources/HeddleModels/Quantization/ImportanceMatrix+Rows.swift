import HeddleFormats
import HeddleText

extension ImportanceMatrix {
  /// The importance of a tensor's columns, of each of its matrices if they differ; nil if nothing is known of it.
  ///
  /// - Throws: ``QuantizationError/importanceCount(tensor:expected:got:)``.
  func rows(of info: ModelTensor) throws(QuantizationError) -> [[Float]]? {
    guard let values = values(of: info.name) else { return nil }
    let width = info.shape.last ?? 1
    let matrices = info.shape.dropLast(2).reduce(1, &*)
    if values.count == width { return [values] }
    guard width > 0, values.count == width &* matrices else {
      throw .importanceCount(tensor: info.name, expected: width &* matrices, got: values.count)
    }
    return (0..<max(0, matrices)).map { Array(values.part(from: $0 &* width, to: ($0 &+ 1) &* width)) }
  }
}
