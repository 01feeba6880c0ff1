import ChatTemplates

extension RenderedRun {
  /// A stretch of bytes, from the end of the one before, and who wrote it.
  struct Trust {
    var end: Int
    var isTrusted: Bool
  }

  /// The bytes of the whole text, and who wrote which of them; neighbours differ.
  static func bytes(of runs: [RenderedRun]) -> (text: [UInt8], trust: [Trust]) {
    var text: [UInt8] = []
    var trust: [Trust] = []
    for run in runs where !run.text.isEmpty {
      text.append(contentsOf: run.text.utf8)
      if trust.last?.isTrusted == run.isTrusted { _ = trust.popLast() }
      trust.append(Trust(end: text.count, isTrusted: run.isTrusted))
    }
    return (text, trust)
  }
}
