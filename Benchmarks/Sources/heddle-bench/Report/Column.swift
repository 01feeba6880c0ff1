/// A column of the tables that only some runs need.
struct Column {
  let title: String
  /// What it says, in a sentence.
  let meaning: String
  let cell: (Row) -> String?

  /// Those in which some row has something to say. Times are shown where they are compared with another's.
  static func shown(for rows: [Row]) -> [Column] {
    let isTimed = rows.contains { $0.reference != nil }
    return all(isTimed: isTimed).filter { column in rows.contains { column.cell($0) != nil } }
  }

  private static func all(isTimed: Bool) -> [Column] {
    [
      Column(title: "kept", meaning: "GFLOP/s of what is kept, what % limit counts") { $0.keptRate?.short },
      Column(title: "µs", meaning: "a call") { isTimed ? (1e6 * $0.seconds).short : nil },
      Column(title: "time", meaning: "as a part of our own dense product's, measured in the same turns") {
        $0.timePart?.short
      },
      Column(title: "bytes", meaning: "as a part of the dense product's") { $0.bytesPart?.short },
      Column(title: "time/bytes", meaning: "at most 1 where time is proportional to bytes") {
        $0.timeToBytes?.short
      },
    ]
  }
}
