import HeddleText
import HeddleTypes

/// In which order the rows of Wq and Wk are: which two of a head turn together.
///
/// GGUF files of llama and its kin have such pairs as neighbours, 2i and 2i + 1; hubs' checkpoints have them in halves, i
/// and i + D/2. A model read from a folder keeps the checkpoint's order, so that nothing is copied, and says so in its
/// metadata; what is written as GGUF has the order that every reader of the format expects, and no such entry.
package enum RotaryPairing {
  /// The metadata entry: `halves`, where a family's files would have neighbours.
  package static let key = "heddle.rotary_pairing"
  static let halves = "halves"

  /// Whether metadata say that pairs are in halves.
  static func isHalves(in metadata: GGUFMetadata) -> Bool {
    guard case .string(let value) = metadata[key] else { return false }
    return value.hasSameBytes(as: halves)
  }

  /// The rows of a tensor in the order of GGUF files; nil for one that has no heads that turn.
  ///
  /// - Throws: ``ModelFileError/notHeads(path:tensor:shape:)`` for rows that are not whole heads.
  static func order(of tensor: String, shape: [Int], in metadata: GGUFMetadata) throws(ModelFileError) -> RowOrder? {
    let heads: Int
    do {
      let architecture = try metadata.string("general.architecture")
      func count(_ name: String, _ fallback: Int? = nil) throws(GGUFError) -> Int {
        try metadata.integer("\(architecture).attention.\(name)", in: 1...(1 << 24), default: fallback)
      }
      switch HubTensorName(tensor).stem {
      case "blk.*.attn_q": heads = try count("head_count")
      case "blk.*.attn_k": heads = try count("head_count_kv", count("head_count"))
      default: return nil
      }
    } catch { throw .gguf(error) }
    guard let order = RowOrder.neighbours(rows: shape.first ?? 0, heads: heads) else {
      throw .notHeads(path: metadata.path, tensor: tensor, shape: shape)
    }
    return order
  }
}
