import Foundation
import Heddle
import Synchronization

/// Takes the device's profile of two steps: the first of the prompt, and the second that decodes a token (the first if
/// there is no second).
final class StepRecorder: StepObserver {
  private let promptCount: Int
  private let profiles = Mutex<(prompt: RunProfile?, decode: RunProfile?, decodeSteps: Int)>((nil, nil, 0))

  init(promptCount: Int) { self.promptCount = promptCount }

  func willRun(position: Int) -> Bool { isWanted(position < promptCount) }

  func didRun(position: Int, _ profile: RunProfile) {
    profiles.withLock { if position < promptCount { $0.prompt = profile } else { $0.decode = profile } }
  }

  private func isWanted(_ isPrompt: Bool) -> Bool {
    profiles.withLock { profiles in
      if isPrompt { return profiles.prompt == nil }
      profiles.decodeSteps += 1
      return profiles.decodeSteps <= 2
    }
  }

  var tables: String {
    let (prompt, decode, _) = profiles.withLock { $0 }
    return [("a prompt step", prompt), ("a decode step", decode)].map { name, profile in
      "\n\(name)\n\(profile?.table() ?? "there was none")\n"
    }.joined()
  }

  /// Both steps on one time axis.
  func trace() throws -> Data {
    let (prompt, decode, _) = profiles.withLock { $0 }
    guard var all = prompt ?? decode else { throw CommandError("no step was run, so there is nothing to trace") }
    if prompt != nil, let decode { all.entries += decode.entries }
    return try all.chromeTrace()
  }
}
