/// What attention kernels take beside queries, keys and values: `Kernels/Attention/places.cl`, `selection.cl`, `score_terms.cl` and
/// `sinks.cl`.
struct AttentionArguments {
  /// Of kernels that score keys, in their order.
  private(set) var ofScores: [Argument] = []
  /// Of kernels that give results.
  private(set) var sinks: [Argument] = []
  /// What is no stride or offset.
  private(set) var parameters: [(String, Dimension)] = []
  private let takes: AttentionRoles

  init(_ problem: Problem<Attention>, into encoder: inout Encoder) throws(PlanError) {
    takes = problem.operation.takes
    for name in takes.names {
      let operand = problem[name]
      let view = name == "bias" || name == "selection" ? try encoder.rows(operand) : try encoder.view(operand)
      let argument = Argument.read(name, view, AttentionArguments.strides(name, view))
      if name == "sinks" { sinks.append(argument) } else { ofScores.append(argument) }
    }
    if !takes.positions { parameters.append(("past", problem.operation.past)) }
    let keys = problem["keys"].type
    if takes.sequences {
      parameters.append(("sequence_count", takes.pages ? problem["pages"].type.extent(0) : keys.extent(0)))
    }
    if takes.pages { parameters += [("page_count", keys.extent(0)), ("page_keys", keys.extent(1))] }
    if takes.selection { parameters.append(("selection_words", problem["selection"].type.extent(2))) }
  }

  private static func strides(_ name: String, _ view: TensorView) -> [(String, Dimension)] {
    switch name {
    case "positions", "sequences": [("t", view.stride(0))]
    case "counts": [("s", view.stride(0))]
    case "pages": [("s", view.stride(0)), ("p", view.stride(1))]
    case "selection": [("t", view.stride(0)), ("g", shared(view))]
    case "bias": [("t", view.stride(0)), ("h", shared(view))]
    default: [("h", view.stride(0))]
    }
  }

  /// The stride of heads, which may share one row.
  private static func shared(_ view: TensorView) -> Dimension { view.type.extent(1) == 1 ? 0 : view.stride(1) }

  /// The define of `sinks.cl`.
  var sinkDefines: [String: String] { ["SINKS": takes.sinks ? "1" : "0"] }
}

extension AttentionRoles {
  /// The defines that say which operands a kernel has.
  var defines: [String: String] {
    [
      "POSITIONS": positions, "SEQUENCES": sequences, "COUNTS": counts, "PAGES": pages, "SELECTION": selection,
      "SINKS": sinks, "SLOPES": slopes, "BIAS": bias,
    ].mapValues { $0 ? "1" : "0" }
  }
}
