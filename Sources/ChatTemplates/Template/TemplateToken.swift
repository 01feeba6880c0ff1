/// A piece of a template's source.
struct TemplateToken: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case text([Unicode.Scalar])
    case outputBegin
    case outputEnd
    case statementBegin
    case statementEnd
    case name(String)
    case string(String)
    case integer(Int)
    case float(Double)
    case symbol(String)
    case end
  }

  var kind: Kind
  var line: Int

  /// As it stands in the source, for messages.
  var spelling: String {
    switch kind {
    case .text: "text"
    case .outputBegin: "'{{'"
    case .outputEnd: "'}}'"
    case .statementBegin: "'{%'"
    case .statementEnd: "'%}'"
    case .name(let name), .symbol(let name): "'\(name)'"
    case .string(let value): "the string '\(value.prefix(40))'"
    case .integer(let value): "\(value)"
    case .float(let value): "\(value)"
    case .end: "the end of the template"
    }
  }
}
