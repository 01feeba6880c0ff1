import HeddleText

/// Tokens known by their spelling to end an answer. A file names one end of sequence at most, and often not the one its
/// chat template writes: without this an answer runs on into the turns after it.
///
/// A token spelled so is an end if it is control, user-defined or unknown, or if no merge makes it: then no text can
/// contain it by accident, whatever type the file gives it. Source: llama.cpp, `src/llama-vocab.cpp`, end-of-generation
/// tokens, and further spellings of the same.
enum EndTokens {
  private static let spellings: NameSet = [
    "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>", "<|return|>", "<|call|>",
    "<|calls|>", "<|flush|>", "<end_of_turn>", "<turn|>", "<|tool_response>", "<end_of_utterance>", "</s>", "<eos>",
    "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<｜end▁of▁sentence｜>", "[e~[", "<|end_of_turn|>", "<|eot|>", "<|eom|>",
    // After these a code model goes on with another file.
    "<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<reponame>",
    "<|file_sep|>",
  ]

  /// The ids of such tokens.
  static func ids(_ description: TokenizerDescription) -> Set<Int> {
    var found: NameTable<[Int]> = [:]
    for (id, token) in description.tokens.enumerated() {
      guard let first = token.utf8.first, "<[_".utf8.contains(first), spellings.contains(token) else { continue }
      found[token, default: []].append(id)
    }
    // Where these are, a turn has several messages, and this one ends a message that another may follow.
    for (first, second) in [("<|return|>", "<|call|>"), ("<|calls|>", "<|flush|>")]
    where found[first] != nil && found[second] != nil { found["<|end|>"] = nil }

    var ids: Set<Int> = []
    var doubtful: NameTable<[Int]> = [:]
    for (token, places) in found {
      for id in places {
        if isSpecial(id, description) { ids.insert(id) } else { doubtful[token, default: []].append(id) }
      }
    }
    if !doubtful.isEmpty {
      for merge in description.merges where merge.utf8.last.map({ ">[]".utf8.contains($0) }) == true {
        doubtful[merge.filter { $0 != " " }] = nil
      }
    }
    return ids.union(doubtful.values.joined())
  }

  private static func isSpecial(_ id: Int, _ description: TokenizerDescription) -> Bool {
    guard description.tokenTypes.indices.contains(id) else { return false }
    return TokenKind(rawValue: description.tokenTypes[id])?.isSpecial == true
  }
}
