import HeddleText

/// A program that did not build: all that is needed to see why, and to do it again elsewhere.
public struct BuildFailure: Error, Hashable, Sendable {
  /// The program's name.
  public var program: String
  /// The device's identifier and its driver's version.
  public var device: String
  public var options: [String]
  public var source: String
  /// What the compiler said; may be empty.
  public var log: String
  public var status: OpenCLStatus

  public init(
    program: String, device: String, options: [String], source: String, log: String, status: OpenCLStatus
  ) {
    self.program = program
    self.device = device
    self.options = options
    self.source = source
    self.log = log
    self.status = status
  }

  /// The source with a number before each line, counted as the compiler counts: after `#line 7 "file"` comes line 7.
  public var numberedSource: String {
    var number = 1
    var numbered: [String] = []
    for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
      if let next = Self.lineDirective(line) {
        numbered.append("      | \(line)")
        number = next
      } else {
        numbered.append(String(number).padded(to: 5) + " | \(line)")
        number = number &+ 1
      }
    }
    return numbered.joined(separator: "\n")
  }

  /// The number a `#line` directive gives to the line after it.
  static func lineDirective(_ line: Substring) -> Int? {
    let words = line.drop { $0 == " " || $0 == "\t" }.split { $0 == " " || $0 == "\t" }
    guard let first = words.first else { return nil }
    if first == "#line" { return words.dropFirst().first.flatMap { Int($0) } }
    if first == "#", words.dropFirst().first == "line" { return words.dropFirst(2).first.flatMap { Int($0) } }
    return nil
  }
}

extension BuildFailure: CustomStringConvertible {
  /// Several lines: the program, its numbered source and the compiler's log.
  public var description: String {
    """
    the program '\(Printable.text(program))' did not build: \(status)
    device: \(Printable.text(device))
    options: \(options.isEmpty ? "none" : Printable.text(options.joined(separator: " ")))
    source:
    \(Printable.lines(numberedSource))
    log:
    \(log.isEmpty ? "the driver gave none" : Printable.lines(log))
    """
  }
}

extension BuildFailure: HeddleError {
  public var kind: ErrorKind { .deviceFailed }
}
