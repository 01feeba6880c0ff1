import Foundation
import Heddle
import HeddleText

/// What `quantize --json` prints, and its table.
struct QuantizeReport: Encodable, Sendable {
  struct Tensor: Encodable {
    var name: String
    var shape: [Int]
    var before: String
    var after: String
    var byteCountBefore: Int
    var byteCountAfter: Int
    /// Quantized with importance.
    var isWeighted: Bool
    /// Why it has another type than the others, or stays.
    var reason: String?
  }

  struct TypeTotal: Encodable {
    var type: String
    var tensors: Int
    var byteCount: Int
  }

  var preset: String
  var device: String
  var tensors: [Tensor]
  var types: [TypeTotal]
  var byteCountBefore: Int
  var byteCountAfter: Int
  var bitsPerWeight: Double
  /// Tensors that were quantized without importance, though there is a matrix of it.
  var withoutImportance: [String]?

  init(_ quantization: ModelQuantization, _ report: QuantizationReport, device: String) {
    preset = quantization.preset.name
    self.device = device
    tensors = report.steps.map {
      Tensor(
        name: $0.name, shape: $0.shape, before: $0.before, after: $0.after, byteCountBefore: $0.byteCountBefore,
        byteCountAfter: $0.byteCountAfter, isWeighted: $0.isWeighted, reason: $0.reason?.description)
    }
    types = report.types.map { TypeTotal(type: $0.type, tensors: $0.tensorCount, byteCount: $0.byteCount) }
    byteCountBefore = report.byteCountBefore
    byteCountAfter = report.byteCountAfter
    bitsPerWeight = report.bitsPerWeight
    if quantization.importance != nil {
      withoutImportance = report.steps.filter { $0.encoding?.values.hasEncoder == true && !$0.isWeighted }.map(\.name)
    }
  }

  var text: String {
    var text = ""
    for (reason, tensors) in Dictionary(grouping: tensors.filter { $0.reason != nil }, by: { $0.reason ?? "" })
      .sorted(by: { $0.key < $1.key })
    {
      let kinds = Dictionary(grouping: tensors, by: \.after).map { "\($0.value.count) as \($0.key)" }.sorted()
      text += "\(kinds.joined(separator: ", ")): \(Printable.text(reason))\n"
    }
    if let names = withoutImportance, !names.isEmpty {
      text += "\(names.count) without importance: \(names.map { Printable.text($0) }.joined(separator: ", "))\n"
    }
    let width = types.reduce(8) { max($0, $1.type.count + 1) }
    for total in types {
      let share = byteCountAfter > 0 ? 100 * Double(total.byteCount) / Double(byteCountAfter) : 0
      text +=
        Self.padded(total.type, width) + Self.padded("\(total.tensors) tensors", 14)
        + String(format: "%5.1f %%  ", share) + Bytes.text(total.byteCount) + "\n"
    }
    return text + "\(preset): \(Bytes.text(byteCountBefore)) → \(Bytes.text(byteCountAfter)), "
      + String(format: "%.2f", bitsPerWeight) + " bits a weight; \(device)\n"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}

extension QuantizeReport {
  /// Writes a quantized model and reports it: what `quantize` does, and `convert` with a type.
  ///
  /// - Parameter title: what is being done, for the progress.
  static func write(
    _ quantization: ModelQuantization, to output: String, on device: DeviceOption,
    saying title: String, asJSON: Bool
  ) async throws {
    // A form that cannot be is known before anything is opened.
    _ = try quantization.format(at: output)
    let destination = try Destination.open(output, besides: quantization.file)
    let progress = ProgressBar()
    progress.show("opening the device")
    let backend = try device.backend()
    let result = try await quantization.write(to: destination, on: backend) {
      progress.show(title, done: $0.done, of: $0.total)
    }
    progress.clear()
    let report = QuantizeReport(quantization, result, device: backend.deviceName)
    if asJSON { return try Console.json(report) }
    try Console.report(report.text)
  }
}
