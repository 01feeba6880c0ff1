import Heddle

/// Every operation, as people read it.
enum OperationTable {
  /// A paragraph an operation, in the order of the list.
  static var text: String {
    Operations.descriptions.map { description in
      let lines =
        description.operands.map { "  \($0.label)  \($0.type)" } + description.members.map { "  \($0.label)" }
      return
        ([
          "\(description.name)(\(description.operands.map(\.label).joined(separator: ", "))) → \(description.result)",
          "  \(description.formula)",
        ] + lines).joined(separator: "\n")
    }.joined(separator: "\n\n") + "\n"
  }

  /// A table a family.
  static var markdown: String {
    var families: [String] = []
    for description in Operations.descriptions where !families.contains(description.family) {
      families.append(description.family)
    }
    return families.map { family in
      let rows = Operations.descriptions.filter { $0.family == family }.map { description in
        let operands = description.operands.map { "\($0.label) `\($0.type)`" }.joined(separator: ", ")
        let members = description.members.map { "`\($0.label)`" }.joined(separator: ", ")
        return "| `\(description.name)` | \(operands) | \(members) | \(description.formula) | `\(description.result)` |"
      }
      return "## \(family)\n\n| operation | operands | members | computes | result |\n|---|---|---|---|---|\n"
        + rows.joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }
}

extension OperandRole {
  /// `bias?`, `operands…`
  fileprivate var label: String { name + (isRepeated ? "…" : isOptional ? "?" : "") }
}

extension OperationMember {
  /// `epsilon: number`, `rightIsTransposed: flag = true`
  fileprivate var label: String {
    let kind =
      switch (choices, members) {
      case (let choices?, _): choices.joined(separator: "|")
      case (_, let members?): "{" + members.map(\.label).joined(separator: ", ") + "}"
      default: self.kind.rawValue
      }
    return "\(name): \(kind)" + (defaultValue.map { " = \($0)" } ?? "")
  }
}
