import HeddleText

/// The tokens that are put before and behind a text: what `post_processor` of a `tokenizer.json` says.
struct TextFrame {
  /// What is put before; nil for nothing.
  var first: String?
  /// What is put behind; nil for nothing.
  var last: String?

  /// Nil if the file says nothing of it.
  init?(_ json: TokenizerJSON) throws(HubTokenizerDefect) {
    guard let processor = json.fields["post_processor"], !processor.isNull else { return nil }
    for step in processor["processors"]?.array ?? [processor] {
      switch step["type"]?.string {
      case "ByteLevel": continue
      case "TemplateProcessing": try read(step["single"]?.array ?? [])
      case "BertProcessing", "RobertaProcessing":
        first = step["cls"]?.array?.first?.string
        last = step["sep"]?.array?.first?.string
      case let type:
        throw .unsupportedOption(
          "post_processor", value: quoted(type ?? "a step without a type"),
          supported: "'ByteLevel', 'TemplateProcessing', 'BertProcessing', 'RobertaProcessing'")
      }
    }
  }

  private mutating func read(_ template: [JSONValue]) throws(HubTokenizerDefect) {
    var isBehind = false
    for part in template {
      guard let token = part["SpecialToken"]?["id"]?.string else {
        isBehind = true
        continue
      }
      guard (isBehind ? last : first) == nil else {
        throw .unsupportedOption(
          "post_processor", value: "a template with several tokens on a side", supported: "one before, one behind")
      }
      if isBehind { last = token } else { first = token }
    }
  }
}
