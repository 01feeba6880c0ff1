import HeddleText

/// At each place the longest token, from left to right, as RWKV's tokenizer has it. A byte that begins none is left out.
struct LongestMatchEncoder: TextEncoder {
  private let trie: ByteTrie

  init(_ vocabulary: Vocabulary) { trie = ByteTrie(vocabulary) { !$1.isSpecial } }

  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
    var start = 0
    while start < text.count {
      guard let (id, end) = trie.longestMatch(in: text, from: start) else {
        start &+= 1
        continue
      }
      ids.append(Int(id))
      start = end
    }
  }
}
