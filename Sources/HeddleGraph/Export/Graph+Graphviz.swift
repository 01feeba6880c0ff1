import HeddleText

extension Graph {
  /// The graph in Graphviz's `dot` language: a box an operation, an arrow a value with its type.
  public func graphviz() -> String {
    var lines = ["digraph heddle {", "  rankdir=TB;", "  node [shape=box, fontname=\"sans-serif\"];"]
    for (index, node) in nodes.enumerated() {
      let names = [node.operation.name, origin(of: index).label].compactMap { $0 }
      let label = names.map(Graph.escaped).joined(separator: "\\n")
      let style =
        switch effect(of: node) {
        case .leaf(.constant): ", style=filled, fillcolor=\"#eeeeee\""
        case .leaf: ", style=filled, fillcolor=\"#ddeeff\""
        default: ""
        }
      lines.append("  n\(index) [label=\"\(label)\"\(style)];")
      for operand in node.operands {
        lines.append("  n\(operand.node) -> n\(index) [label=\"\(typeLabel(operand))\", fontsize=9];")
      }
    }
    for (prefix, named) in outputs.map({ ("output", $0) }) + stateUpdates.map({ ("state", $0) }) {
      let id = "\"\(prefix) \(Graph.escaped(named.name))\""
      lines.append("  \(id) [shape=ellipse];")
      lines.append("  n\(named.value.node) -> \(id) [label=\"\(typeLabel(named.value))\", fontsize=9];")
    }
    lines.append("}")
    return lines.joined(separator: "\n") + "\n"
  }

  private func typeLabel(_ value: ValueID) -> String { Graph.escaped(type(of: value).description) }

  /// Text between quotes, scalar by scalar: a mark that follows a quote makes a character of its own with it.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where Character(scalar).isNewline: result += " "
      default:
        let shown = Printable.text(String(scalar))
        result += shown.hasPrefix("\\") ? "\\" + shown : shown
      }
    }
    return result
  }
}
