import HeddleTypes
import Testing
import _KernelCases

/// Indices of `N:M` rows are looked up a byte at a time: judged here one after the other.
@Suite struct SparseRowIndexTests {
  @Test(arguments: ["1:4", "2:4", "1:8", "2:8", "4:8", "2:16", "4:16", "8:16"])
  func `indices are sound when each is in range and above the last`(name: String) throws {
    let pattern = try #require(SparsityPattern(name: name))
    guard case .perRow(let kept, let size) = pattern.kind else { return }
    let layout = try SparseLayout(SparseFormat(pattern, .float16), shape: [1, 32])
    var random = SplitMix64(seed: 3)
    var counts = (sound: 0, spoiled: 0)
    for round in 0..<4000 {
      // Sound ones of each kind, then one index of them changed.
      var indices = (0..<32 / size).flatMap { _ in
        Array((0..<size).shuffled(using: &random).prefix(kept)).sorted()
      }
      if round % 2 == 1 {
        indices[Int.random(in: indices.indices, using: &random)] = Int.random(
          in: 0..<1 << pattern.indexBits, using: &random)
      }
      let isSound = indices.enumerated().allSatisfy { place, index in
        index < size && (place % kept == 0 || index > indices[place - 1])
      }
      if isSound { counts.sound += 1 } else { counts.spoiled += 1 }
      var bytes = [UInt8](repeating: 0, count: layout.byteCount)
      for (place, index) in indices.enumerated() {
        let bit = place * pattern.indexBits
        bytes[bit / 8] |= UInt8(index << (bit % 8))
      }
      let tensor = try Tensor(encoding: .sparse(layout.format), shape: [1, 32], bytes: bytes)
      #expect(((try? tensor.validate()) != nil) == isSound, "\(indices)")
    }
    #expect(counts.sound > 1000 && (counts.spoiled > 500 || size == 4 && kept == 1))
  }
}
