/// What a file is by its first bytes, for messages about files that are not what they should be.
enum FileDiagnosis {
  /// The files most often mistaken for models.
  static func text(_ found: [UInt8], expected: String) -> String {
    switch String(decoding: found.prefix(4), as: UTF8.self) {
    case "lmgg", "fmgg", "tjgg", "algg": "it is of GGML's older format, which GGUF replaced; convert it"
    case "vers": "it looks like a Git LFS pointer; fetch the file itself with 'git lfs pull'"
    case "<!DO", "<htm": "it looks like a web page, as servers send instead of a download"
    case "PK\u{3}\u{4}": "it looks like a ZIP archive"
    default:
      "it begins with the bytes \(found.map(hexadecimal).joined(separator: " ")), not with \(expected)"
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
