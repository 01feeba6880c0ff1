import TestSupport

/// Small sound inputs with one byte set to another value: every fourth byte to some values, in the campaign every byte to all.
enum ByteSweep {
  /// The inputs made of all seeds, each given to `body`; and how many they were.
  ///
  /// - Parameter free: bytes at the end of each seed that may be anything: its data.
  static func run(_ seeds: [(bytes: [UInt8], free: Int)], _ body: ([UInt8]) -> Void) -> Int {
    var count = 0
    for (seed, free) in seeds {
      for index in seed.indices.dropLast(free) where TestDevices.isCampaign || index % 4 == 0 {
        var bytes = seed
        for value in values(insteadOf: seed[index]) {
          bytes[index] = value
          body(bytes)
          count += 1
        }
      }
    }
    return count
  }

  /// What a campaign must reach, and the share of it that the short form has.
  static func isEnough(_ count: Int) -> Bool { count >= (TestDevices.isCampaign ? 200_000 : 1_000) }

  /// The least, the greatest, one more, one less, the sign flipped, all bits flipped.
  private static func values(insteadOf byte: UInt8) -> [UInt8] {
    let chosen = [0, 0xff, byte &+ 1, byte &- 1, byte ^ 0x80, ~byte]
    return (0...255).filter { $0 != byte && (TestDevices.isCampaign || chosen.contains($0)) }
  }
}
