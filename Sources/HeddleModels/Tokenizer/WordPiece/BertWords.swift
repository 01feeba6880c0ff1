/// Text cut into words as BERT does: control characters go, accents and cases if so wished, and each sign and each Chinese
/// character is a word.
///
/// Sources: Devlin et al. 2019, `tokenization.py`; tokenizers, `normalizers/bert.rs`, `pre_tokenizers/bert.rs`.
struct BertWords: Sendable {
  var lowercases: Bool
  var stripsAccents: Bool

  func words(of text: String) -> [[Unicode.Scalar]] {
    var words: [[Unicode.Scalar]] = []
    var word: [Unicode.Scalar] = []
    func end() {
      if !word.isEmpty { words.append(word) }
      word = []
    }
    for scalar in normalized(text) {
      if scalar.properties.isWhitespace {
        end()
      } else if Self.standsAlone(scalar) {
        end()
        words.append([scalar])
      } else {
        word.append(scalar)
      }
    }
    end()
    return words
  }

  private func normalized(_ text: String) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    for scalar in text.unicodeScalars where !Self.isDropped(scalar) {
      // Told apart before their accents go: some have compatibility forms elsewhere.
      scalars += Self.isChinese(scalar) ? [" ", scalar, " "] : [scalar]
    }
    if stripsAccents {
      var plain = String.UnicodeScalarView()
      plain.append(contentsOf: scalars)
      scalars = ComposedText.decomposed(String(plain)).filter {
        !ScalarCategories.nonspacingMark.contains(ScalarCategories(of: $0.value))
      }
    }
    if lowercases { scalars = scalars.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) } }
    return scalars
  }

  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\t", "\n", "\r": false
    case "\u{FFFD}": true
    default: !ScalarCategories(of: scalar.value).isDisjoint(with: .other)
    }
  }

  private static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: !ScalarCategories(of: scalar.value).isDisjoint(with: .punctuation)
    }
  }

  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
