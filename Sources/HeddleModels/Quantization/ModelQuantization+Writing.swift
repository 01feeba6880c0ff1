import HeddleFormats
import HeddleGraph
import HeddleText
import HeddleTypes

extension ModelQuantization {
  /// Quantizes tensor after tensor on a backend into a file that was opened before, and commits it. Its path says which form it
  /// has: ``format(at:)``.
  ///
  /// - Parameter progress: called before each tensor.
  /// - Throws: ``QuantizationError/notFinite(tensor:index:)`` before anything is written, what ``format(at:)`` and
  ///   ``ModelConversion`` throw, and the backend; `CancellationError`. There is no new file then.
  public func write(
    to output: OutputFile, on backend: any Backend, progress: (ModelConversion.Progress) -> Void = { _ in }
  ) async throws -> QuantizationReport {
    let format = try format(at: output.path)
    try requireFinite()
    var conversion = ModelConversion(of: file)
    let quantizer = Quantizer(backend: backend)
    for step in steps {
      guard let encoding = step.encoding else { continue }
      let source = try file.encoding(of: step.name)
      let weights = step.isWeighted ? try importance?.rows(of: try file.info(step.name)) : nil
      try conversion.replace(step.name, with: encoding) { stored in
        try await quantizer.quantize(
          stored, of: source, shape: step.shape, to: encoding, importance: weights, name: step.name)
      }
    }
    if let fileType = preset.fileType {
      conversion.set("general.file_type", .uint32(fileType))
      conversion.set("general.quantization_version", .uint32(Self.version))
    } else {
      conversion.remove("general.file_type")
    }
    try await conversion.write(to: output, as: format, progress: progress)
    return QuantizationReport(self)
  }

  /// Of the layouts of blocks: ggml's `GGML_QNT_VERSION`.
  private static let version: UInt32 = 2

  private func requireFinite() throws {
    for step in steps where step.encoding != nil {
      try Task.checkCancellation()
      guard let encoding = try file.info(step.name).encoding else {
        throw QuantizationError.notReadable(tensor: step.name, type: step.before)
      }
      let found = try file.provider(for: step.name).withBytes { bytes in
        Result { () throws(TypeError) in try encoding.firstNotFinite(bytes, shape: step.shape) }
      }
      if let place = try found.get() {
        throw QuantizationError.notFinite(
          tensor: step.name, index: Encoding.coordinates(of: place, in: step.shape))
      }
    }
  }
}

/// What quantizing a model gave.
public struct QuantizationReport: Hashable, Sendable {
  /// Every tensor, in the file's order.
  public let steps: [ModelQuantization.Step]

  init(_ quantization: ModelQuantization) { steps = quantization.steps }

  public var byteCountBefore: Int { steps.reduce(0) { $0 &+ $1.byteCountBefore } }
  public var byteCountAfter: Int { steps.reduce(0) { $0 &+ $1.byteCountAfter } }
  public var valueCount: Int { steps.reduce(0) { $0 &+ $1.shape.reduce(1, &*) } }

  /// Of all tensors' values.
  public var bitsPerWeight: Double { valueCount > 0 ? 8 * Double(byteCountAfter) / Double(valueCount) : 0 }

  /// What there is of a type after all.
  public struct TypeTotal: Hashable, Sendable {
    public let type: String
    public let tensorCount: Int
    public let byteCount: Int
  }

  /// By type, the most bytes first.
  public var types: [TypeTotal] {
    Dictionary(grouping: steps, by: \.after).map { type, steps in
      TypeTotal(type: type, tensorCount: steps.count, byteCount: steps.reduce(0) { $0 &+ $1.byteCountAfter })
    }.sorted { ($1.byteCount, $0.type) < ($0.byteCount, $1.type) }
  }
}
