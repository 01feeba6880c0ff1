import HeddleText
import HeddleTypes

/// Tensors by name: of one safetensors file, or of several with an index.
protocol TensorSource {
  var path: String { get }
  func contains(_ name: String) -> Bool
  func info(_ name: String) throws(SafetensorsError) -> SafetensorsTensor
  func provider(for name: String) throws(SafetensorsError) -> any ConstantProvider
}

extension SafetensorsFile: TensorSource {}
extension SafetensorsCheckpoint: TensorSource {}

/// The tensors that a layer's weight is made of.
struct LayerTensors {
  let source: any TensorSource
  let layer: String

  func contains(_ part: String) -> Bool { source.contains("\(layer).\(part)") }

  /// The tensor `<layer>.<part>`, of one of these dtypes.
  func tensor(_ part: String, _ dtypes: [SafetensorsDtype]) throws(QuantizedWeightDefect) -> StoredTensor {
    let name = "\(layer).\(part)"
    let stored: StoredTensor
    do { stored = try StoredTensor(info: source.info(name), provider: source.provider(for: name)) } catch {
      throw .missingTensor(name)
    }
    guard dtypes.contains(stored.info.dtype) else {
      throw .wrongDtype(tensor: name, expected: dtypes, got: stored.info.dtype)
    }
    return stored
  }

  /// The tensor, if it is there.
  func optional(_ part: String, _ dtypes: [SafetensorsDtype]) throws(QuantizedWeightDefect) -> StoredTensor? {
    contains(part) ? try tensor(part, dtypes) : nil
  }

  /// The first of these parts that is there; an error names the last.
  func tensor(oneOf parts: [String], _ dtypes: [SafetensorsDtype]) throws(QuantizedWeightDefect) -> StoredTensor {
    try tensor(parts.first { contains($0) } ?? parts.last ?? "", dtypes)
  }
}

/// A tensor of a layer, and who has its bytes.
struct StoredTensor {
  let info: SafetensorsTensor
  let provider: any ConstantProvider

  func requireShape(_ shapes: [Int]...) throws(QuantizedWeightDefect) {
    guard shapes.contains(info.shape) else {
      throw .wrongShape(tensor: info.name, expected: shapes, got: info.shape)
    }
  }

  /// The extents of a matrix with at least one value.
  func matrix() throws(QuantizedWeightDefect) -> (rows: Int, columns: Int) {
    guard info.shape.count == 2, let rows = info.shape.first, let columns = info.shape.last, rows > 0, columns > 0
    else { throw .notAMatrix(tensor: info.name, shape: info.shape) }
    return (rows, columns)
  }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { provider.withBytes(body) }

  /// The values of dtype F32, F16, BF16 or F8_E8M0, which are scales or what they are made of.
  func scales() throws(QuantizedWeightDefect) -> [Float] {
    let size = info.dtype.bitCount / 8
    let values = withBytes { bytes in
      (0..<max(0, bytes.count.divided(by: size))).map { ScaleBits.value(bytes, at: $0 &* size, info.dtype) }
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(tensor: info.name, index: index) }
    return values
  }
}
