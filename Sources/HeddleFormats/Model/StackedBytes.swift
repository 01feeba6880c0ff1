import HeddleText
import HeddleTypes

/// The bytes of parts of one size, one after the other. Nothing is kept: all of them are a copy, and those of one part the part's.
struct StackedBytes: ConstantProvider {
  let parts: [any ConstantProvider]
  let partByteCount: Int
  var byteCount: Int { parts.count &* partByteCount }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try parts.flatMap { $0.withBytes { Array($0) } }.withUnsafeBytes(body)
  }

  func withBytes<Result>(
    in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let first = range.lowerBound.divided(by: partByteCount)
    let last = (range.upperBound &- 1).divided(by: partByteCount)
    func inPart(_ number: Int) -> Range<Int> {
      let start = number &* partByteCount
      return Range(
        from: max(range.lowerBound, start) &- start,
        count: min(range.upperBound, start &+ partByteCount) &- max(range.lowerBound, start))
    }
    if first == last, let part = parts[at: first] { return try part.withBytes(in: inPart(first), body) }
    var bytes: [UInt8] = []
    for number in first..<max(first, last &+ 1) {
      bytes += try parts[at: number]?.withBytes(in: inPart(number)) { Array($0) } ?? []
    }
    return try bytes.withUnsafeBytes(body)
  }
}
