import ArgumentParser

/// Numbers of tokens: `0,512,4096`.
struct TokenCounts {
  var counts: [Int]

  init(_ counts: [Int]) { self.counts = counts }

  init(_ text: String) throws {
    counts = try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let count = Int(part), (0...Int(Int32.max)).contains(count) else {
        throw ValidationError("'\(part)' is no number of tokens; numbers are parted by commas, as in 0,512")
      }
      return count
    }
  }
}
