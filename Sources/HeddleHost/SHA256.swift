import HeddleText

/// SHA-256 (FIPS 180-4) of bytes given piece by piece.
///
/// A library could do this; swift-crypto would more than double the time of every user's first build, for one checksum
/// of a cache that only has to notice damage.
package struct SHA256 {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  package init() {}

  private static let blockBytes = 64
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]

  package mutating func update(_ bytes: some Sequence<UInt8>) {
    pending.append(contentsOf: bytes)
    let whole = pending.count / Self.blockBytes * Self.blockBytes
    byteCount &+= UInt64(whole)
    var schedule = [UInt32](repeating: 0, count: 64)
    pending.withUnsafeBufferPointer { bytes in
      for start in stride(from: 0, to: whole, by: Self.blockBytes) {
        compress(UnsafeBufferPointer(rebasing: bytes.part(from: start, to: start &+ Self.blockBytes)), &schedule)
      }
    }
    pending = Array(pending.part(from: whole))
  }

  /// The digest: 32 bytes.
  package consuming func finalize() -> [UInt8] {
    let bits = (byteCount &+ UInt64(pending.count)) &* 8
    let padding = (Self.blockBytes &* 2 &- 9 &- pending.count) % Self.blockBytes
    // Traps: never (clamped-count).
    update([0x80] + [UInt8](filled: 0, count: padding) + withUnsafeBytes(of: bits.bigEndian, Array.init))
    return state.flatMap { word in withUnsafeBytes(of: word.bigEndian, Array.init) }
  }

  // Traps: never (words-of-a-block).
  private mutating func compress(_ block: UnsafeBufferPointer<UInt8>, _ w: inout [UInt32]) {
    func rotated(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
    for i in 0..<16 {
      w[i] =
        UInt32(block[4 * i]) << 24 | UInt32(block[4 * i + 1]) << 16 | UInt32(block[4 * i + 2]) << 8
        | UInt32(block[4 * i + 3])
    }
    for i in 16..<64 {
      let small0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3
      let small1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10
      w[i] = w[i - 16] &+ small0 &+ w[i - 7] &+ small1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for i in 0..<64 {
      let large1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      let first = h &+ large1 &+ (e & f ^ ~e & g) &+ Self.constants[i] &+ w[i]
      let large0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      let second = large0 &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
    }
    for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] = state[index] &+ value }
  }

  /// The digest of these parts, each with its length, so that no two lists of parts give the same bytes.
  package static func digest(of parts: [String]) -> [UInt8] {
    var hash = SHA256()
    for part in parts { hash.update("\(part.utf8.count):\(part)".utf8) }
    return hash.finalize()
  }

  package static func hexadecimal(_ digest: [UInt8]) -> String {
    digest.map { String($0, radix: 16).padded(to: 2, with: "0") }.joined()
  }
}
