import Foundation
import Heddle
import OpenCLRuntime
import Testing

/// No error prints what a file or a caller wrote as it is.
@Suite struct PublicErrorTests {
  /// Errors of several lines: a list, or sources and a log.
  private func hasLines(_ error: any Error) -> Bool {
    switch error {
    case is BuildFailure: return true
    case let error as OpenCLError:
      switch error {
      case .build, .driversNotLoaded, .noDevice, .unknownDevice, .ambiguousDevice, .unknownKernel: return true
      default: return false
      }
    default: return false
    }
  }

  @Test func `no control or format character of a payload is printed`() {
    for error in PublicErrors.all {
      let text = String(describing: error)
      let remains = HostileText.remains(in: text, allowingLines: hasLines(error))
      #expect(remains.isEmpty, "\(type(of: error)): \(text.debugDescription)")
      #expect(!text.contains("title\u{7}"))
    }
  }

  @Test func `nor does a note on a prompt`() {
    #expect(HostileText.remains(in: PromptNote.doubleBOS(token: HostileText.text).description).isEmpty)
  }

  @Test func `a line of a list is one line`() {
    let error = OpenCLError.unknownDevice(query: HostileText.text, available: [HostileText.text, "b"])
    #expect(error.description.split(separator: "\n").count == 3)
  }

  @Test func `every public error type of the sources is tested, and every case that holds something`() throws {
    let declaration = try Regex(#"^\s*public (?:enum|struct) (\w+):[^{]*\bError\b[^{]*\{$"#).anchorsMatchLineEndings()
    let caseName = try Regex(#"(?:\bcase |, )(\w+)\("#)
    var examples: [String: Set<String>] = [:]
    for error in PublicErrors.all {
      let label = Mirror(reflecting: error).children.first?.label
      examples[String(describing: type(of: error)), default: []].insert(label ?? "")
    }
    var found = 0
    for (path, text) in try SourceFiles.library() {
      for match in text.matches(of: declaration) {
        guard let name = match.output[1].substring.map(String.init) else { continue }
        found += 1
        guard let cases = examples[name] else {
          Issue.record("\(path): PublicErrors has no \(name)")
          continue
        }
        let body = text[match.range.upperBound...].prefix { $0 != "}" }
        for line in body.split(separator: "\n") where line.drop(while: { $0 == " " }).hasPrefix("case ") {
          for match in line.matches(of: caseName) {
            let `case` = String(match.output[1].substring ?? "")
            #expect(cases.contains(`case`), "\(path): PublicErrors has no \(name).\(`case`)")
          }
        }
      }
    }
    #expect(found >= 20)
  }

  @Test func `what was made printable stays as it is`() {
    for error in PublicErrors.all where error is TypeError || error is GGUFError {
      let once = String(describing: error)
      #expect(ModelFileError.file(.notFound(path: once)).description.hasPrefix(once))
    }
  }
}
