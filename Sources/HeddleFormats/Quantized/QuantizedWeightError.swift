import HeddleText
import HeddleTypes

/// Why no weight could be made of the tensors of a layer that another tool quantized.
public struct QuantizedWeightError: Error, Hashable, Sendable {
  public let defect: QuantizedWeightDefect
  public let path: String
  public let layer: String

  public init(path: String, layer: String, defect: QuantizedWeightDefect) {
    self.path = path
    self.layer = layer
    self.defect = defect
  }
}

extension QuantizedWeightError: CustomStringConvertible {
  public var description: String {
    Printable.text("\(path): the quantized weight of \(quoted(layer)): \(defect)")
  }
}

extension QuantizedWeightError: HeddleError {
  public var kind: ErrorKind { defect.kind }
}
