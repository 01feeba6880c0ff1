import Foundation
import HeddleGraph
import HeddleReference
import Testing
import _KernelCases

/// Whatever the bytes are: a typed error, or as many places in each span as the pattern says.
@Suite struct SparseFuzzTests {
  private static let rounds = ProcessInfo.processInfo.environment["HEDDLE_CAMPAIGN"] == nil ? 20_000 : 100_000

  @Test(arguments: try ValidSparseTensor.all()) func `random bytes give a tensor or an error`(
    valid: ValidSparseTensor
  ) throws {
    var random = SplitMix64(seed: 11)
    var (accepted, refused) = (0, 0)
    for round in 0..<Self.rounds {
      var bytes = valid.bytes
      switch round % 4 {
      case 0:  // A few bits anywhere.
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
      case 1:  // One of the bytes that say what is kept.
        let range = valid.layout.indices.isEmpty ? valid.layout.values : valid.layout.indices
        bytes[Int.random(in: range, using: &random)] = UInt8.random(in: 0...8, using: &random)
      case 2:  // Everything, of another length now and then.
        let count = Int.random(in: 0...4, using: &random) == 0 ? Int.random(in: 0...600, using: &random) : bytes.count
        bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      default:  // All indices, small numbers.
        for place in valid.layout.indices {
          bytes[place] = place % 4 == 0 ? UInt8.random(in: 0...6, using: &random) : 0
        }
      }
      do throws(TypeError) {
        let values = try decode(bytes, valid.layout)
        let kept = try keptPlaces(bytes, valid.layout)
        #expect(values.count == valid.layout.rows * valid.layout.inputs)
        expectCounts(kept, valid.layout)
        accepted += 1
      } catch {
        guard bytes.count == valid.layout.byteCount else {
          guard case .wrongByteCount = error else { throw error }
          continue
        }
        guard case .invalidSparseData(valid.format, _) = error else { throw error }
        refused += 1
      }
    }
    #expect(accepted > Self.rounds / 100 && refused > Self.rounds / 100, "\(accepted) accepted, \(refused) refused")
  }

  private func decode(_ bytes: [UInt8], _ layout: SparseLayout) throws(TypeError) -> [Float] {
    try bytes.withUnsafeBytes { bytes in Result { () throws(TypeError) in try layout.decode(bytes) } }.get()
  }

  private func keptPlaces(_ bytes: [UInt8], _ layout: SparseLayout) throws(TypeError) -> [Bool] {
    try bytes.withUnsafeBytes { bytes in Result { () throws(TypeError) in try layout.keptPlaces(bytes) } }.get()
  }

  private func expectCounts(_ kept: [Bool], _ layout: SparseLayout) {
    let pattern = layout.format.pattern
    let count = kept.count { $0 }
    if case .block(let side, _) = pattern.kind {
      #expect(count == layout.keptBlocks * side * side)
    } else {
      #expect(count == layout.rows * layout.spans * pattern.keptPerSpan)
    }
  }
}
