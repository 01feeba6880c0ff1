import Foundation
import Heddle
import HeddleText

/// What `prune --json` prints, and its table.
struct PruneReport: Encodable, Sendable {
  struct Tensor: Encodable {
    var name: String
    var shape: [Int]
    var before: String
    var after: String
    var byteCountBefore: Int
    var byteCountAfter: Int
    /// Of ∣x∣; left out for what stays as it was.
    var keptMagnitude: Double?
    /// Why it stays.
    var reason: String?
  }

  var pattern: String
  var device: String
  var tensors: [Tensor]
  var byteCountBefore: Int
  var byteCountAfter: Int
  var keptMagnitude: Double
  /// Of the feed-forward matrices before they were ordered and after, if they were.
  var magnitudeInOrder: [Double]?
  /// With --ratio.
  var measured: PatternReport?
  private var choice: String?

  private enum CodingKeys: CodingKey {
    case pattern, device, tensors, byteCountBefore, byteCountAfter, keptMagnitude, magnitudeInOrder, measured
  }

  init(_ pruning: ModelPruning, _ report: PruningReport, _ choice: PruningTargetOption.Choice, device: String) {
    pattern = pruning.target.description
    self.device = device
    tensors = report.rows.map {
      Tensor(
        name: $0.name, shape: $0.shape, before: $0.before, after: $0.after, byteCountBefore: $0.byteCountBefore,
        byteCountAfter: $0.byteCountAfter, keptMagnitude: $0.magnitude?.share, reason: $0.reason?.description)
    }
    byteCountBefore = report.byteCountBefore
    byteCountAfter = report.byteCountAfter
    keptMagnitude = report.magnitude.share
    if !report.orders.isEmpty {
      let none = KeptMagnitude(kept: 0, total: 0)
      magnitudeInOrder = [
        report.orders.values.map(\.before).reduce(none, +).share,
        report.orders.values.map(\.after).reduce(none, +).share,
      ]
    }
    measured = choice.measured
    if let measured = choice.measured {
      self.choice =
        measured.table()
        + "\n\(measured.chosen.pattern) is taken: the fastest, measured for the shape of \(choice.matrices.measured) of "
        + "\(choice.matrices.all) matrices\n\n"
    }
  }

  var text: String {
    var text = choice ?? ""
    for tensor in tensors {
      guard let kept = tensor.keptMagnitude else { continue }
      text +=
        "\(Printable.text(tensor.name)) \(tensor.before) → \(tensor.after)\(tensor.shape) keeps "
        + "\(Self.percent(kept)) of ∣x∣, \(tensor.byteCountBefore) → \(tensor.byteCountAfter) bytes\n"
    }
    for (reason, tensors) in Dictionary(grouping: tensors.filter { $0.reason != nil }, by: { $0.reason ?? "" })
      .sorted(by: { $0.key < $1.key })
    {
      text += "\(tensors.count) as they are: \(Printable.text(reason))"
      // Norms and the like speak for themselves.
      if reason != ModelPruning.Reason.notPruned.description {
        text += ": " + tensors.map { Printable.text($0.name) }.joined(separator: ", ")
      }
      text += "\n"
    }
    if let order = magnitudeInOrder {
      text += "ordered channels: the feed-forward keeps \(Self.percent(order[0])) → \(Self.percent(order[1])) of ∣x∣\n"
    }
    return text + "\(pattern): keeps \(Self.percent(keptMagnitude)) of ∣x∣ of what is pruned; all tensors "
      + "\(Bytes.text(byteCountBefore)) → \(Bytes.text(byteCountAfter)); \(device)\n"
  }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
