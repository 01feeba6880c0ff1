import Heddle
import HeddleText

extension Console {
  /// Passes on what is odd about a prompt, a line each.
  static func warn(_ notes: [PromptNote]) {
    for note in notes { error("warning: \(Printable.text(note.description))\n") }
  }
}
