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
  case macro(Macro)
  case breakLoop
  case continueLoop

  struct Branch: Sendable {
    var condition: TemplateExpression
    var body: [TemplateNode]
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
  }

  struct Loop: Sendable {
    var targets: [String]
    var sequence: TemplateExpression
    var filter: TemplateExpression?
    var body: [TemplateNode]
    var otherwise: [TemplateNode]
  }
}
