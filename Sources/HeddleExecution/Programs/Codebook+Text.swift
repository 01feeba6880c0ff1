import HeddleText
import HeddleTypes

extension Codebook {
  /// The file that programs include: `Codebooks/iq2_xxs.cl`.
  var path: String { "Codebooks/\(name).cl" }

  /// The table in constant memory: `static __constant ushort iq2_xxs_codebook[256] = {0x0000, …};`.
  var text: String {
    let digits = 2 &* entryByteCount
    let words = entries.map { "0x" + String($0, radix: 16, uppercase: true).padded(to: digits, with: "0") }
    let rows = stride(from: 0, to: words.count, by: 12).map {
      "    " + words.part(from: $0, to: $0 &+ 12).joined(separator: ", ") + ",\n"
    }
    let type = entryByteCount == 2 ? "ushort" : "uint"
    return "static __constant \(type) \(name)_codebook[\(words.count)] = {\n\(rows.joined())};\n"
  }
}
