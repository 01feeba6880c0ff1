import Foundation
import HeddleGraph
import HeddleText

/// What an attention's operands say of each query: its position, the keys that it sees and where they lie, and what is added to
/// their scores. The oracle's own reading of ``AttentionRoles``.
package struct AttentionPlaces {
  private let operation: Attention
  private let past: Int
  private let integers: NameTable<[Int]>
  private let floats: NameTable<[Float]>
  private let shapes: NameTable<[Int]>
  /// Keys that a sequence may have.
  package let keysPerSequence: Int
  private let rowsPerPage: Int
  private let pageCount: Int

  package init(_ operation: Attention, _ operands: [Tensor], past: Int) throws {
    self.operation = operation
    self.past = past
    var (integers, floats, shapes): (NameTable<[Int]>, NameTable<[Float]>, NameTable<[Int]>) = ([:], [:], [:])
    for (name, tensor) in zip(operation.takes.names, operands.dropFirst(operation.cacheOperandCount)) {
      shapes[name] = tensor.shape
      if tensor.encoding == .int32 {
        integers[name] = try tensor.integers().map { Int($0) }
      } else {
        floats[name] = try tensor.floats()
      }
    }
    (self.integers, self.floats, self.shapes) = (integers, floats, shapes)
    rowsPerPage = operands[1].shape[operands[1].shape.count - 3]
    pageCount = operation.takes.isPlural ? operands[1].shape[0] : 1
    keysPerSequence = rowsPerPage * (shapes["pages"]?[1] ?? 1)
  }

  private func position(_ token: Int) -> Int { integers["positions"]?[token] ?? past + token }

  /// The keys that a token of a group of heads sees, and their rows among all of the cache.
  package func seen(by token: Int, group: Int) -> [(key: Int, row: Int)] {
    let position = position(token)
    let sequence = integers["sequences"]?[token] ?? 0
    let sequences = shapes["pages"]?[0] ?? pageCount
    guard position >= 0, (0..<sequences).contains(sequence) else { return [] }
    let count = min(integers["counts"]?[sequence] ?? keysPerSequence, keysPerSequence)
    guard count > 0 else { return [] }
    return (0..<count).compactMap { key in
      guard operation.mask.sees(query: position, key: key, isSelected: isSelected(key, token, group)) else {
        return nil
      }
      guard let pages = integers["pages"] else { return (key, sequence * rowsPerPage + key) }
      let page = pages[sequence * (keysPerSequence / rowsPerPage) + key / rowsPerPage]
      return (0..<pageCount).contains(page) ? (key, page * rowsPerPage + key % rowsPerPage) : nil
    }
  }

  private func isSelected(_ key: Int, _ token: Int, _ group: Int) -> Bool {
    guard let words = integers["selection"], let shape = shapes["selection"] else { return false }
    let word = words[(token * shape[1] + (shape[1] == 1 ? 0 : group)) * shape[2] + key / 32]
    return word >> (key % 32) & 1 == 1
  }

  /// What is added to a capped score, term by term.
  package func terms(token: Int, head: Int, key: Int) -> [Double] {
    var terms: [Double] = []
    if let bias = floats["bias"], let shape = shapes["bias"] {
      terms.append(Double(bias[(token * shape[1] + (shape[1] == 1 ? 0 : head)) * shape[2] + key]))
    }
    if let slopes = floats["slopes"] { terms.append(-Double(slopes[head]) * Double(abs(position(token) - key))) }
    return terms
  }

  /// The score of a head's sink.
  package func sink(_ head: Int) -> Double? { floats["sinks"].map { Double($0[head]) } }
}
