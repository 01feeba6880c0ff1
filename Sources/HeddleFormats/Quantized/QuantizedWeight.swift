import HeddleText
import HeddleTypes

/// A weight that another tool quantized, value for value in blocks that Heddle's kernels read.
///
/// ```swift
/// let checkpoint = try SafetensorsCheckpoint(path: "Qwen2.5-7B-Instruct-AWQ")
/// let weight = try checkpoint.quantizedWeight("model.layers.0.mlp.up_proj", .awq(groupSize: 128))
/// ```
///
/// A block of 32, 64 or 128 neighbouring inputs of a row has its scale before it; so one that many rows or columns share is
/// stored again and again: 2 bytes for 128 values of 4 bits add 3 %, 4 bytes for 128 of 8 bits as well.
///
/// - GPTQ, AWQ and int8 become `int4_g64` or the like, `q4_0` and `q8_0` for groups of 32, where all zero-points are the middle
///   and all scales are float16 numbers; else `uint4_g64` or the like, which has a zero-point and a float32 scale: it takes
///   bfloat16 and float32 scales too, for 2 bytes a block more than float16 would need.
/// - Floats of eight bits become `fp8_e4m3_g128`, `fp8_e4m3_g32` or `fp8_e5m2_g32`, NF4 becomes `nf4`.
public struct QuantizedWeight: Hashable, Sendable {
  /// `[M, K]`.
  public let tensor: Tensor
  /// For each column of the tensor the input that it belongs to, where columns had to be sorted: groups of GPTQ's "act order" are
  /// of inputs from anywhere. An activation is gathered in this order before the product. Nil if column k is input k.
  public let inputOrder: [Int]?

  /// Reads the tensors of a layer.
  init(_ layer: String, _ scheme: QuantizationScheme, in source: any TensorSource) throws(QuantizedWeightError) {
    let tensors = LayerTensors(source: source, layer: layer)
    do {
      self =
        switch scheme {
        case .gptq(let bits, let groupSize, let version):
          try GPTQWeight.read(tensors, bits: bits, groupSize: groupSize, version)
        case .awq(let groupSize): try AWQWeight.read(tensors, groupSize: groupSize)
        case .fp8(let block): try FP8Weight.read(tensors, block: block)
        case .int8: try Int8Weight.read(tensors)
        case .packed(let bits): try PackedWeight.read(tensors, bits: bits)
        case .nf4: try NF4Weight.read(tensors)
        }
    } catch { throw QuantizedWeightError(path: source.path, layer: layer, defect: error) }
  }

  /// Bytes that were written for the shape.
  init(
    _ encoding: Encoding, rows: Int, columns: Int, bytes: [UInt8], inputOrder: [Int]? = nil
  ) throws(QuantizedWeightDefect) {
    do { tensor = try Tensor(encoding: encoding, shape: [rows, columns], bytes: bytes) } catch {
      throw .notStorable(error)
    }
    self.inputOrder = inputOrder
  }
}

extension SafetensorsCheckpoint {
  /// The weight of a layer that another tool quantized.
  ///
  /// - Parameter layer: what its tensors are called before `.qweight`, `.weight` and the like.
  /// - Throws: ``QuantizedWeightError``.
  public func quantizedWeight(
    _ layer: String, _ scheme: QuantizationScheme
  ) throws(QuantizedWeightError) -> QuantizedWeight {
    try QuantizedWeight(layer, scheme, in: self)
  }
}

extension SafetensorsFile {
  /// The weight of a layer that another tool quantized.
  ///
  /// - Parameter layer: what its tensors are called before `.qweight`, `.weight` and the like.
  /// - Throws: ``QuantizedWeightError``.
  public func quantizedWeight(
    _ layer: String, _ scheme: QuantizationScheme
  ) throws(QuantizedWeightError) -> QuantizedWeight {
    try QuantizedWeight(layer, scheme, in: self)
  }
}
