import ArgumentParser

/// A number of bytes as an option takes it: `1500000`, `750MB`, `1.5GiB`.
struct ByteCount: ExpressibleByArgument {
  var bytes: Int

  /// What a unit stands for; a letter alone is a power of 1024.
  private static let units = [
    ("KIB", 1 << 10), ("MIB", 1 << 20), ("GIB", 1 << 30), ("TIB", 1 << 40), ("KB", 1_000), ("MB", 1_000_000),
    ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40),
    ("B", 1),
  ]

  init?(argument: String) {
    let text = Arguments.text(argument).uppercased()
    let unit = Self.units.first { text.hasSuffix($0.0) } ?? ("", 1)
    guard let number = Double(text.dropLast(unit.0.count)), number.isFinite, number >= 0,
      number * Double(unit.1) < Double(Int.max)
    else { return nil }
    bytes = Int(number * Double(unit.1))
  }
}
