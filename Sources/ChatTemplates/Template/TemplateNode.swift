/// A statement of a template, or text between statements.
indirect enum TemplateNode: Sendable {
  case text(TemplateString)
  case output(TemplateExpression)
  case choice([Branch], otherwise: [TemplateNode])
  case loop(Loop)
  case set(targets: [String], TemplateExpression)
  case setAttribute(of: String, name: String, TemplateExpression)
  /// `{% set name %}…{% endset %}`
  case capture(name: String, [TemplateNode])
  /// `{% with name = value %}…{% endwith %}`, and blocks whose names are their own.
  case scope([Binding], [TemplateNode])
  case macro(Macro)
  /// `{% call(parameters) macro() %}body{% endcall %}`: the body is the macro's `caller`.
  case call(Macro, TemplateExpression)
  case breakLoop
  case continueLoop

  struct Branch: Sendable {
    var condition: TemplateExpression
    var body: [TemplateNode]
  }

  struct Binding: Sendable {
    var name: String
    var value: TemplateExpression
  }

  struct Macro: Sendable {
    struct Parameter: Sendable {
      var name: String
      /// What it is if the call does not say.
      var fallback: TemplateExpression?
    }

    var name: String
    var parameters: [Parameter]
    var body: [TemplateNode]
    /// Whether the body reads `varargs` or `kwargs`, and so takes arguments that no parameter is for.
    var takesMore = false
    var takesMoreNamed = false
  }

  struct Loop: Sendable {
    var targets: [String]
    var sequence: TemplateExpression
    var filter: TemplateExpression?
    var body: [TemplateNode]
    var otherwise: [TemplateNode]
    /// Whether the body may call `loop(…)` for what is inside an item.
    var isRecursive = false
  }
}
