extension Codebook {
  /// `kvalues_iq4nl`: the levels themselves, of eight bits in two's complement; level q is code `q % 4` of entry `q / 4`.
  package static let iq4_nl = Codebook(
    "iq4_nl", codesPerEntry: 4, bitsPerCode: 8,
    [
      0xBFAD9881, 0xF6EADDCF, 0x26190D01, 0x71594535,
    ])
}
