/// The algorithms of tokenizers by the name that GGUF files give them, and what holds where a file does not say.
///
/// Source of the defaults: llama.cpp, `src/llama-vocab.cpp`.
enum TokenizerModel: String, CaseIterable, Sendable {
  case bytePairs = "gpt2"
  case sentencePiece = "llama"
  case markedBytePairs = "gemma4"
  case unigram = "t5"
  case wordPiece = "bert"
  case rwkv
  case plamo = "plamo2"
  case spacedBytePairs = "whitespace"
  case geneticBytePairs = "hybriddna"

  var algorithm: String {
    switch self {
    case .bytePairs: "byte-level BPE"
    case .sentencePiece: "SentencePiece BPE"
    case .markedBytePairs: "BPE with byte fallback"
    case .unigram: "SentencePiece Unigram"
    case .wordPiece: "WordPiece"
    case .rwkv: "longest match"
    case .plamo: "Unigram of whole scores"
    case .spacedBytePairs: "BPE of words without spaces"
    case .geneticBytePairs: "byte-level BPE and genetic sequences"
    }
  }

  /// The rules for words, which the file names for byte-level BPE alone; nil for a name that nobody taught us.
  func pretokenizer(named name: String) -> Pretokenizer? {
    switch self {
    case .bytePairs, .spacedBytePairs, .geneticBytePairs: Pretokenizer(name: name)
    case .markedBytePairs: Pretokenizer(name: "gemma4")
    case .sentencePiece, .unigram, .wordPiece, .rwkv, .plamo: .uncut
    }
  }

  /// Whether it asks a vocabulary for the token of some bytes; others have tries of their own.
  var looksUpTokens: Bool {
    switch self {
    case .bytePairs, .markedBytePairs, .sentencePiece, .spacedBytePairs, .geneticBytePairs: true
    case .unigram, .wordPiece, .rwkv, .plamo: false
    }
  }

  /// - Parameter pretokenizer: some of byte-level BPE's work on text with marked spaces instead.
  func spelling(_ pretokenizer: Pretokenizer) -> TokenSpelling {
    switch self {
    case .bytePairs, .spacedBytePairs, .geneticBytePairs:
      pretokenizer.traits.contains(.markedSpaces) ? .markedSpaces : .byteAlphabet
    case .plamo: .text
    case .sentencePiece, .markedBytePairs, .unigram: .markedSpaces
    case .wordPiece: .markedWords
    case .rwkv: .escapes
    }
  }

  /// Whether a space is put before a text.
  var addsSpacePrefix: Bool { self == .sentencePiece || self == .unigram }

  /// Whether a sequence begins with the BOS token, and ends with the EOS token.
  func addsBOS(_ pretokenizer: Pretokenizer) -> Bool {
    switch self {
    case .bytePairs, .markedBytePairs, .spacedBytePairs, .geneticBytePairs: pretokenizer.traits.contains(.bos)
    case .sentencePiece, .wordPiece: true
    case .unigram, .rwkv, .plamo: false
    }
  }

  var addsEOS: Bool { self == .unigram || self == .wordPiece }

  /// What special tokens are where a file with such a vocabulary names none.
  var specialIDs: (bos: Int?, eos: Int?, unknown: Int?, separator: Int?) {
    switch self {
    case .bytePairs, .markedBytePairs, .spacedBytePairs, .geneticBytePairs, .rwkv: (nil, nil, nil, nil)
    case .sentencePiece, .plamo: (1, 2, 0, nil)
    case .unigram: (nil, 1, 2, nil)
    case .wordPiece: (101, nil, 100, 102)
    }
  }
}
